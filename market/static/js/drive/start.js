/**
 * The driver's pages on a phone: keeps them for when there is no coverage, and sends what was reported meanwhile.
 * Everything can be reported without this file, as long as there is coverage.
 *
 * [data-queue]   the line that says what waits, with the addresses and words that are needed; see templates/driving/_queue.html
 * a[data-keep]   a page to keep on the phone
 */

import { change, openQueue, remove, reportsOf, texts } from "./queue.js";
import { fitDegrees, hideOldDoorCodes, refresh, runElement, showWaiting, takeForm } from "./run.js";
import { sendAll } from "./sending.js";

const AGAIN_MS = 20_000;
const box = document.querySelector("[data-queue]");
const words = JSON.parse(box.dataset.texts);
const user = document.body.dataset.driver ?? "";

async function tellStatus(database) {
  const reports = await reportsOf(database, user);
  const waiting = reports.filter((report) => !report.refused);
  const line = box.querySelector("[data-queue-status]");
  const said = waiting.length === 1 ? words.oneLeft : words.left.replace("{n}", String(waiting.length));
  line.hidden = false;
  line.textContent = waiting.length ? said : words.allSent;
  line.classList.toggle("is-waiting", waiting.length > 0);
  tellRefused(database, reports.filter((report) => report.refused));
}

/** Each refused report with its words: it can be sent again or taken away. */
function tellRefused(database, reports) {
  const list = box.querySelector("[data-queue-refused]");
  list.hidden = !reports.length;
  list.replaceChildren(...reports.map((report) => refusedItem(database, report)));
}

function refusedItem(database, report) {
  const item = document.createElement("li");
  const at = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: "Europe/Stockholm" }).format(report.at);
  const what = [at, ...texts(report, "note"), ...texts(report, "signed_by"), ...texts(report, "weight")].filter(Boolean).join(", ");
  const said = document.createElement("p");
  said.textContent = `${words.refused}: ${report.refused} (${what})`;
  item.append(said, button(words.again, () => change(database, { ...report, refused: "", tries: 0 })), button(words.remove, () => remove(database, report.id)));
  return item;

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button--quiet";
    made.textContent = label;
    made.addEventListener("click", async () => { await act(); await work(database); });
    return made;
  }
}

function tellStopped(ended) {
  const notice = box.querySelector("[data-queue-stopped]");
  notice.hidden = !["stopped", "signed-out"].includes(ended.ended);
  notice.querySelector("[data-queue-reason]").textContent =
    ended.words ?? (ended.ended === "signed-out" ? words.signedOut : words.stopped);
}

/** Send what waits, say how it went, show the page as it is now. */
async function work(database) {
  await tellStatus(database);
  let count = 0;
  const ended = await sendAll(database, { user, tokenUrl: box.dataset.tokenUrl, words, onSent: () => { count += 1; } });
  tellStopped(ended);
  await tellStatus(database);
  if (count && ["sent", "held"].includes(ended.ended)) await refresh().catch(() => {});
  hideOldDoorCodes();
  await showWaiting(database, user, words);
}

async function takeReport(database, event) {
  const form = event.target.closest("form[data-report]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.taking) return; // a second tap
  form.dataset.taking = "yes";
  try {
    if (await takeForm(database, form, user, words)) await work(database);
  } catch {
    HTMLFormElement.prototype.submit.call(form); // no room on the phone: straight to the server
  } finally {
    delete form.dataset.taking;
  }
}

/** Pages and files of this page go to the worker, which keeps them; from the list of runs, others are forgotten. */
async function keepPages() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(box.dataset.workerUrl, { scope: "/drive/", updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  const runs = [...document.querySelectorAll("a[data-keep]")].map((link) => new URL(link.href).pathname);
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], img[src]")].map((one) => one.href || one.src);
  const files = [...loaded, ...named].filter((address) => new URL(address).pathname.startsWith("/static/"));
  const here = window.location.pathname;
  active.postMessage({ files: [...new Set(files)], pages: [here, "/drive/", ...runs], only: here === "/drive/" });
}

async function start() {
  hideOldDoorCodes();
  const database = user ? await openQueue() : null;
  if (database) {
    document.addEventListener("submit", (event) => takeReport(database, event));
    document.addEventListener("change", ({ target }) => { if (target.form?.matches("[data-report]")) fitDegrees(target.form); });
    for (const change of ["online", "focus"]) window.addEventListener(change, () => work(database));
    window.setInterval(() => work(database), AGAIN_MS);
    await work(database);
  }
  await keepPages().catch(() => {});
}

if (runElement() || box) start();
