/**
 * The week as a board: what is pointed at lights up on the map and the other way round, a stop opens beside the board,
 * and a stop is carried to another vehicle, day or place by pointer or by keyboard. Without this file links and forms do the same.
 */

import { chooseStops } from "./choosing.js";
import { carryByKeys } from "./keys.js";
import { linkMap } from "./map-link.js";
import { Mover } from "./moving.js";
import { carryByPointer } from "./pointer.js";
import { keepPlace } from "./staying.js";

const desk = document.querySelector("[data-desk]");

chooseStops(desk);
linkMap(desk);
keepPlace(desk);
if (desk.querySelector("[data-desk-move]")) {
  const mover = new Mover(desk);
  carryByPointer(desk, mover);
  carryByKeys(desk, mover);
}
performance.mark("desk-ready"); // what bench/desk_page.py waits for
