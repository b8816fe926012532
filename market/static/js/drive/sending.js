/**
 * Sends the queue: in order, one at a time. A report leaves it when the server has said that it has it; the server knows each by its
 * key, so that one sent twice counts once.
 *
 * How it ended: "sent", "offline" (try again later), "signed-out" or "stopped" (not this person's to send any more), the latter with words.
 */

import { change, remove, reportsOf } from "./queue.js";

const AS_JSON = { Accept: "application/json" };

/** All that waits, unless another window is at it. */
export async function sendAll(database, { user, tokenUrl, onSent }) {
  if (!navigator.locks) return send(database, { user, tokenUrl, onSent });
  return navigator.locks.request("narmat-drive", { ifAvailable: true }, (lock) =>
    lock ? send(database, { user, tokenUrl, onSent }) : { ended: "offline" });
}

async function send(database, { user, tokenUrl, onSent }) {
  const waiting = (await reportsOf(database, user)).filter((report) => !report.refused);
  if (!waiting.length) return { ended: "sent" };
  const known = await askToken(tokenUrl, user);
  if (known.ended) return known;
  for (const report of waiting) {
    const ended = await sendOne(database, report, known.token);
    if (ended) return ended;
    await onSent(report);
  }
  return { ended: "sent" };
}

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

/** Null when the next one may go: this one was taken, or refused for good and kept with the words. */
async function sendOne(database, report, token) {
  let answer;
  try {
    answer = await fetch(report.url, { method: "POST", headers: AS_JSON, body: bodyOf(report, token), redirect: "manual" });
  } catch {
    return { ended: "offline" };
  }
  if (answer.status === 409) return refused(database, report, await answer.json());
  if (answer.status === 404) return { ended: "stopped" };
  const ended = endedBy(answer);
  if (!ended) await remove(database, report.id);
  return ended;
}

async function refused(database, report, said) {
  if (said.stop) return { ended: "stopped", words: said.refused };
  await change(database, { ...report, refused: said.refused });
  return null;
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
