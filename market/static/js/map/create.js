/** A Leaflet map as all of ours are, before anything is drawn on it. */

const SWEDEN = { centre: [61.6, 15.8], zoom: 5 };
const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The parsed answer; throws for anything but success. */
export async function fetchJson(url, signal) {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" }, signal });
  if (!response.ok) throw new Error(`${response.status} from ${url}`);
  return response.json();
}

/** An empty map in the element, with controls in the reader's language; data-attribution goes to its corner. */
export function createMap(element, texts) {
  const map = window.L.map(element, {
    center: SWEDEN.centre,
    zoom: SWEDEN.zoom,
    minZoom: 4,
    maxZoom: 17,
    zoomControl: false,
    attributionControl: false,
    scrollWheelZoom: false,
    zoomAnimation: !isStill,
    fadeAnimation: !isStill,
    markerZoomAnimation: !isStill,
    inertia: !isStill,
    keyboardPanDelta: 120,
  });
  window.L.control.zoom({ zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
  window.L.control.attribution({ prefix: false }).addAttribution(element.dataset.attribution).addTo(map);
  // The wheel scrolls the page until the reader has taken hold of the map.
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur mouseout", () => map.scrollWheelZoom.disable());
  // Leaflet hears Escape only while the map itself has the focus, not the popup in it.
  element.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
  return map;
}
