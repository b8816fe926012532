/**
 * Turns every [data-map] element into a map. The markup comes from templates/components/maps.html.
 *
 * data-geojson-url      a FeatureCollection; what its features may be:
 *   Point       id, title, lines (list of strings), url, shape ("circle", "square", "triangle", "diamond"),
 *               kind ("kitchen" and "stop" are never clustered; anything else is), is_local (true, false or null),
 *               links (a list of {label, url}: what is to be had there), is_surplus, text (a character or two drawn in the marker), colour (0–7, with kind "stop")
 *   LineString  title, number, colour (0–7), dashed, lines, url: one vehicle's route
 *   Polygon     title: an area drawn with a dashed edge, such as the expanding circle; the map shows all of it first
 *   The collection itself may carry "legend": a list of {shape, label} and what else placeSymbol() reads, and "areas":
 *   municipality code -> {answer, title, lines, url}. The answer, "yes", "uncertain" or "no", fills the municipality with a
 *   colour and a pattern; the rest is its popup. "in_view" lists the codes to show, where it is not the whole country.
 * data-borders-url      municipalities with the properties code and name: the ground
 * data-definition-url   any GeoJSON: the area that counts as local, hatched; fetched again when a filter that stands in it changes
 * data-own-code         the municipality whose name is always shown
 * data-tile-url, data-tile-attribution   only when the operator has a tile server
 * The element fires "map:drawn" with the FeatureMap as its detail each time the features are drawn.
 * data-follow-query     send the page's query string along, and fetch again after each htmx swap
 */

import { createMap, fetchJson } from "./map/create.js";
import { addDefinition, addGround, addTiles, paintAnswers } from "./map/ground.js";
import { drawLegend } from "./map/legend.js";
import { addAreas, addPlaces, addRoutes, tellAreas } from "./map/features.js";
import { followList } from "./map/list.js";

const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The address of the features: what the last swap said, else the element's own plus the page's filters. */
function sourceUrl(element) {
  const swapped = document.querySelector(`[data-map-source="${CSS.escape(element.id)}"]`);
  const url = new URL(swapped?.dataset.geojsonUrl ?? element.dataset.geojsonUrl, window.location.href);
  if (element.hasAttribute("data-follow-query")) {
    for (const [name, value] of new URLSearchParams(window.location.search)) url.searchParams.append(name, value);
  }
  return url.href;
}

/** The address of the area that counts as local, with the page's own values of the filters that stand in it. */
function areaUrl(element) {
  if (!element.dataset.definitionUrl) return null;
  const url = new URL(element.dataset.definitionUrl, window.location.href);
  if (element.hasAttribute("data-follow-query")) {
    for (const [name, value] of new URLSearchParams(window.location.search)) {
      if (url.searchParams.has(name)) url.searchParams.set(name, value);
    }
  }
  return url.href;
}

class FeatureMap {
  constructor(element) {
    this.element = element;
    this.figure = element.closest("figure");
    this.texts = JSON.parse(element.dataset.texts);
    this.map = createMap(element, this.texts);
    this.layers = window.L.layerGroup().addTo(this.map);
    this.places = new Map();
    this.routes = new Map();
    this.definition = null;
    followList(this);
    // A map in a folded part of the page learns its size when that part opens.
    new ResizeObserver(() => this.map.invalidateSize({ animate: false })).observe(element);
  }

  async start() {
    const { bordersUrl, tileUrl, tileAttribution, ownCode } = this.element.dataset;
    if (tileUrl) addTiles(this.map, tileUrl, tileAttribution);
    const ground = fetchJson(bordersUrl).then((borders) => { this.ground = addGround(this.map, borders, ownCode); return this.ground; });
    const results = await Promise.allSettled([ground, this.loadDefinition(), this.load()]);
    for (const { status, reason } of results) if (status === "rejected") this.fail(reason);
    this.paint();
    this.drawLegend();
    this.fit(results[0].value);
  }

  /** Fetches the features and draws them anew; a later call overtakes an earlier one. */
  async load() {
    const url = sourceUrl(this.element);
    if (url === this.url) return;
    this.url = url;
    this.request?.abort();
    this.request = new AbortController();
    this.collection = await fetchJson(url, this.request.signal);
    this.draw();
  }

  async loadDefinition() {
    const url = areaUrl(this.element);
    if (!url || url === this.definitionUrl) return;
    this.definitionUrl = url;
    const area = await fetchJson(url);
    if (url !== this.definitionUrl) return; // overtaken by a later choice
    if (this.definition) this.definition.clearLayers().addData(area);
    else this.definition = addDefinition(this.map, area);
  }

