/**
 * Sends the queue: in order, one at a time. A report leaves it when the server has said that it has it; the server knows each by its
 * key, so that one sent twice counts once.
 *
 * One report never keeps back all others: what is refused for good stays with the words of why, and the next one goes; what went wrong
 * at the server is tried again, and keeps back only the later reports of its own run, until it has failed TRIES times.
 *
 * How it ended: "sent", "held" (some are to be tried again), "offline" (all are), "signed-out" or "stopped" (not this person's to send any
 * more), the latter with words.
 */

import { change, remove, reportsOf } from "./queue.js";

const AS_JSON = { Accept: "application/json" };
const TRIES = 5;
const PASSES = [408, 425, 429];

/** All that waits, unless another window is at it. */
export async function sendAll(database, asked) {
  if (!navigator.locks) return send(database, asked);
  return navigator.locks.request("narmat-drive", { ifAvailable: true }, (lock) => (lock ? send(database, asked) : { ended: "offline" }));
}

async function send(database, { user, tokenUrl, words, onSent }) {
  const waiting = (await reportsOf(database, user)).filter((report) => !report.refused);
  if (!waiting.length) return { ended: "sent" };
  const known = await askToken(tokenUrl, user);
  if (known.ended) return known;
  const held = new Set();
  for (const report of waiting) {
    if (held.has(runOf(report))) continue;
    const { ended, isHeld } = await sendOne(database, report, known.token, words);
    if (ended) return ended;
    if (isHeld) held.add(runOf(report));
    else await onSent(report);
  }
  return { ended: held.size ? "held" : "sent" };
}

const runOf = (report) => `${report.vehicle} ${report.day}`;

/** Who is signed in, and a token that the server takes: the page may have lain on the phone since yesterday. */
async function askToken(tokenUrl, user) {
  let answer;
  try {
    answer = await fetch(tokenUrl, { headers: AS_JSON, cache: "no-store", redirect: "manual" });
  } catch {
    return { ended: "offline" };
  }
  const ended = endedBy(answer);
  if (ended) return ended;
  const said = await answer.json();
  return String(said.user) === user ? { token: said.token } : { ended: "signed-out" };
}

function endedBy(answer) {
  if (answer.type === "opaqueredirect" || answer.status === 401) return { ended: "signed-out" };
  if (answer.status === 403) return { ended: "stopped" };
  return answer.ok ? null : { ended: "offline" };
}

/** `ended`: no more may go now. `isHeld`: no more of this run. Else it was taken, or refused and kept with the words. */
async function sendOne(database, report, token, words) {
  let answer;
  try {
    answer = await fetch(report.url, { method: "POST", headers: AS_JSON, body: bodyOf(report, token), redirect: "manual" });
  } catch {
    return { ended: { ended: "offline" } };
  }
  const ended = endedBy(answer);
  if (!ended) return done(database, report);
  if (ended.ended !== "offline" || PASSES.includes(answer.status)) return { ended };
  if (answer.status >= 500 || answer.status === 400) return failed(database, report, words);
  const said = answer.status === 409 ? await answer.json().catch(() => ({})) : {};
  if (said.stop) return { ended: { ended: "stopped", words: said.refused } };
  return refused(database, report, said.refused || reasonOf(answer.status, words));
}

async function done(database, report) {
  await remove(database, report.id);
  return {};
}

/** It may pass; a report that always fails is shown, so that the driver sees it and those behind it go. */
async function failed(database, report, words) {
  const tries = (report.tries ?? 0) + 1;
  if (tries >= TRIES) return refused(database, report, words.failed);
  await change(database, { ...report, tries });
  return { isHeld: true };
}

async function refused(database, report, why) {
  await change(database, { ...report, refused: why });
  return {};
}

function reasonOf(status, words) {
  if (status === 404) return words.gone;
  return status === 413 ? words.tooLarge : words.failed;
}

function bodyOf(report, token) {
  const body = new FormData();
  body.set("csrf_token", token);
  for (const [name, value] of report.fields) body.append(name, value);
  body.set("happened_at", String(report.at));
  body.set("number", String(report.number));
  if (report.photo) body.set("photo", report.photo, "photo.jpg");
  return body;
}
