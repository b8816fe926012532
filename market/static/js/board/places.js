/**
 * Where a stop can be put: a cell of the board (a vehicle on a day), or a day in the row above it that is out of sight,
 * and how many of the other stops there come before it.
 */

/** The cells in sight that take a stop, row by row. */
export function cellsOf(desk) {
  return [...desk.querySelectorAll("[data-drop]")].filter((cell) => cell.offsetParent !== null);
}

export function stopsIn(cell, except) {
  return [...cell.querySelectorAll("[data-stop]")].filter((stop) => stop !== except);
}

/** The place of a stop as it is. */
export function placeOf(stop) {
  const cell = stop.closest("[data-drop]");
  const position = [...cell.querySelectorAll("[data-stop]")].indexOf(stop);
  return { cell, vehicle: cell.dataset.vehicle, shift: cell.dataset.shift, position };
}

/** The place under the pointer, or null. A day's link takes the stop to its own vehicle on that day, where it costs least. */
export function placeAt(stop, x, y) {
  const under = document.elementFromPoint(x, y);
  const cell = under?.closest("[data-drop]");
  if (cell) return inCell(cell, countBefore(cell, stop, x, y));
  const link = under?.closest("[data-drop-day]");
  return link ? onDay(stop, link) : null;
}

export function inCell(cell, position) {
  return { cell, vehicle: cell.dataset.vehicle, shift: cell.dataset.shift, position };
}

/** How many of the cell's other stops stand before the pointer: to its left, or in a list above it. */
function countBefore(cell, stop, x, y) {
  const boxes = stopsIn(cell, stop).map((other) => other.getBoundingClientRect());
  const isList = boxes.length > 1 && boxes.every((box) => box.left === boxes[0].left);
  return boxes.filter((box) => (isList ? box.top + box.height / 2 < y : box.left < x)).length;
}

function onDay(stop, link) {
  const row = stop.closest("tr");
  const shift = new Map(row.dataset.shifts.split(" ").map((pair) => pair.split("="))).get(link.dataset.dropDay);
  if (shift === undefined) return null;
  return { cell: null, link, vehicle: row.dataset.vehicle, shift, position: null, name: `${row.dataset.name}, ${link.firstChild.textContent.trim()}` };
}

/** The place in words. */
export function placeName(place, stop, texts) {
  const name = place.cell?.dataset.name ?? place.name;
  const fill = (text, before = "") => text.replace("{place}", name).replace("{stop}", before);
  if (place.position === null) return fill(texts.cheapest);
  const others = stopsIn(place.cell, stop);
  if (!others.length) return fill(texts.alone);
  return place.position === 0 ? fill(texts.first) : fill(texts.after, stopName(others[place.position - 1]));
}

export function stopName(stop) {
  return `${stop.querySelector(".desk-stop__time").textContent} ${stop.querySelector(".desk-stop__name").textContent}`;
}

export function isSame(one, other) {
  return one?.vehicle === other?.vehicle && one?.shift === other?.shift && one?.position === other?.position;
}
