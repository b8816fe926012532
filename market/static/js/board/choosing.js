/** A stop that is clicked opens beside the board, where there is room beside it, instead of on a page of its own. */

const CHOSEN = "is-chosen";
const BESIDE = window.matchMedia("(min-width: 80rem)");

/** Shows the stop in the panel and marks it; the promise is done when it is there. */
export async function choose(desk, stop) {
  if (!BESIDE.matches) {
    window.location.assign(stop.href);
    return;
  }
  mark(desk, stop);
  await window.htmx.ajax("GET", stop.href, { target: "#desk-stop", swap: "innerHTML" });
}

function mark(desk, stop) {
  for (const other of desk.querySelectorAll(`.${CHOSEN}`)) {
    other.classList.remove(CHOSEN);
    other.removeAttribute("aria-current");
  }
  stop.classList.add(CHOSEN);
  stop.setAttribute("aria-current", "true");
  desk.dispatchEvent(new CustomEvent("desk:chosen", { detail: stop }));
}

export function chooseStops(desk) {
  desk.addEventListener("click", (event) => {
    const stop = event.target.closest("[data-stop]");
    if (!stop || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    choose(desk, stop);
  });
}
