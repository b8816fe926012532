/**
 * The week as a board: what is pointed at lights up on the map and the other way round, a stop opens beside the board,
 * and a stop is carried to another vehicle, day or place by pointer or by keyboard. Without this file the links and forms do the same.
 */

import { chooseStops } from "./choosing.js";
import { linkMap } from "./map-link.js";

const desk = document.querySelector("[data-desk]");

chooseStops(desk);
linkMap(desk);
