/** The board and the map point at each other: a run is its number in both. */

const LIT = "is-lit";

export function linkMap(desk) {
  const canvas = desk.querySelector("[data-map]");
  let view = null;
  let chosen = null;

  /** Lights one run on the map and lets the others fade; null lights none. */
  function light(number) {
    canvas.classList.toggle("has-lit", number !== null);
    for (const [own, layers] of view?.routes ?? []) layers.eachLayer((layer) => lightLayer(layer, own === number));
  }

  function show(number) {
    const layers = view?.routes.get(number);
    if (layers) view.map.fitBounds(layers.getBounds().pad(0.1), { maxZoom: 11 });
  }

  const pointing = (isOver) => (event) => {
    const run = runOf(event.target);
    if (run === null || run === runOf(event.relatedTarget)) return;
    light(isOver ? run : chosen);
  };
  desk.addEventListener("pointerover", pointing(true));
  desk.addEventListener("pointerout", pointing(false));
  desk.addEventListener("focusin", pointing(true));
  desk.addEventListener("focusout", pointing(false));
  desk.addEventListener("desk:chosen", ({ detail }) => {
    chosen = runOf(detail);
    light(chosen);
    show(chosen);
  });
  canvas.addEventListener("map:drawn", ({ detail }) => {
    view = detail;
    for (const [number, layers] of view.routes) {
      layers.on("mouseover", () => lightRun(desk, number, true));
      layers.on("mouseout", () => lightRun(desk, number, false));
    }
    for (const [id, marker] of view.places) {
      marker.on("mouseover", () => lightStops(desk, id, true));
      marker.on("mouseout", () => lightStops(desk, id, false));
    }
    light(chosen);
  });
}

function runOf(node) {
  const run = node instanceof Element ? node.closest("[data-run]") : null;
  return run ? Number(run.dataset.run) : null;
}

function lightLayer(layer, isLit) {
  if (layer.eachLayer) layer.eachLayer((inner) => lightLayer(inner, isLit));
  else layer.getElement()?.classList.toggle(LIT, isLit);
}

function lightRun(desk, number, isLit) {
  for (const run of desk.querySelectorAll(`[data-run="${number}"]`)) run.classList.toggle(LIT, isLit);
}

function lightStops(desk, id, isLit) {
  for (const stop of desk.querySelectorAll(`[data-stop][data-feature-id="${CSS.escape(id)}"]`)) stop.classList.toggle(LIT, isLit);
}
