/** A stop on its way: shows where it would stand, asks the server what that does, and puts it back. */

import { isSame, placeName, placeOf, stopsIn } from "./places.js";

const EFFECT = "#desk-effect";
const ANSWERED = new Set([409, 422]); // refused with words of its own

export class Mover {
  constructor(desk) {
    this.desk = desk;
    this.texts = JSON.parse(desk.dataset.texts);
    this.form = desk.querySelector("[data-desk-move]").closest("form");
    this.effect = desk.querySelector(EFFECT);
    document.addEventListener("htmx:beforeSwap", (event) => this.takeRefusals(event));
    this.desk.addEventListener("click", (event) => {
      if (!event.target.closest("[data-put-back]")) return;
      event.preventDefault();
      this.putBack();
    });
  }

  /** Shows the stop as lifted, at its own place. */
  lift(stop) {
    this.clear();
    this.effect.replaceChildren();
    this.stop = stop;
    this.from = placeOf(stop);
    stop.classList.add("is-lifted");
    this.show(this.from);
  }

  /** Marks where the stop would stand. */
  show(place) {
    this.unmark();
    this.place = place;
    if (!place) return;
    (place.cell ?? place.link).classList.add("is-target");
    if (place.cell === null) return;
    const others = stopsIn(place.cell, this.stop);
    others[place.position]?.classList.add("is-next");
    if (place.position > 0 && place.position === others.length) others.at(-1).classList.add("is-last");
  }

  name() {
    return placeName(this.place, this.stop, this.texts);
  }

  /** Leaves the stop where it is shown, and asks what that does. Nothing is asked where it stood before. */
  async drop() {
    if (!this.place || isSame(this.place, this.from)) return this.putBack();
    this.say(this.texts.tried);
    const fields = new FormData(this.form);
    for (const name of this.stop.dataset.shipments.split(" ")) fields.append("shipments", name);
    fields.append("stop", this.stop.dataset.place);
    fields.append("vehicle", this.place.vehicle);
    fields.append("shift", this.place.shift);
    if (this.place.position !== null) fields.append("position", this.place.position);
    await window.htmx.ajax("POST", this.form.action, { values: fields, target: EFFECT, swap: "innerHTML" });
    this.effect.querySelector("button, a[href]")?.focus({ preventScroll: true });
    this.effect.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  /** Everything as it was; the focus goes back to the stop. */
  putBack() {
    const { stop } = this;
    this.effect.replaceChildren();
    this.clear();
    if (!stop) return;
    this.say(this.texts.stays);
    stop.focus({ preventScroll: true });
  }

  clear() {
    this.unmark();
    this.stop?.classList.remove("is-lifted");
    this.stop = null;
    this.place = null;
  }

  unmark() {
    for (const name of ["is-target", "is-next", "is-last"]) {
      for (const marked of document.querySelectorAll(`.${name}`)) marked.classList.remove(name);
    }
  }

  say(text) {
    this.desk.querySelector("[data-desk-says]").textContent = text;
  }

  /** What was refused is shown where the effect would be. */
  takeRefusals({ detail }) {
    if (detail.target !== this.effect || !ANSWERED.has(detail.xhr.status)) return;
    detail.shouldSwap = true;
    detail.isError = false;
  }
}
