// SPDX-License-Identifier: Apache-2.0
"use strict";

// The corrections of this report: their history, and their copy in the browser. The copy has the name of the result, so
// that no report of another video or of another result sees it.
class CorrectionsStore {
  static #mostSteps = 500;

  #key;
  #onChange;
  #state = Corrections.none;
  #undo = [];
  #redo = [];

  /** `onChange(state)`: after each change, also one in another window. */
  constructor(resultId, frameCount, onChange) {
    this.#key = `transnet-corrections/1/${resultId}`;
    this.#onChange = onChange;
    this.isKept = true;
    try {
      this.#state = Corrections.parse(localStorage.getItem(this.#key) ?? "", frameCount) ?? Corrections.none;
    } catch {  // a browser that stores nothing for files
      this.isKept = false;
    }
    window.addEventListener("storage", (event) => {
      if (event.key !== this.#key) return;
      const state = event.newValue === null ? Corrections.none : Corrections.parse(event.newValue, frameCount);
      if (state !== null) this.#show(state, this.#undo, []);
    });
  }

  get state() {
    return this.#state;
  }

  get canUndo() {
    return this.#undo.length > 0;
  }

  get canRedo() {
    return this.#redo.length > 0;
  }

  /** A correction: it can be undone. */
  change(state) {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#show(state, [...this.#undo.slice(-CorrectionsStore.#mostSteps), this.#state], []);
    this.#keep();
  }

  undo() {
    if (!this.canUndo) return;
    this.#show(this.#undo.at(-1), this.#undo.slice(0, -1), [...this.#redo, this.#state]);
    this.#keep();
  }

  redo() {
    if (!this.canRedo) return;
    this.#show(this.#redo.at(-1), [...this.#undo, this.#state], this.#redo.slice(0, -1));
    this.#keep();
  }

  #show(state, undo, redo) {
    this.#state = state;
    this.#undo = undo;
    this.#redo = redo;
    this.#onChange(state);
  }

  #keep() {
    try {
      if (Corrections.isEmpty(this.#state)) {
        localStorage.removeItem(this.#key);
      } else {
        localStorage.setItem(this.#key, JSON.stringify(this.#state));
      }
      this.isKept = true;
    } catch {  // not allowed, or full
      this.isKept = false;
    }
  }
}
