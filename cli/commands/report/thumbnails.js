// SPDX-License-Identifier: Apache-2.0
"use strict";

// The pictures in the page: one in the middle of every shot at the report's own threshold, and
// some more for shots at lower thresholds; any other shot shows the nearest picture.
class Thumbnails {
  #images = new Map();

  constructor({frames, width, height, images}) {
    this.frames = frames;
    this.width = width;
    this.height = height;
    this.base64 = images;
  }

  get isEmpty() {
    return this.frames.length === 0;
  }

  /** Width divided by height. */
  get aspect() {
    return this.isEmpty ? 16 / 9 : this.width / this.height;
  }

  url(index) {
    return `data:image/jpeg;base64,${this.base64[index]}`;
  }

  /** Index of the picture nearest to the middle of the range, inside the range if possible; -1: no picture. */
  indexFor({startFrame, endFrame}) {
    if (this.isEmpty) return -1;
    const middle = (startFrame + endFrame - 1) / 2;
    let first = 0;
    for (let end = this.frames.length; first < end;) {
      const half = (first + end) >> 1;
      if (this.frames[half] < middle) {
        first = half + 1;
      } else {
        end = half;
      }
    }
    const candidates = [first - 1, first].filter((index) => index >= 0 && index < this.frames.length);
    const distance = (index) => {
      const frame = this.frames[index];
      const isOutside = frame < startFrame || frame >= endFrame;
      return Math.abs(frame - middle) + (isOutside ? Number.MAX_SAFE_INTEGER / 2 : 0);
    };
    return candidates.reduce((best, index) => (distance(index) < distance(best) ? index : best));
  }

  /** For a canvas; null while it is loading, and then calls `onLoad`. */
  image(index, onLoad) {
    let image = this.#images.get(index);
    if (image === undefined) {
      image = new Image();
      image.addEventListener("load", onLoad, {once: true});
      image.src = this.url(index);
      this.#images.set(index, image);
    }
    return image.complete && image.naturalWidth > 0 ? image : null;
  }
}
