/**
 * What has been reported and not yet sent, in the phone's own database: in order, with photos.
 *
 * A report: {id, user, url, vehicle, day, number, at, fields, photo, refused, tries}. `fields` are pairs of names and texts as the
 * form has them; `refused` holds the words of why it was not taken, "" while it waits; `tries`, if there, counts what went wrong at the
 * server. Nobody but `user` is shown it, and it is sent as nobody else.
 */

const NAME = "narmat-drive";
const STORE = "reports";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The database, or null where the phone has none (private windows of some browsers). */
export async function openQueue() {
  if (!("indexedDB" in window)) return null;
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
  try {
    return await asked(request);
  } catch {
    return null;
  }
}

function store(database, mode) {
  return database.transaction(STORE, mode).objectStore(STORE);
}

/** A person's reports, oldest first. */
export async function reportsOf(database, user) {
  const all = await asked(store(database, "readonly").getAll());
  return all.filter((report) => report.user === user);
}

export const add = (database, report) => asked(store(database, "readwrite").add(report));
export const change = (database, report) => asked(store(database, "readwrite").put(report));
export const remove = (database, id) => asked(store(database, "readwrite").delete(id));

/** The texts of a field of a report. */
export const texts = (report, name) => report.fields.filter(([field]) => field === name).map(([, value]) => value);
