/**
 * A stop carried by keyboard: Enter takes it up, arrows move it over vehicles (up, down), places in time and days (left, right),
 * Enter drops it, Escape gives up. The space bar shows what it holds. Each step is said in the live region.
 */

import { choose } from "./choosing.js";
import { cellsOf, inCell, stopName, stopsIn } from "./places.js";

export function carryByKeys(desk, mover) {
  let carried = null;

  desk.addEventListener("keydown", (event) => {
    const stop = event.target.closest("[data-stop]");
    if (!stop || event.altKey || event.ctrlKey || event.metaKey) return;
    if (carried && carried !== stop) carried = null;
    const act = carried ? carrying[event.key] : resting[event.key];
    if (!act) return;
    event.preventDefault();
    act(stop);
  });
  desk.addEventListener("focusout", (event) => { if (event.target === carried) giveUp(); });

  const resting = {
    Enter: (stop) => {
      carried = stop;
      mover.lift(stop);
      mover.say(mover.texts.picked.replace("{stop}", stopName(stop)));
    },
    " ": (stop) => choose(desk, stop),
  };
  const carrying = {
    Enter: () => {
      carried = null;
      mover.drop();
    },
    Escape: () => giveUp(),
    ArrowUp: () => go(besideRow(-1)),
    ArrowDown: () => go(besideRow(1)),
    ArrowLeft: () => go(earlier()),
    ArrowRight: () => go(later()),
  };

  function giveUp() {
    carried = null;
    mover.putBack();
  }

  function go(place) {
    if (!place) return;
    mover.show(place);
    place.cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    mover.say(mover.name());
  }

  /** The next vehicle that drives the same day, at the end of its stops. */
  function besideRow(step) {
    const { cell } = mover.place;
    const sameDay = cellsOf(desk).filter((other) => other.dataset.day === cell.dataset.day);
    const next = sameDay[sameDay.indexOf(cell) + step];
    return next && inCell(next, stopsIn(next, mover.stop).length);
  }

  function earlier() {
    const { cell, position } = mover.place;
    if (position > 0) return inCell(cell, position - 1);
    const before = besideDay(cell, -1);
    return before && inCell(before, stopsIn(before, mover.stop).length);
  }

  function later() {
    const { cell, position } = mover.place;
    if (position < stopsIn(cell, mover.stop).length) return inCell(cell, position + 1);
    const after = besideDay(cell, 1);
    return after && inCell(after, 0);
  }

  function besideDay(cell, step) {
    const own = cellsOf(desk).filter((other) => other.dataset.vehicle === cell.dataset.vehicle);
    return own[own.indexOf(cell) + step];
  }
}
