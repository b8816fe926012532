/** The key to the signs: only those that are on the map just now. */

import { answerSample } from "./ground.js";
import { placeSymbol, routeClass, svg } from "./svg.js";

export function drawLegend(list, { features, legend, areas }, { texts, hasDefinition, map }) {
  const entries = [...placeEntries(features, legend, texts), ...routeEntries(features, texts)];
  if (areas) entries.push(...answerEntries(areas, texts, map));
  entries.push(...drawnEntries(features, texts));
  if (hasDefinition) entries.push([areaSample(), texts.definition]);
  list.replaceChildren(...entries.map(([sample, label]) => entry(sample, label)));
  list.hidden = entries.length === 0;
}

function entry(sample, label) {
  const item = document.createElement("li");
  item.append(sample, label);
  return item;
}

function placeEntries(features, legend, texts) {
  const places = features.filter((feature) => feature.geometry?.type === "Point").map((feature) => feature.properties);
  const sellers = places.filter(({ kind }) => kind !== "kitchen" && kind !== "stop");
  const entries = (legend ?? []).map(({ label, ...sign }) => [placeSymbol({ is_local: null, ...sign }), label]);
  const add = (isShown, properties, label) => isShown && entries.push([placeSymbol(properties), label]);
  const judged = (isLocal) => sellers.find((place) => place.is_local === isLocal);
  for (const [isLocal, label] of [[true, texts.local], [false, texts.notLocal]]) {
    add(judged(isLocal), { is_local: isLocal, shape: judged(isLocal)?.shape }, label);
  }
  add(!legend && sellers.some((place) => typeof place.is_local !== "boolean"), { is_local: null }, texts.producer);
  add(sellers.some((place) => place.is_surplus), { is_local: null, is_surplus: true }, texts.surplus);
  add(places.some(({ kind }) => kind === "kitchen"), { kind: "kitchen" }, texts.kitchen);
  return entries;
}

function routeEntries(features, texts) {
  return features
    .filter((feature) => feature.geometry?.type.endsWith("LineString") && feature.properties.number !== undefined)
    .map(({ properties }) => [routeSample(properties), properties.title ?? `${texts.route} ${properties.number}`]);
}

function answerEntries(areas, texts, map) {
  const given = new Set(Object.values(areas).map(({ answer }) => answer));
  return [["yes", texts.local], ["uncertain", texts.uncertain], ["no", texts.notLocal]]
    .filter(([answer]) => given.has(answer))
    .map(([answer, label]) => [answerSample(map, answer), label]);
}

/** The areas among the features, once for each name. */
function drawnEntries(features, texts) {
  const drawn = features.filter((feature) => feature.geometry?.type.endsWith("Polygon"));
  const names = new Set(drawn.map(({ properties }) => properties.title ?? texts.definition));
  return [...names].map((name) => [drawnSample(), name]);
}

function drawnSample() {
  const edge = svg("rect", { x: 2, y: 2, width: 28, height: 16, "stroke-width": 2, class: "map-area" });
  return svg("svg", { viewBox: "0 0 32 20", width: 32, height: 20, "aria-hidden": "true" }, edge);
}

function routeSample({ colour, dashed, number }) {
  const className = `map-route ${routeClass(colour)}${dashed ? " map-route--dashed" : ""}`;
  const line = svg("path", { d: "M1 10H39", class: className, "stroke-width": 4, fill: "none" });
  const disc = document.createElement("span");
  disc.className = `map-route-number ${routeClass(colour)}`;
  disc.textContent = number;
  const sample = document.createElement("span");
  sample.className = "map__legend-route";
  sample.append(svg("svg", { viewBox: "0 0 40 20", width: 40, height: 20, "aria-hidden": "true" }, line), disc);
  return sample;
}

function areaSample() {
  const edge = svg("rect", { x: 2, y: 2, width: 28, height: 16, fill: "none", class: "map-definition" });
  const lines = svg("path", { d: "M6 18 20 2M14 18 28 2", class: "map-hatch" });
  return svg("svg", { viewBox: "0 0 32 20", width: 32, height: 20, "aria-hidden": "true" }, lines, edge);
}
