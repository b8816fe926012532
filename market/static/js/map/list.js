/**
 * The list and the map point at each other: an item with data-feature-id lights up its marker under the pointer
 * or the focus, and a marker that is opened marks its item. Listens on the document: htmx may swap the list.
 */

const MARKED = "is-marked";
const SIDE_BY_SIDE = window.matchMedia("(min-width: 48rem)");
const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function itemOf(event) {
  return event.target instanceof Element ? event.target.closest("[data-feature-id]") : null;
}

/** The marker, or the cluster that it is in for the time being. */
function visibleElement(view, id) {
  const marker = view.places.get(id);
  if (!marker) return null;
  const parent = marker.__parent?._group?.getVisibleParent?.(marker);
  return (parent ?? marker).getElement?.() ?? null;
}

function lightUp(view, item, isLit) {
  visibleElement(view, item.dataset.featureId)?.classList.toggle("is-lit", isLit);
}

function markItem(id) {
  for (const item of document.querySelectorAll(`[data-feature-id].${MARKED}`)) item.classList.remove(MARKED);
  const items = document.querySelectorAll(`[data-feature-id="${CSS.escape(id)}"]`);
  if (!items.length) return;
  const [item] = items;
  for (const one of items) one.classList.add(MARKED);
  // Beside the map the list may move; beneath it, moving would carry the reader away from the popup.
  if (SIDE_BY_SIDE.matches) item.scrollIntoView({ block: "nearest", behavior: isStill ? "auto" : "smooth" });
}

export function followList(view) {
  const pass = (isLit) => (event) => {
    const item = itemOf(event);
    if (item && !item.contains(event.relatedTarget)) lightUp(view, item, isLit);
  };
  document.addEventListener("pointerover", pass(true));
  document.addEventListener("pointerout", pass(false));
  document.addEventListener("focusin", pass(true));
  document.addEventListener("focusout", pass(false));
  view.map.on("popupopen", ({ popup }) => {
    const { id, code } = popup._source?.feature?.properties ?? {};
    if (id !== undefined || code !== undefined) markItem(String(id ?? `area-${code}`));
  });
}
