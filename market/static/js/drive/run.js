/**
 * A run's page: its forms go into the phone's queue instead of to the server, and what waits there is shown where it belongs.
 *
 * form[data-report]        one report; its fields are checked here, as the server may be out of reach for hours
 * [data-deed="kind|place|order"]   where it is said that something is done
 * details[data-stop]       a stop; it closes and the next one opens when all its goods are done
 * [data-degrees="class"]   what the thermometer showed in goods of a class: asked only while such goods are ticked
 * [data-door-code]         taken away on any other day than the run's
 */

import { add, reportsOf, texts } from "./queue.js";
import { shrunk } from "./photo.js";

const SEVERAL = ["deviation", "temperature"]; // may be reported again and again
const NUMBER = /^\s*[-−]?\d+([.,]\d+)?\s*$/;

export const runElement = () => document.querySelector("[data-drive]");

export function hideOldDoorCodes() {
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" }).format(new Date());
  if (runElement()?.dataset.day === today) return;
  for (const code of document.querySelectorAll("[data-door-code]")) code.remove();
}

/** Show what waits on the phone from this run. */
export async function showWaiting(database, user, words) {
  const run = runElement();
  if (!run) return;
  for (const report of await reportsOf(database, user)) {
    if (report.vehicle === run.dataset.vehicle && report.day === run.dataset.day) mark(report, words);
  }
  openNext();
}

/** Take a submitted form into the queue. Resolves to false when something must be filled in first. */
export async function takeForm(database, form, user, words) {
  if (!isFilledIn(form, words)) return false;
  const report = await reportOf(database, form, user);
  await add(database, report);
  mark(report, words);
  if (SEVERAL.includes(texts(report, "kind")[0])) form.reset();
  form.querySelector('[name="request_key"]').value = newKey();
  openNext();
  return true;
}

/** Ask for the temperatures of the goods that are ticked, and of no other. */
export function fitDegrees(form) {
  const ticked = [...form.querySelectorAll('[name="order_id"][data-class]:checked')].map((box) => box.dataset.class);
  if (!form.querySelector('[name="order_id"][data-class]')) return;
  for (const part of form.querySelectorAll("[data-degrees]")) {
    part.hidden = !ticked.includes(part.dataset.degrees);
    for (const field of part.querySelectorAll("input")) field.disabled = part.hidden;
  }
}

async function reportOf(database, form, user) {
  const run = runElement();
  const at = Date.now();
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  const file = form.querySelector('input[type="file"]')?.files[0];
  const photo = file ? await shrunk(file) : null;
  const { vehicle, day } = run.dataset;
  const number = await nextNumber(database, user, run);
  return { user, url: form.action, vehicle, day, number, at, fields, photo, refused: "" };
}

