/** Places, routes and areas from GeoJSON, with popups and names that a screen reader can say. */

import { placeSymbol, routeClass } from "./svg.js";

const NEVER_CLUSTERED = new Set(["kitchen", "stop"]);
const HIT_AREA = 44;

/** Adds the Point features; returns a Map from feature id (as text) to its marker. */
export function addPlaces(layers, features, { texts, isStill }) {
  const cluster = clusterGroup({
    maxClusterRadius: 28,
    showCoverageOnHover: false,
    animate: !isStill,
    iconCreateFunction: (group) => clusterIcon(group, texts),
  });
  const alone = window.L.featureGroup();
  const places = new Map();
  for (const feature of features) {
    const marker = placeMarker(feature, texts);
    (NEVER_CLUSTERED.has(feature.properties.kind) ? alone : cluster).addLayer(marker);
    places.set(String(feature.properties.id ?? feature.id), marker);
  }
  for (const group of [cluster, alone]) if (group.getLayers().length) layers.addLayer(group);
  return places;
}

/** Pages whose places are never clustered do without the script for it. */
function clusterGroup(options) {
  return window.L.markerClusterGroup?.(options) ?? window.L.featureGroup();
}

function placeMarker(feature, texts) {
  const [lon, lat] = feature.geometry.coordinates;
  const { properties } = feature;
  const icon = window.L.divIcon({ html: placeSymbol(properties), className: "map-place", iconSize: [HIT_AREA, HIT_AREA] });
  const marker = window.L.marker([lat, lon], {
    icon,
    title: properties.title,
    // Food is what one looks for: the own kitchen never covers it.
    zIndexOffset: properties.kind === "kitchen" ? -1000 : NEVER_CLUSTERED.has(properties.kind) ? 500 : 0,
    riseOnHover: true,
  });
  marker.feature = feature;
  marker.on("add", () => marker.getElement()?.setAttribute("aria-label", spokenName(properties, texts)));
  marker.bindPopup(() => popupContent(properties, texts), { autoPanPadding: [24, 24], maxWidth: 260 });
  keepFocus(marker, texts);
  return marker;
}

/** "Ålunds grönsaker, 120 kg morötter, Lokalt, Överskott": what the symbol shows, in words. */
function spokenName(properties, texts) {
  const facts = [properties.title, properties.lines?.[0]];
  if (properties.kind === "kitchen") facts.splice(0, 0, texts.kitchen);
  if (typeof properties.is_local === "boolean") facts.push(properties.is_local ? texts.local : texts.notLocal);
  if (properties.is_surplus) facts.push(texts.surplus);
  return facts.filter(Boolean).join(", ");
}

/** Into the popup when it opens by keyboard, back to the marker when it closes. */
function keepFocus(marker, texts) {
  let hasFocus = false;
  marker.on("popupopen", ({ popup }) => {
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", texts.close);
    hasFocus = document.activeElement === marker.getElement();
    if (hasFocus) (popup.getElement().querySelector(".map-popup a[href]") ?? close).focus();
  });
  marker.on("popupclose", ({ popup }) => {
    // Without animations the popup is already gone, and the focus has fallen to the body.
    const active = document.activeElement;
    if (hasFocus && (active === document.body || popup.getElement()?.contains(active))) marker.getElement()?.focus();
  });
}

function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function link(href, text, about) {
  const node = element("a", "map-popup__link", text);
  node.href = href;
  node.setAttribute("aria-label", `${text}: ${about}`);
  return node;
}

function linkList(links) {
  const list = element("ul", "map-popup__list");
  for (const { label, url } of links) {
    const item = element("li");
    const anchor = element("a", "", label);
    anchor.href = url;
    item.append(anchor);
    list.append(item);
  }
  return list;
}

function popupContent(properties, texts) {
  const content = element("div", "map-popup");
  content.append(element("p", "map-popup__title", properties.title));
  for (const line of properties.lines ?? []) content.append(element("p", "", line));
  if (properties.links?.length) content.append(linkList(properties.links));
  const row = document.querySelector(`[data-feature-id="${CSS.escape(String(properties.id))}"]`);
  const links = element("p", "map-popup__links");
  if (properties.url) links.append(link(properties.url, texts.open, properties.title));
  if (row?.id) links.append(link(`#${row.id}`, texts.inList, properties.title));
  if (links.childElementCount) content.append(links);
  return content;
}

function clusterIcon(group, texts) {
  const html = element("span", "map-cluster__disc");
  html.append(element("span", "", String(group.getChildCount())), element("span", "visually-hidden", ` ${texts.places}`));
  const hasSurplus = group.getAllChildMarkers().some((marker) => marker.feature.properties.is_surplus);
  const className = hasSurplus ? "map-cluster map-cluster--surplus" : "map-cluster";
  return window.L.divIcon({ html, className, iconSize: [HIT_AREA, HIT_AREA] });
}

/** One line per vehicle, with a pale edge so that crossings read, and its number on it; returns a Map from number to its layers. */
export function addRoutes(layers, features, texts) {
  const routes = new Map();
  for (const feature of features) {
    const { number, colour, dashed, title } = feature.properties;
    const className = ["map-route", routeClass(colour), dashed ? "map-route--dashed" : ""].join(" ").trim();
    const line = (name, weight) => window.L.geoJSON(feature, { interactive: name !== "map-route-edge", style: { className: name, weight, fill: false } });
    const edge = line("map-route-edge", 8); // made first: a group draws its layers in the order in which they were made
    const route = line(className, 4).bindPopup(() => popupContent({ title: title ?? `${texts.route} ${number}`, ...feature.properties }, texts));
    const own = window.L.featureGroup([edge, route]);
    if (number !== undefined) own.addLayer(numberMarker(feature, number, colour));
    layers.addLayer(own);
    routes.set(number, own);
  }
  return routes;
}

function numberMarker({ geometry }, number, colour) {
  const points = geometry.type === "LineString" ? geometry.coordinates : geometry.coordinates.flat();
  const [lon, lat] = between(points[Math.floor((points.length - 1) / 2)], points[Math.ceil(points.length / 2)]);
  const icon = window.L.divIcon({
    html: element("span", `map-route-number ${routeClass(colour)}`, String(number)),
    className: "map-route-label",
    iconSize: [0, 0],
  });
  return window.L.marker([lat, lon], { icon, interactive: false, keyboard: false, zIndexOffset: 400 });
}

function between(from, to) {
  return to ? [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] : from;
}

/** Areas among the features: the expanding circle, a draft of what is local. Returns them as one layer. */
export function addAreas(layers, features) {
  const areas = window.L.geoJSON(features, { interactive: false, style: { className: "map-area", weight: 2 } });
  layers.addLayer(areas);
  return areas;
}

/** Lets each municipality of the ground tell its answer where it is clicked; `facts` is by municipality code. */
export function tellAreas(areas, facts, texts) {
  for (const area of areas) {
    const { code } = area.feature.properties;
    if (!(code in facts)) continue;
    const tell = () => popupContent({ id: `area-${code}`, ...facts[code] }, texts);
    if (area.getPopup()) area.setPopupContent(tell);
    else hearClicks(area).bindPopup(tell, { autoPanPadding: [24, 24], maxWidth: 280 });
  }
}

/** The ground is drawn deaf, because most maps have nothing to say about it. */
function hearClicks(area) {
  const element = area.getElement();
  element.classList.add("leaflet-interactive");
  return area.addInteractiveTarget(element);
}
