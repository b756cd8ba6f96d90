// SPDX-License-Identifier: Apache-2.0
"use strict";

// The bar that corrects the shot at the playhead: buttons, the fields of its name and its note, and their keys.
class Editor {
  #store;
  #place;
  #labelled = null;  // the shot whose name is in the fields
  #byId = (id) => document.getElementById(id);

  /**
   * `place()`: {decision, index, isInGap, frame, label}, the shot at the playhead, whether the playhead is between it and
   * the next one, its frame, and the label of the shot. An index below 0: there is no shot.
   */
  constructor(store, place) {
    this.#store = store;
    this.#place = place;
    const buttons = {
      "cut-here": () => this.#cut(),
      "join-next": () => this.#join(),
      "begin-here": () => this.#begin(),
      "end-here": () => this.#end(),
      "undo": () => store.undo(),
      "redo": () => store.redo(),
      "discard": () => store.change(Corrections.none),
    };
    for (const [id, action] of Object.entries(buttons)) this.#byId(id).addEventListener("click", action);
    for (const field of this.#fields()) {
      // The fields keep their shot while the user types, also if the video plays on.
      field.addEventListener("change", () => this.#name());
      field.addEventListener("blur", () => this.show());
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter") field.blur();
        if (event.key !== "Escape") return;
        this.#fill();
        field.blur();
      });
    }
  }

  /** The keys of the page, as functions. */
  get actions() {
    return {
      c: () => this.#cut(),
      j: () => this.#join(),
      "[": () => this.#begin(),
      "]": () => this.#end(),
      n: () => this.#byId("shot-name").select(),
    };
  }

  /** Shows the state of the shot at the playhead. */
  show() {
    const {decision, index, frame} = this.#place();
    const store = this.#store;
    this.#byId("edited-shot").textContent = index < 0 ? "No shot" : `Shot ${index + 1}`;
    this.#byId("cut-here").disabled = !Corrections.canCut(decision, frame);
    this.#byId("join-next").disabled = !(index >= 0 && index + 1 < decision.shots.length);
    this.#byId("begin-here").disabled = this.#newBegin() === null;
    this.#byId("end-here").disabled = this.#newEnd() === null;
    this.#byId("undo").disabled = !store.canUndo;
    this.#byId("redo").disabled = !store.canRedo;
    this.#byId("discard").disabled = Corrections.isEmpty(store.state);
    const isLost = !store.isKept && !Corrections.isEmpty(store.state);
    this.#byId("edit-status").textContent = isLost ? "This browser does not keep corrections: download them." : "";
    if (!this.#fields().includes(document.activeElement)) this.#fill();
  }

  /** The border between the shots `index` and `index` + 1 becomes a cut at the frame, as far as both keep a frame. */
  moveBorder(index, frame) {
    const {decision} = this.#place();
    const [left, right] = [decision.shots[index], decision.shots[index + 1]];
    if (left === undefined || right === undefined) return;
    const at = Math.min(Math.max(frame, left.startFrame + 1), right.endFrame - 1);
    if (at === right.startFrame && at === left.endFrame) return;
    this.#store.change(Corrections.moveBorder(this.#store.state, decision, left, right, at));
  }

  #fields() {
    return [this.#byId("shot-name"), this.#byId("shot-note")];
  }

  #fill() {
    const {decision, index, label} = this.#place();
    this.#labelled = decision.shots[index] ?? null;
    const [name, note] = this.#fields();
    name.value = label?.name ?? "";
    note.value = label?.note ?? "";
    for (const field of [name, note]) field.disabled = this.#labelled === null;
  }

  #name() {
    if (this.#labelled === null) return;
    const [name, note] = this.#fields().map(({value}) => value);
    this.#store.change(Corrections.label(this.#store.state, this.#labelled, {name, note}));
  }

  #cut() {
    const {decision, frame} = this.#place();
    if (Corrections.canCut(decision, frame)) this.#store.change(Corrections.cut(this.#store.state, decision, frame));
  }

  #join() {
    const {decision, index} = this.#place();
    const [left, right] = [decision.shots[index], decision.shots[index + 1]];
    if (left === undefined || right === undefined) return;
    this.#store.change(Corrections.join(this.#store.state, decision, left, right));
  }

  /** {index, frame} of the border to move so that the shot begins at the playhead; null: it cannot. */
  #newBegin() {
    const {decision, index, isInGap, frame} = this.#place();
    return Editor.#border(decision, isInGap ? index : index - 1, frame);
  }

  #newEnd() {
    const {decision, index, frame} = this.#place();
    return Editor.#border(decision, index, frame + 1);
  }

  static #border({shots}, index, frame) {
    const [left, right] = [shots[index], shots[index + 1]];
    const isPossible = left !== undefined && right !== undefined && left.startFrame < frame && frame < right.endFrame;
    return isPossible && !(left.endFrame === frame && right.startFrame === frame) ? {index, frame} : null;
  }

  #begin() {
    const border = this.#newBegin();
    if (border !== null) this.moveBorder(border.index, border.frame);
  }

  #end() {
    const border = this.#newEnd();
    if (border !== null) this.moveBorder(border.index, border.frame);
  }
}
