/** After a change the board comes back where it was: the same day, scrolled as before. */

const KEPT = "desk-place";

export function keepPlace(desk) {
  const box = desk.querySelector(".desk__scroll");
  const kept = JSON.parse(window.sessionStorage.getItem(KEPT) ?? "null");
  window.sessionStorage.removeItem(KEPT);
  if (kept?.path === window.location.pathname) {
    box.scrollTo(kept.left, kept.top);
    window.scrollTo(0, kept.page);
  }
  document.addEventListener("submit", ({ target }) => {
    if (!target.matches("[data-keep]")) return;
    const { pathname, search } = window.location;
    const next = target.querySelector("[name=next]");
    if (next) next.value = pathname + search;
    const place = { path: pathname, left: box.scrollLeft, top: box.scrollTop, page: window.scrollY };
    window.sessionStorage.setItem(KEPT, JSON.stringify(place));
  });
}
