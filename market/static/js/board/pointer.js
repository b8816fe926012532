/** A stop carried by mouse, pen or finger. A finger holds it for a moment first, so that the page can still be scrolled. */

import { isSame, placeAt } from "./places.js";

const FAR_PX = 6;
const HOLD_MS = 350;
const EDGE_PX = 48;
const STEP_PX = 16;

export function carryByPointer(desk, mover) {
  let held = null;
  let ghost = null;

  desk.addEventListener("pointerdown", (event) => {
    const stop = event.target.closest("[data-stop]");
    if (!stop || event.button !== 0 || !event.isPrimary) return;
    held = { stop, id: event.pointerId, x: event.clientX, y: event.clientY, isTouch: event.pointerType === "touch" };
    if (held.isTouch) held.timer = window.setTimeout(() => begin(), HOLD_MS);
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.id) return;
    const isFar = Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR_PX;
    if (!ghost && isFar && held.isTouch) return forget();
    if (!ghost && isFar) begin();
    if (ghost) move(event);
    return undefined;
  });
  document.addEventListener("pointerup", (event) => {
    if (!held || event.pointerId !== held.id) return;
    const isCarried = ghost !== null;
    end();
    if (!isCarried) return;
    swallowClick();
    mover.drop();
  });
  document.addEventListener("pointercancel", () => giveUp());
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && ghost) giveUp(); });
  // A link is dragged by the browser itself, and a finger scrolls: neither while a stop is carried.
  desk.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-stop]")) event.preventDefault(); });
  desk.addEventListener("touchmove", (event) => { if (ghost) event.preventDefault(); }, { passive: false });
  desk.addEventListener("contextmenu", (event) => { if (held?.isTouch) event.preventDefault(); });

  function begin() {
    mover.lift(held.stop);
    ghost = held.stop.cloneNode(true);
    ghost.removeAttribute("id");
    ghost.classList.remove("is-lifted", "is-chosen");
    ghost.classList.add("desk-ghost", [...held.stop.closest("[data-run]").classList].find((name) => name.startsWith("route-")));
    ghost.setAttribute("aria-hidden", "true");
    document.body.append(ghost);
    at(held.x, held.y);
  }

  function move(event) {
    at(event.clientX, event.clientY);
    scrollAt(event.clientX, event.clientY);
    const place = placeAt(held.stop, event.clientX, event.clientY);
    if (!isSame(place, mover.place)) mover.show(place);
  }

  function at(x, y) {
    ghost.style.transform = `translate(${x + 8}px, ${y + 8}px)`;
  }

  /** Near its edge the board moves along. */
  function scrollAt(x, y) {
    const box = desk.querySelector(".desk__scroll");
    const { left, right, top, bottom } = box.getBoundingClientRect();
    const push = (near, far, point) => (point > far - EDGE_PX ? STEP_PX : point < near + EDGE_PX ? -STEP_PX : 0);
    box.scrollBy(push(left, right, x), push(top, bottom, y));
  }

  function forget() {
    window.clearTimeout(held?.timer);
    held = null;
  }

  function end() {
    forget();
    ghost?.remove();
    ghost = null;
  }

  function giveUp() {
    const wasCarried = ghost !== null;
    end();
    if (wasCarried) mover.putBack();
  }
}

/** Letting go over a link would follow it. */
function swallowClick() {
  const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
  window.addEventListener("click", stop, { capture: true, once: true });
  window.setTimeout(() => window.removeEventListener("click", stop, { capture: true }), 50);
}
