/**
 * Small comforts for pages and forms. Everything works without this file.
 *
 *   form[data-submit-once]   a second tap on the button sends nothing
 *   a[data-confirm]          the confirmation page it leads to opens as a dialog
 *   [data-stepper="10"]      − and + buttons around a number field, in steps of 10
 *   [data-slider-max="1000"] a slider under a number field, in steps of data-slider-step
 *   [data-error-summary]     takes the focus when the page comes back with errors
 *   details[data-menu]       closes on Escape and on a click beside it
 *   #messages                says so when a part of the page could not be fetched
 *
 * Listens on the document, so that parts swapped in by htmx need no setting up.
 */

const SENDING = "sending";

function setBusy(form, isBusy) {
  form.toggleAttribute(`data-${SENDING}`, isBusy);
  for (const button of form.querySelectorAll('button[type="submit"]')) {
    // aria-disabled, not disabled: a disabled button would drop its name and value from what is sent.
    if (isBusy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function sendOnce(event) {
  const form = event.target.closest("form[data-submit-once]");
  if (!form || event.defaultPrevented) return;
  if (form.hasAttribute(`data-${SENDING}`)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  // After this event, so that the browser and htmx have read the form first.
  queueMicrotask(() => setBusy(form, true));
}

function release(root) {
  for (const form of root.querySelectorAll(`form[data-${SENDING}]`)) setBusy(form, false);
}

/* Confirmation */

function buildDialog(body) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const title = body.querySelector("h1");
  title.id = "dialog-title";
  body.setAttribute("aria-labelledby", title.id);
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(body);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-dialog-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  return dialog;
}

async function openConfirmation(link) {
  const response = await fetch(link.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const body = page.querySelector("[data-confirm-body]");
  // A redirect to sign-in, or an error page: show it whole instead of guessing.
  if (!response.ok || !body) throw new Error(`No question to ask at ${link.href}`);
  const dialog = buildDialog(document.adoptNode(body));
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("[data-dialog-close]")?.focus();
}

function confirmFirst(event) {
  const link = event.target.closest("a[data-confirm]");
  const wantsOtherWindow = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey;
  if (!link || wantsOtherWindow || typeof HTMLDialogElement === "undefined") return;
  event.preventDefault();
  openConfirmation(link).catch(() => window.location.assign(link.href));
}

/* Steppers */

const locale = document.documentElement.lang || "sv";

function readNumber(text) {
  const plain = text.replace(/[\s\u00a0\u202f]/g, "");
  // In English the comma parts thousands; in Swedish it is the decimal sign.
  const number = Number(locale.startsWith("en") ? plain.replaceAll(",", "") : plain.replace(",", "."));
  return Number.isFinite(number) ? number : 0;
}

function stepBy(input, step) {
  const current = readNumber(input.value);
  // Up or down to the next whole multiple, so that 43 kg in 10 kg boxes becomes 50 or 40.
  const size = Math.abs(step);
  const next = step > 0 ? Math.floor(current / size + 1) * size : Math.ceil(current / size - 1) * size;
  const rounded = Math.round(Math.max(next, 0) * 1000) / 1000;
  input.value = input.type === "number" ? String(rounded) : rounded.toLocaleString(locale, { useGrouping: false });
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function stepperButton(sign, label, input, step) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "stepper-button";
  button.textContent = sign;
  button.setAttribute("aria-label", `${label}: ${input.labels?.[0]?.textContent.trim() ?? ""}`);
  button.addEventListener("click", () => stepBy(input, step));
  return button;
}

function addSteppers(root) {
  for (const box of root.querySelectorAll("[data-stepper]:not([data-ready])")) {
    const input = box.querySelector("input");
    const step = Number(box.dataset.stepper);
    if (!input || !(step > 0)) continue;
    box.dataset.ready = "";
    input.before(stepperButton("−", box.dataset.less, input, -step));
    input.after(stepperButton("+", box.dataset.more, input, step));
  }
}

/* Sliders */

function addSliders(root) {
  for (const input of root.querySelectorAll("input[data-slider-max]:not([data-ready])")) {
    input.dataset.ready = "";
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: input.dataset.sliderStep, max: input.dataset.sliderMax, step: input.dataset.sliderStep });
    slider.value = String(readNumber(input.value));
    slider.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
    slider.addEventListener("input", () => { input.value = slider.value; });
    // The field speaks for both: its own change is what filters hear.
    slider.addEventListener("change", (event) => {
      event.stopPropagation();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", () => { slider.value = String(readNumber(input.value)); });
    (input.closest(".affix") ?? input).after(slider);
  }
}

/* The account menu, and the places that the bar has no room for */

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) closeMenu(menu, event);
}

function closeMenu(menu, event) {
  if (event.type === "click" && menu.contains(event.target)) return;
  if (event.type === "keydown" && event.key !== "Escape") return;
  const hadFocus = menu.contains(document.activeElement);
  menu.open = false;
  if (hadFocus) menu.querySelector("summary").focus();
}

/* A part that htmx could not fetch */

function tellFailure() {
  const messages = document.getElementById("messages");
  const text = document.createElement("p");
  text.textContent = messages.dataset.failed;
  const notice = document.createElement("div");
  notice.className = "notice notice--error";
  notice.append(text);
  messages.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/* Pages kept on the phone */

/** Forget the pages that a driver's phone has kept, but for those of the person who is signed in now. */
async function forgetDrivers(own = document.body.dataset.driver) {
  if (!("caches" in window)) return;
  const names = await window.caches.keys();
  const others = names.filter((name) => name.startsWith("narmat-drive-") && !(own && name.endsWith(`-${own}`)));
  await Promise.all(others.map((name) => window.caches.delete(name)));
}

function signOut(event) {
  if (new URL(event.target.action, window.location.href).pathname === "/logout") forgetDrivers("").catch(() => {});
}

document.addEventListener("submit", sendOnce, true);
document.addEventListener("submit", signOut);
forgetDrivers().catch(() => {});
document.addEventListener("click", confirmFirst);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
document.addEventListener("htmx:responseError", tellFailure);
document.addEventListener("htmx:sendError", tellFailure);
document.addEventListener("htmx:afterRequest", () => release(document));
document.addEventListener("htmx:afterSettle", (event) => { addSteppers(event.target); addSliders(event.target); });
window.addEventListener("pageshow", () => release(document));

addSteppers(document);
addSliders(document);
document.querySelector("[data-error-summary]")?.focus();
