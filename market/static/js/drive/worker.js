/**
 * The service worker of a driver's pages: they open without coverage, on this person's phone only.
 *
 * The server puts USER, VERSION and STOPPED before this script (market/driving/offline.py). Kept are the driver's own pages
 * below /drive/ and static files; a page goes to the network first, a static file (its address changes with it) to the cache.
 * A page that is not marked as this driver's is never kept. Signed out, or no driver any more: the pages are forgotten.
 */

/* global USER, VERSION, STOPPED */

const OURS = "narmat-drive-";
const KEPT = `${OURS}${VERSION}-${USER}`;
const PAGE = /^\/drive\/(\d+\/\d{4}-\d{2}-\d{2}|stopped)?$/;
const PATIENCE_MS = 6000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep([STOPPED]).catch(() => {}));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  const { pages, files, only } = event.data;
  event.waitUntil(keep([...files, ...pages]).then(() => (only ? forgetPages(pages) : undefined)).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
  else if (PAGE.test(url.pathname)) event.respondWith(page(event.request, url.pathname));
});

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== KEPT).map((name) => caches.delete(name)));
}

/** Forget the pages of runs that are not in the list; what says that one drives no more stays. */
async function forgetPages(but = []) {
  const cache = await caches.open(KEPT);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (PAGE.test(pathname) && pathname !== STOPPED && !but.includes(pathname)) await cache.delete(request);
  }
}

async function keep(addresses) {
  const cache = await caches.open(KEPT);
  for (const address of new Set(addresses)) {
    const isFile = new URL(address, self.location.href).pathname.startsWith("/static/");
    if (isFile && (await cache.match(address))) continue;
    await put(cache, address, await fetch(address, { credentials: "same-origin" }));
  }
}

/** Keep an answer if it is a static file, or a page that the server marked as this driver's. */
async function put(cache, address, answer) {
  const { pathname } = new URL(address, self.location.href);
  const isOwn = pathname.startsWith("/static/") || answer.headers.get("X-Narmat-Driver") === USER;
  if (answer.ok && !answer.redirected && isOwn) await cache.put(address, answer.clone());
}

async function file(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  await put(cache, request.url, answer);
  return answer;
}

async function page(request, pathname) {
  const cache = await caches.open(KEPT);
  const kept = () => cache.match(pathname);
  let answer;
  try {
    answer = await soon(fetch(request), await kept());
  } catch {
    return (await kept()) ?? Response.error();
  }
  return judged(request, answer, cache, pathname);
}

/** The network's answer, or what is kept when it lets wait for too long. */
function soon(coming, kept) {
  if (!kept) return coming;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([coming, late]);
}

async function judged(request, answer, cache, pathname) {
  if (answer.status >= 500) return (await cache.match(pathname)) ?? answer;
  if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 401) await forgetPages();
  else if (answer.status === 403) return refused(request, answer, cache);
  else if (answer.status === 404) await cache.delete(pathname);
  else await put(cache, pathname, answer);
  return answer;
}

/** No driver any more: the runs are forgotten, and the page says whom to call. */
async function refused(request, answer, cache) {
  await forgetPages();
  return (request.mode === "navigate" && (await cache.match(STOPPED))) || answer;
}