  draw() {
    const { features } = this.collection;
    const ofType = (...types) => features.filter((feature) => types.includes(feature.geometry?.type));
    this.layers.clearLayers();
    this.drawn = addAreas(this.layers, ofType("Polygon", "MultiPolygon"));
    this.routes = addRoutes(this.layers, ofType("LineString", "MultiLineString"), this.texts);
    this.places = addPlaces(this.layers, ofType("Point"), { texts: this.texts, isStill });
    this.element.dataset.places = this.places.size;
    this.say(this.texts.shown.replace("{n}", this.places.size));
    this.paint();
    this.element.dispatchEvent(new CustomEvent("map:drawn", { bubbles: true, detail: this }));
  }

  /** Once both are there: the municipalities with their answers. */
  paint() {
    if (!this.ground || !this.collection?.areas) return;
    paintAnswers(this.map, this.ground.areas, this.collection.areas);
    tellAreas(this.ground.areas, this.collection.areas, this.texts);
  }

  drawLegend() {
    const legend = this.figure.querySelector("[data-map-legend]");
    if (!legend || this.element.hasAttribute("data-no-legend")) return;
    drawLegend(legend, this.collection ?? { features: [] }, { texts: this.texts, hasDefinition: Boolean(this.definition?.getLayers().length), map: this.map });
  }

  /** Shows what matters first: the area that counts as local, else the features, else the own municipality, else all. */
  fit(ground = this.ground) {
    if (this.collection?.areas && ground?.all.isValid()) {
      this.map.fitBounds(this.answersInView(ground), { animate: false });
      return;
    }
    const bounds = window.L.latLngBounds([]);
    this.layers.eachLayer((layer) => bounds.extend(layer.getBounds?.() ?? layer.getLatLng()));
    // A kitchen alone, or one seller, says nothing without the land around it.
    if (this.places.size < 2 && ground?.own) bounds.extend(ground.own);
    const choices = [this.drawn?.getBounds(), this.definition?.getBounds(), bounds, ground?.own, ground?.all];
    const shown = choices.find((box) => box?.isValid());
    if (shown) this.map.fitBounds(shown.pad(0.08), { maxZoom: 11, animate: false });
  }

  /** The answers cover the country, unless the reader has chosen a part of it. */
  answersInView(ground) {
    const codes = new Set(this.collection.in_view);
    const bounds = window.L.latLngBounds([]);
    for (const area of ground.areas) if (codes.has(area.feature.properties.code)) bounds.extend(area.getBounds());
    return bounds.isValid() ? bounds.pad(0.08) : ground.all;
  }

  /** Whether what was fetched anew asks for another view: a part of the country, or an area that has outgrown this one. */
  hasLeftView(before) {
    if (this.collection.areas) return String(before?.in_view) !== String(this.collection.in_view);
    const view = this.map.getBounds();
    const area = this.drawn.getBounds();
    if (area.isValid()) return !view.contains(area) || this.map.getBoundsZoom(area) > this.map.getZoom() + 1;
    const markers = [...this.places.values()];
    return markers.length > 0 && !markers.some((marker) => view.contains(marker.getLatLng()));
  }

  /** After a swap of the list: the same filters on the map. The view stays unless it misses what matters. */
  async reload() {
    const before = this.collection;
    try {
      await Promise.all([this.load(), this.loadDefinition()]);
      this.drawLegend();
      if (this.collection !== before && this.hasLeftView(before)) this.fit();
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error) {
    if (error.name === "AbortError") return; // overtaken by a later request, which speaks for itself
    this.url = undefined;
    this.definitionUrl = undefined;
    console.error(error);
    this.say(this.texts.failed);
    this.figure.querySelector("[data-map-status]").classList.remove("visually-hidden");
  }

  say(text) {
    const status = this.figure.querySelector("[data-map-status]");
    status.classList.add("visually-hidden");
    status.textContent = text;
  }
}

const shown = new WeakMap();

function startAll(root) {
  for (const element of root.querySelectorAll("[data-map]")) {
    if (shown.has(element)) continue;
    const view = new FeatureMap(element);
    shown.set(element, view);
    view.start();
  }
}

document.addEventListener("htmx:afterSettle", () => {
  startAll(document);
  for (const element of document.querySelectorAll("[data-map]")) shown.get(element).reload();
});

startAll(document);