async function nextNumber(database, user, run) {
  const own = (await reportsOf(database, user)).filter((r) => r.vehicle === run.dataset.vehicle && r.day === run.dataset.day);
  const next = Math.max(Number(run.dataset.nextNumber), ...own.map((report) => report.number + 1));
  run.dataset.nextNumber = String(next + 1);
  return next;
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isFilledIn(form, words) {
  let first = null;
  for (const field of form.querySelectorAll("input:not([type=hidden]):not(:disabled), textarea")) {
    const wrong = complaint(field, words);
    const line = document.getElementById(`${field.id}-error`);
    if (!line) continue;
    line.textContent = wrong;
    line.hidden = !wrong;
    field.toggleAttribute("aria-invalid", Boolean(wrong));
    if (wrong) field.setAttribute("aria-invalid", "true");
    first = first ?? (wrong ? field : null);
  }
  first?.focus();
  return !first;
}

function complaint(field, words) {
  const text = field.value.trim();
  if (field.required && !text && !hasPhoto(field)) return words.needed;
  return "number" in field.dataset && text && !NUMBER.test(text) ? words.number : "";
}

/** Words may be left out where there is a photo. */
const hasPhoto = (field) => field.name === "note" && Boolean(field.form.querySelector('input[type="file"]')?.files.length);

function mark(report, words) {
  const [kind] = texts(report, "kind");
  const [place = ""] = texts(report, "place");
  const orders = texts(report, "order_id");
  const names = kind === "loaded" || kind === "delivered" ? orders : [""];
  for (const order of names) markDeed(kind, place, order, report, words);
  if (!SEVERAL.includes(kind) && !report.refused) hideForms(kind, place, orders);
  if (kind === "loaded" || kind === "delivered") markDeed("arrived", place, "", report, words, true);
}

function markDeed(kind, place, order, report, words, isImplied = false) {
  const deed = document.querySelector(`[data-deed="${CSS.escape(`${kind}|${place}|${order}`)}"]`);
  if (!deed || deed.classList.contains("is-done") || (isImplied && report.refused)) return;
  const clock = new Intl.DateTimeFormat("sv-SE", { timeStyle: "short", timeZone: "Europe/Stockholm" }).format(report.at);
  const said = report.refused || words.waiting;
  deed.textContent = `${deed.dataset.name} ${clock} · ${said}`.trim();
  deed.classList.toggle("is-waiting", !report.refused);
  deed.classList.toggle("is-refused", Boolean(report.refused));
}

function hideForms(kind, place, orders) {
  for (const form of document.querySelectorAll("form[data-report]")) {
    const isThis = form.elements.kind.value === kind && (form.elements.place?.value ?? "") === place;
    if (isThis || (kind !== "arrived" && form.elements.kind.value === "arrived" && form.elements.place?.value === place)) {
      hideForm(form, kind === form.elements.kind.value ? orders : []);
    }
  }
}

/** A form of several orders stays for those that are left. */
function hideForm(form, orders) {
  const boxes = [...form.querySelectorAll('[name="order_id"]')];
  for (const box of boxes.filter((one) => orders.includes(one.value))) {
    (box.closest("[data-order]") ?? box).remove();
  }
  fitDegrees(form);
  form.hidden = !boxes.length || (orders.length > 0 && !form.querySelector('[name="order_id"]'));
}

/** Close the stops where all is done, and open the first that is left. */
function openNext() {
  const stops = [...document.querySelectorAll("details[data-stop]")];
  for (const stop of stops) {
    const deeds = [...stop.querySelectorAll('[data-deed^="loaded|"], [data-deed^="delivered|"]')];
    if (!deeds.length || deeds.some((deed) => !deed.matches(".is-done, .is-waiting"))) continue;
    if (!stop.classList.contains("is-done")) close(stop);
  }
  const next = stops.find((stop) => !stop.classList.contains("is-done"));
  pointTo(next);
  if (next && !stops.some((stop) => stop.open)) next.open = true;
}

/** Done, as far as the phone knows. */
function close(stop) {
  stop.open = false;
  stop.classList.add("is-done");
  stop.querySelector("[data-stop-kept]").hidden = false;
  stop.querySelector("[data-stop-sign]").hidden = true;
}

/** The line at the top; when the vehicle will be there is known by the server only. */
function pointTo(next) {
  const link = document.querySelector("[data-next-stop]");
  if (!link || !next || link.hash === `#${next.id}`) return;
  link.hash = next.id;
  link.textContent = next.querySelector("[data-stop-name]").textContent;
  document.querySelector("[data-next-time]")?.remove();
}

let asked = 0;

/** The page as the server has it now, unless someone is writing in it. An answer that a later question has overtaken is old. */
export async function refresh() {
  const run = runElement();
  if (!run || isWriting(run)) return;
  asked += 1;
  const own = asked;
  const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-drive]");
  if (!fresh || own !== asked || isWriting(run)) return;
  const hadFocus = run.contains(document.activeElement);
  run.replaceWith(fresh);
  if (hadFocus) focusNext(fresh);
}

function focusNext(fresh) {
  const next = fresh.querySelector("details[open] > summary");
  next?.focus({ preventScroll: false });
}

function isWriting(run) {
  const fields = run.querySelectorAll("form:not([hidden]) input:not([type=hidden]):not([type=checkbox]):not(:disabled), form:not([hidden]) textarea");
  return [...fields].some((field) => field.value !== field.defaultValue);
}
