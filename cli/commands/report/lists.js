// SPDX-License-Identifier: Apache-2.0
"use strict";

// The shots and the clips as lists. Rows stay while their content does, so that moving the threshold only updates the
// changed ones; pictures are decoded when they come into view.

/** Makes an element; its text is never read as HTML. */
function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  if (text !== "") element.textContent = text;
  return element;
}

/** One stop of the tab key for a list of buttons; arrow keys, Home, End and the page keys move within the list. */
class RovingFocus {
  #list;
  #current = null;

  constructor(list) {
    this.#list = list;
    list.addEventListener("keydown", (event) => this.#onKey(event));
    list.addEventListener("focusin", (event) => this.#makeCurrent(event.target.closest("button")));
  }

  /** Call it after the rows have changed. */
  update() {
    if (this.#current !== null && this.#list.contains(this.#current)) return;
    this.#current = null;
    this.#makeCurrent(this.#list.querySelector("button"));
  }

  #makeCurrent(button) {
    if (button === null || button === this.#current) return;
    if (this.#current !== null) this.#current.tabIndex = -1;
    button.tabIndex = 0;
    this.#current = button;
  }

  /** Number of rows side by side. */
  #columns(rows, at) {
    const top = rows[at].offsetTop;
    let first = at;
    while (first > 0 && rows[first - 1].offsetTop === top) --first;
    let end = at + 1;
    while (end < rows.length && rows[end].offsetTop === top) ++end;
    if (first === 0 || end - first > 1) return end - first;
    return Math.max(1, Math.round(this.#list.clientWidth / rows[at].offsetWidth));
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#current === null) return;
    const rows = [...this.#list.children];
    const at = rows.indexOf(this.#current.closest("li"));
    if (at < 0) return;
    const columns = this.#columns(rows, at);
    const moves = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      PageUp: -10 * columns,
      PageDown: 10 * columns,
      Home: -at,
      End: rows.length - 1 - at,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const target = Math.min(Math.max(at + move, 0), rows.length - 1);
    rows[target].querySelector("button").focus();
  }
}

/** A list whose rows are made and filled by `row`: make(item), fill(element, item, index), keyOf(item). */
class RowList {
  // The browser's own limit is memory; nobody looks at more rows than this.
  static #mostRows = 10000;

  #list;
  #row;
  #elements = new Map();
  #focus;
  #marked = null;

  constructor(list, row) {
    this.#list = list;
    this.#row = row;
    this.#focus = new RovingFocus(list);
  }

  /** Shows these; returns the number of those without room. */
  show(items) {
    const shown = items.slice(0, RowList.#mostRows);
    const elements = new Map();
    for (const [index, item] of shown.entries()) {
      const key = this.#row.keyOf(item);
      const element = this.#elements.get(key) ?? this.#row.make(item);
      this.#row.fill(element, item, index);
      elements.set(key, element);
    }
    for (const [key, element] of this.#elements) {
      if (!elements.has(key)) element.remove();
    }
    let next = this.#list.firstElementChild;
    for (const element of elements.values()) {
      if (element === next) {
        next = next.nextElementSibling;
      } else {
        this.#list.insertBefore(element, next);
      }
    }
    this.#elements = elements;
    this.#focus.update();
    return items.length - shown.length;
  }

  /** Marks the row of an item, or none. */
  mark(item) {
    const element = item === null ? null : this.#elements.get(this.#row.keyOf(item)) ?? null;
    if (element === this.#marked) return;
    this.#marked?.querySelector("button").removeAttribute("aria-current");
    element?.querySelector("button").setAttribute("aria-current", "true");
    this.#marked = element;
  }
}

/** Sets pictures of rows when they come near the window, and all of them before the page is printed. */
class LazyPictures {
  #thumbnails;
  #observer;
  #waiting = new Set();

  constructor(thumbnails) {
    this.#thumbnails = thumbnails;
    this.#observer = new IntersectionObserver((entries) => {
      for (const {isIntersecting, target} of entries) {
        if (isIntersecting) this.#load(target);
      }
    }, {rootMargin: "400px"});
    window.addEventListener("beforeprint", () => this.#waiting.forEach((image) => this.#load(image)));
  }

  set(image, index) {
    if (image.dataset.index === String(index)) return;
    image.dataset.index = String(index);
    if (image.hasAttribute("src")) {
      image.src = this.#thumbnails.url(index);
      return;
    }
    this.#waiting.add(image);
    this.#observer.observe(image);
  }

  #load(image) {
    this.#observer.unobserve(image);
    this.#waiting.delete(image);
    image.src = this.#thumbnails.url(Number(image.dataset.index));
  }
}
