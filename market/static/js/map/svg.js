/** SVG elements without strings of markup: nothing here can carry a style or a script. */

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const SHAPES = {
  circle: "M16 5a11 11 0 1 0 0 22 11 11 0 0 0 0-22Z",
  square: "M6 6h20v20H6Z",
  triangle: "M16 3.5 29 26.500H3Z",
  diamond: "M16 2.5 29.5 16 16 29.5 2.5 16Z",
  kitchen: "M3.5 14.5 16 3.500l12.5 11V28.500h-25Z",
};

/** The drawing of one place: its shape says what, its fill whether it is local, the dot that it is surplus. */
export function placeSymbol({ kind, shape, is_local: isLocal, is_surplus: isSurplus, text, colour }) {
  const isKitchen = kind === "kitchen";
  const classes = ["map-symbol", isKitchen ? "map-symbol--kitchen" : localClass(isLocal)];
  if (kind === "stop") classes.push("map-symbol--stop", routeClass(colour));
  const symbol = svg("svg", { viewBox: "0 0 32 32", width: 32, height: 32, class: classes.join(" "), "aria-hidden": "true" });
  symbol.append(svg("path", { d: SHAPES[isKitchen ? "kitchen" : shape] ?? SHAPES.circle, class: "map-symbol__shape" }));
  if (isKitchen && !text) symbol.append(svg("path", { d: "M12 13v4.500a2 2 0 0 0 4 0V13M14 19v6M20 13v12", class: "map-symbol__mark" }));
  if (text) symbol.append(svg("text", { x: 16, y: shape === "triangle" ? 23.5 : 20.5, class: "map-symbol__text" }, String(text)));
  if (isSurplus) symbol.append(surplusDot());
  return symbol;
}

function surplusDot() {
  return svg("g", { class: "map-surplus" }, svg("circle", { cx: 25, cy: 7, r: 6.5 }), svg("path", { d: "M25 3.800v3.700M25 9.800v.2" }));
}

function localClass(isLocal) {
  if (isLocal === true) return "map-symbol--local";
  return isLocal === false ? "map-symbol--not-local" : "map-symbol--unknown";
}

export function routeClass(colour) {
  return `route-${((colour ?? 0) % 8 + 8) % 8}`;
}
