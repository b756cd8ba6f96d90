// SPDX-License-Identifier: Apache-2.0
"use strict";

// The timeline: pictures, shots and clips, both curves and the threshold on one canvas, the whole video or the analysed
// part of it on a smaller one below. It shows the given data and reports the user's actions.
class TimelineView {
  static #stripHeight = 46;
  static #bandTop = 52;
  static #bandHeight = 12;
  static #curveTop = 76;
  static #axisHeight = 22;
  static #left = 34;
  static #right = 8;

  #canvas;
  #overview;
  #video;
  #decision = {transitions: [], shots: [], clips: []};
  #threshold = 0;
  #playheadS = 0;
  #hoverX = null;
  #view;
  #palette = null;
  #isDue = false;
  #isStale = true;
  #layers = {main: document.createElement("canvas"), overview: document.createElement("canvas")};
  #shows = {single: true, many: true};
  #peaks;

  /**
   * `video`: timeline, single, manyHot (may be null), thumbnails. `events`: onSeek(timeS), onThreshold(value),
   * onBorder(shot, timeS): the border behind that shot was moved, onHover(x, timeS) or onHover(null), onView().
   */
  constructor(canvas, overview, video, events) {
    this.#canvas = canvas;
    this.#overview = overview;
    this.#video = video;
    this.events = events;
    // The range that can be shown: all of the video, or its analysed part.
    this.startS = video.timeline.partStartS;
    this.endS = video.timeline.partEndS;
    this.#view = {startS: this.startS, endS: this.endS};
    const {timeline, single, manyHot} = video;
    this.#peaks = {
      single: Drawing.peaksOf(single, timeline),
      many: manyHot === null ? [] : Drawing.peaksOf(manyHot, timeline),
    };
    const observer = new ResizeObserver(() => this.redraw());
    observer.observe(canvas);
    observer.observe(overview);
  }

  show(decision, threshold) {
    this.#decision = decision;
    this.#threshold = threshold;
    this.redraw();
  }

  showCurve(name, isShown) {
    this.#shows[name] = isShown;
    this.redraw();
  }

  set playheadS(timeS) {
    this.#playheadS = timeS;
    this.#request();
  }

  get view() {
    return {...this.#view};
  }

  get isZoomed() {
    return this.#view.endS - this.#view.startS < this.#lengthS * 0.999;
  }

  get #lengthS() {
    return this.endS - this.startS;
  }

  forgetColours() {
    this.#palette = null;
    this.redraw();
  }

  /** Zooms by `factor` around `centreS`, which keeps its place. */
  zoom(factor, centreS = (this.#view.startS + this.#view.endS) / 2) {
    const {startS, endS} = this.#view;
    const leastS = Math.min(this.#lengthS, 8 / this.#video.timeline.framerate);
    const lengthS = Math.min(Math.max((endS - startS) / factor, leastS), this.#lengthS);
    const share = (centreS - startS) / (endS - startS);
    this.#setView(centreS - share * lengthS, lengthS);
  }

  fit() {
    this.#setView(this.startS, this.#lengthS);
  }

  pan(byS) {
    this.#setView(this.#view.startS + byS, this.#view.endS - this.#view.startS);
  }

  /** Moves the view just enough to show the time. */
  reveal(timeS) {
    const {startS, endS} = this.#view;
    const lengthS = endS - startS;
    if (timeS < startS || timeS > endS) this.#setView(timeS - lengthS / 4, lengthS);
  }

  #setView(startS, lengthS) {
    const start = Math.min(Math.max(startS, this.startS), this.endS - lengthS);
    this.#view = {startS: start, endS: start + lengthS};
    this.redraw();
    this.events.onView();
  }

  redraw() {
    this.#isStale = true;
    this.#request();
  }

  /** Paints before the screen's next frame: all changed parts, and always the few moving ones. */
  #request() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#palette ??= Drawing.paletteOf(this.#canvas.parentElement);
      if (this.#canvas.clientWidth === 0) return;
      if (this.#isStale) {
        this.#isStale = false;
        this.#paint();
        this.#paintOverview();
      }
      this.#paintMoving();
    });
  }

  /** A canvas as large as `shown` at the resolution of the screen: its context, width and height in CSS pixels. */
  static #prepare(canvas, shown) {
    const width = shown.clientWidth;
    const height = shown.clientHeight;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return {context, width, height};
  }

  /** Shows `layer` on `canvas`; returns the canvas in the same form. */
  static #show(canvas, layer) {
    if (canvas.width !== layer.width || canvas.height !== layer.height) {
      canvas.width = layer.width;
      canvas.height = layer.height;
    }
    const ratio = layer.width / canvas.clientWidth;
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, layer.width, layer.height);
    context.drawImage(layer, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  #scale(width = this.#canvas.clientWidth) {
    const plotWidth = Math.max(1, width - TimelineView.#left - TimelineView.#right);
    return new Drawing.Scale(this.#view.startS, this.#view.endS, TimelineView.#left, plotWidth);
  }

  #yOf(height) {
    const top = TimelineView.#curveTop;
    const bottom = height - TimelineView.#axisHeight;
    return (probability) => bottom - probability * (bottom - top);
  }

  #paint() {
    const {context, width, height} = TimelineView.#prepare(this.#layers.main, this.#canvas);
    const scale = this.#scale(width);
    const palette = this.#palette;
    const yOf = this.#yOf(height);
    const bottom = yOf(0);
    Drawing.timeAxis(context, palette, scale, TimelineView.#bandTop, height - 2);
    Drawing.probabilityAxis(context, palette, scale, yOf);
    context.save();
    context.beginPath();
    context.rect(scale.left, 0, scale.width, height);
    context.clip();
    this.#drawStrip(context, scale);
    Drawing.shotBand(context, palette, scale, this.#decision, TimelineView.#bandTop, TimelineView.#bandHeight);
    Drawing.transitionMarks(context, palette, scale, this.#decision.transitions, TimelineView.#curveTop, bottom);
    this.#drawCurves(context, scale, yOf, bottom);
    context.restore();
    Drawing.thresholdLine(context, palette, scale, yOf(this.#threshold));
  }

  #paintMoving() {
    const context = TimelineView.#show(this.#canvas, this.#layers.main);
    const scale = this.#scale();
    const bottom = this.#yOf(this.#canvas.clientHeight)(0);
    if (this.#hoverX !== null) Drawing.verticalLine(context, this.#palette.muted, this.#hoverX, 0, bottom);
    const playheadX = scale.x(this.#playheadS);
    if (playheadX >= scale.left - 1 && playheadX <= scale.left + scale.width + 1) {
      Drawing.verticalLine(context, this.#palette.playhead, playheadX, 0, bottom + 4, 2);
    }
    const overview = TimelineView.#show(this.#overview, this.#layers.overview);
    const overviewX = this.#overviewScale().x(this.#playheadS);
    Drawing.verticalLine(overview, this.#palette.playhead, overviewX, 0, this.#overview.clientHeight);
  }

  /** Whether a curve would be a comb: eight frames or more share a pixel. */
  static #isDense(timeline, scale) {
    return scale.pixelsPerSecond * 8 < timeline.framerate;
  }

  #drawCurves(context, scale, yOf, bottom) {
    const {timeline, single, manyHot} = this.#video;
    if (TimelineView.#isDense(timeline, scale)) {
      if (this.#shows.many) Drawing.peakDensity(context, this.#palette.many, this.#peaks.many, scale, yOf, 0.6);
      if (this.#shows.single) Drawing.peakDensity(context, this.#palette.single, this.#peaks.single, scale, yOf, 1);
      return;
    }
    if (manyHot !== null && this.#shows.many) {
      const points = Drawing.curvePath(context, manyHot, timeline, scale, yOf, false);
      Drawing.fillCurve(context, this.#palette.many, points, bottom);
    }
    if (this.#shows.single) {
      const points = Drawing.curvePath(context, single, timeline, scale, yOf, true);
      Drawing.strokeCurve(context, this.#palette.single, points, scale.pixelsPerSecond / timeline.framerate);
    }
  }

  /** A picture for every shot that is wide enough, and one for each group of narrow shots. */
  #drawStrip(context, scale) {
    const {thumbnails} = this.#video;
    const height = TimelineView.#stripHeight;
    context.fillStyle = this.#palette.sunken;
    context.fillRect(scale.left, 0, scale.width, height);
    if (thumbnails.isEmpty) return;
    const slot = height * thumbnails.aspect;
    const paint = (range, left, right) => {
      const image = thumbnails.image(thumbnails.indexFor(range), () => this.redraw());
      if (image === null) return;
      for (let x = left; x < right; x += slot) {
        const width = Math.min(slot, right - x);
        if (width > 3) Drawing.coverWith(context, image, x, 0, width, height);
      }
    };
    // Narrow shots share the places of a grid that moves with the video, so that pictures stay while it is moved.
    const slotS = slot / scale.pixelsPerSecond;
    let group = null;
    const finish = () => {
      if (group !== null) paint(group.longest, group.left, group.right - 1);
      group = null;
    };
    for (const {left, right, range} of Drawing.visibleRanges(this.#decision.shots, scale, 0.01)) {
      const lengthS = range.endS - range.startS;
      if (lengthS >= slotS / 2) {
        finish();
        paint(range, left, right - 1);
        continue;
      }
      const place = Math.floor((range.startS + range.endS) / 2 / slotS);
      if (group !== null && group.place !== place) finish();
      group ??= {place, left, right, longest: range};
      group.right = right;
      if (lengthS > group.longest.endS - group.longest.startS) group.longest = range;
    }
    finish();
  }

  #paintOverview() {
    const {context, height} = TimelineView.#prepare(this.#layers.overview, this.#overview);
    const palette = this.#palette;
    const scale = this.#overviewScale();
    const {timeline, single} = this.#video;
    Drawing.shotBand(context, palette, scale, this.#decision, height - 5, 4);
    if (TimelineView.#isDense(timeline, scale)) {
      Drawing.startDensity(context, palette.single, this.#decision.transitions, scale, height - 7, height - 9);
    } else {
      const yOf = (value) => (height - 8) * (1 - value) + 1;
      const points = Drawing.curvePath(context, single, timeline, scale, yOf, false);
      Drawing.fillCurve(context, palette.single, points, height - 7);
    }
    const left = scale.x(this.#view.startS);
    const right = scale.x(this.#view.endS);
    context.fillStyle = palette.muted;
    context.globalAlpha = this.isZoomed ? 0.2 : 0;
    context.fillRect(left, 0, right - left, height);
    context.globalAlpha = this.isZoomed ? 1 : 0;
    context.strokeStyle = palette.muted;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, 0.5, Math.max(right - left - 1, 1), height - 1);
    context.globalAlpha = 1;
  }

  #overviewScale() {
    const plotWidth = Math.max(1, this.#overview.clientWidth - TimelineView.#left - TimelineView.#right);
    return new Drawing.Scale(this.startS, this.endS, TimelineView.#left, plotWidth);
  }

  /** The pointer's position in canvas pixels; null: it is not on the curves. */
  hover(x) {
    const {left, width} = this.scale;
    const isInside = x !== null && x >= left && x <= left + width;
    this.#hoverX = isInside ? x : null;
    this.events.onHover(this.#hoverX, isInside ? this.scale.timeS(x) : 0);
    this.#request();
  }

  /** The shot before the border at this place of the pictures and blocks; -1: no border, or its shots are too narrow. */
  borderAt(x, y) {
    if (y > TimelineView.#bandTop + TimelineView.#bandHeight) return -1;
    const {scale} = this;
    const {shots} = this.#decision;
    const leastS = 12 / scale.pixelsPerSecond;
    const next = shots.findIndex(({startS}) => Math.abs(scale.x(startS) - x) < 5);
    if (next < 1) return -1;
    const isWide = ({startS, endS}) => endS - startS >= leastS;
    return isWide(shots[next - 1]) && isWide(shots[next]) ? next - 1 : -1;
  }

  get threshold() {
    return this.#threshold;
  }

  get scale() {
    return this.#scale();
  }

  get overviewScale() {
    return this.#overviewScale();
  }

  /** The position of a probability on the canvas. */
  get yOf() {
    return this.#yOf(this.#canvas.clientHeight);
  }

  /** Shows `lengthS` seconds from `startS`, as far as the video goes. */
  setView(startS, lengthS = this.#view.endS - this.#view.startS) {
    this.#setView(startS, lengthS);
  }
}
