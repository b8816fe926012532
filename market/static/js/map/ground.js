/** What lies under the features: tiles if there are any, municipalities with their names, the local area. */

import { svg } from "./svg.js";

const PANES = { land: 300, definition: 350, names: 360 };

function pane(map, name) {
  const element = map.getPane(name) ?? map.createPane(name);
  element.style.zIndex = PANES[name];
  element.style.pointerEvents = "none";
  return name;
}

export function addTiles(map, url, attribution) {
  map.getContainer().classList.add("has-tiles");
  window.L.tileLayer(url, { attribution, maxZoom: 19 }).addTo(map);
}

/** Draws the municipalities; returns the bounds of the reader's own (or null) and of all. */
export function addGround(map, borders, ownCode) {
  const layer = window.L.geoJSON(borders, {
    pane: pane(map, "land"),
    interactive: false,
    style: ({ properties }) => ({
      className: properties.code === ownCode ? "map-land map-land--own" : "map-land",
      weight: properties.code === ownCode ? 2 : 1,
      fillOpacity: 1,
    }),
  }).addTo(map);
  const areas = layer.getLayers();
  const own = areas.find((area) => area.feature.properties.code === ownCode);
  own?.bringToFront();
  nameAreas(map, areas, ownCode);
  return { own: own?.getBounds() ?? null, all: layer.getBounds(), areas };
}

/** Fills each municipality by its answer, with a pattern as well as a colour. */
export function paintAnswers(map, areas, answers) {
  for (const area of areas) {
    const element = area.getElement();
    const answer = answers[area.feature.properties.code]?.answer;
    if (!element || !(answer in ANSWER_PATTERNS)) continue;
    element.classList.remove(...Object.keys(ANSWER_PATTERNS).map((other) => `map-land--${other}`));
    element.classList.add(`map-land--${answer}`);
    element.style.fill = `url(#${answerPattern(map, answer)})`;
  }
}

const ANSWER_PATTERNS = { yes: "M0 0V8", uncertain: "M3 3h2v2H3Z", no: "" };

/** Made once for each map; what tells the answers apart stands in ANSWER_PATTERNS, the colours in map.css. */
function answerPattern(map, answer) {
  const container = map.getContainer();
  const id = `answer-${answer}-${container.id}`;
  if (container.querySelector(`#${CSS.escape(id)}`)) return id;
  container.append(svg("svg", { class: "map-defs", width: 0, height: 0, "aria-hidden": "true" }, answerFill(id, answer)));
  return id;
}

function answerFill(id, answer) {
  const ground = svg("rect", { width: 8, height: 8, class: `map-answer map-answer--${answer}` });
  const lines = svg("path", { d: ANSWER_PATTERNS[answer], class: `map-answer-mark map-answer-mark--${answer}` });
  const turn = answer === "yes" ? "rotate(45)" : "";
  return svg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: turn }, ground, lines);
}

/** A sample for the legend. */
export function answerSample(map, answer) {
  const box = svg("rect", { x: 1, y: 1, width: 30, height: 18, fill: `url(#${answerPattern(map, answer)})`, class: "map-land" });
  box.style.fill = `url(#${answerPattern(map, answer)})`;
  return svg("svg", { viewBox: "0 0 32 20", width: 32, height: 20, "aria-hidden": "true" }, box);
}

/** The outer ring with the largest surface, as [lon, lat] pairs. */
function mainRing({ type, coordinates }) {
  const rings = type === "Polygon" ? [coordinates[0]] : coordinates.map((polygon) => polygon[0]);
  return rings.reduce((best, ring) => (Math.abs(surface(ring).area) > Math.abs(surface(best).area) ? ring : best));
}

/** Signed area (in degrees squared: only for comparison) and centre of gravity of a ring. */
function surface(ring) {
  let [area, x, y] = [0, 0, 0];
  for (let i = 0; i < ring.length - 1; i += 1) {
    const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
    area += cross / 2;
    x += (ring[i][0] + ring[i + 1][0]) * cross;
    y += (ring[i][1] + ring[i + 1][1]) * cross;
  }
  return { area, centre: [y / (6 * area), x / (6 * area)] };
}

/** Names the areas that have room for their name at the present zoom, and always the reader's own. */
function nameAreas(map, areas, ownCode) {
  const names = areas.map((area) => {
    const { code, name } = area.feature.properties;
    const isOwn = code === ownCode;
    const ring = mainRing(area.feature.geometry);
    const bounds = window.L.latLngBounds(ring.map(([lon, lat]) => [lat, lon]));
    return { isOwn, bounds, marker: nameMarker(map, surface(ring).centre, name, isOwn), needs: name.length * 8 + 12 };
  });
  const refresh = () => {
    const view = map.getBounds().pad(0.1);
    for (const name of names) {
      const fits = name.isOwn || hasRoom(map, name);
      if (fits && view.contains(name.marker.getLatLng())) name.marker.addTo(map);
      else name.marker.remove();
    }
  };
  map.on("moveend", refresh);
  refresh();
}

function hasRoom(map, { bounds, needs }) {
  const northEast = map.latLngToLayerPoint(bounds.getNorthEast());
  const southWest = map.latLngToLayerPoint(bounds.getSouthWest());
  return northEast.x - southWest.x > needs && southWest.y - northEast.y > 30;
}

function nameMarker(map, centre, name, isOwn) {
  const html = document.createElement("span");
  html.textContent = name;
  const className = isOwn ? "map-name map-name--own" : "map-name";
  const icon = window.L.divIcon({ html, className, iconSize: [0, 0] });
  return window.L.marker(centre, { icon, pane: pane(map, "names"), interactive: false, keyboard: false });
}

/** Hatched and with a dashed edge, so that it is told from the ground by pattern as well as colour. */
export function addDefinition(map, area) {
  const id = `hatch-${map.getContainer().id}`;
  map.getContainer().append(hatch(id));
  return window.L.geoJSON(area, {
    pane: pane(map, "definition"),
    interactive: false,
    style: { className: "map-definition", fillColor: `url(#${id})`, fillOpacity: 1, weight: 2 },
  }).addTo(map);
}

function hatch(id) {
  const line = svg("path", { d: "M0 0V10", class: "map-hatch" });
  const pattern = svg("pattern", { id, width: 10, height: 10, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, line);
  return svg("svg", { class: "map-defs", width: 0, height: 0, "aria-hidden": "true" }, pattern);
}
