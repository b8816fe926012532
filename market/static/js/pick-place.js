/**
 * A pin on a map that fills in a field: every [data-pick-place] (templates/components/maps.html, pick_map).
 *
 * data-field       the id of the text field that takes "60.345, 17.513"; what is typed there moves the pin
 * data-borders-url municipalities, the ground; data-tile-url, data-tile-attribution as in map.js
 *
 * By pointing, by dragging, by the position of the telephone, and by keyboard: arrows move the map, a button puts the
 * pin in its middle. Without this file the field still takes names and coordinates.
 */

import { createMap, fetchJson } from "./map/create.js";
import { addGround, addTiles } from "./map/ground.js";
import { svg } from "./map/svg.js";

const CLOSE = 12;
const DECIMALS = 5; // a metre
const COORDINATES = /^\s*(\d{2})[.,](\d+)[\s,;]+(\d{2})[.,](\d+)\s*$/;
const PIN = "M16 2c-5.500 0-9.500 4-9.500 9 0 6.500 9.500 19 9.500 19s9.500-12.500 9.500-19c0-5-4-9-9.500-9Z";

function pinIcon() {
  const dot = svg("circle", { cx: 16, cy: 11, r: 3.5, class: "map-pin__dot" });
  const html = svg("svg", { viewBox: "0 0 32 32", width: 40, height: 40, class: "map-pin", "aria-hidden": "true" }, svg("path", { d: PIN }), dot);
  return window.L.divIcon({ html, className: "map-place", iconSize: [40, 40], iconAnchor: [20, 38] });
}

/** The position that the text says, or null for a name or nothing. */
function readPosition(text) {
  const match = COORDINATES.exec(text);
  return match ? window.L.latLng(Number(`${match[1]}.${match[2]}`), Number(`${match[3]}.${match[4]}`)) : null;
}

class PlacePicker {
  constructor(element) {
    this.element = element;
    this.figure = element.closest("figure");
    this.figure.hidden = false; // without scripts there is nothing to point at
    this.field = document.getElementById(element.dataset.field);
    this.texts = JSON.parse(element.dataset.texts);
    this.map = createMap(element, this.texts);
    this.map.on("click", ({ latlng }) => this.put(latlng));
    this.field.addEventListener("change", () => this.followField());
    this.addButtons();
    new ResizeObserver(() => this.map.invalidateSize({ animate: false })).observe(element);
  }

  async start() {
    const { bordersUrl, tileUrl, tileAttribution } = this.element.dataset;
    if (tileUrl) addTiles(this.map, tileUrl, tileAttribution);
    this.followField();
    try {
      const ground = addGround(this.map, await fetchJson(bordersUrl));
      if (!this.marker) this.map.fitBounds(ground.all, { animate: false });
    } catch (error) {
      console.error(error);
      this.say(this.texts.failed, true);
    }
  }

  addButtons() {
    const { here, centre } = this.texts;
    const row = this.figure.querySelector("[data-pick-buttons]");
    if ("geolocation" in navigator) row.append(this.button(here, () => this.locate()));
    row.append(this.button(centre, () => this.put(this.map.getCenter())));
    row.hidden = false;
  }

  button(label, action) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "button button--secondary", textContent: label });
    made.addEventListener("click", action);
    return made;
  }

  locate() {
    this.say(this.texts.locating, true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const found = window.L.latLng(coords.latitude, coords.longitude);
        this.put(found);
        this.map.setView(found, CLOSE, { animate: false });
      },
      () => this.say(this.texts.unlocated, true),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  }

  /** The pin where the person wants it, and its coordinates in the field. */
  put(position) {
    this.show(position);
    this.field.value = [position.lat, position.lng].map((degrees) => degrees.toFixed(DECIMALS)).join(", ");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.say(this.texts.put.replace("{place}", this.field.value), true);
  }

  show(position) {
    if (this.marker) {
      this.marker.setLatLng(position);
      return;
    }
    this.marker = window.L.marker(position, { icon: pinIcon(), draggable: true, keyboard: false, alt: this.texts.pin }).addTo(this.map);
    this.marker.on("dragend", () => this.put(this.marker.getLatLng()));
  }

  followField() {
    const position = readPosition(this.field.value);
    if (!position) return;
    this.show(position);
    this.map.setView(position, Math.max(this.map.getZoom(), CLOSE - 2), { animate: false });
  }

  say(text, isShown) {
    const status = this.figure.querySelector("[data-pick-status]");
    status.textContent = text;
    status.hidden = !isShown;
  }
}

for (const element of document.querySelectorAll("[data-pick-place]")) new PlacePicker(element).start();
