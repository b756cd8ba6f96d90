// SPDX-License-Identifier: Apache-2.0
"use strict";

// Paints the canvas of the timeline. Each function paints one layer and keeps no state.
const Drawing = (() => {
  const names = ["text", "muted", "line", "panel", "sunken", "single", "many", "keep", "drop", "threshold", "playhead"];

  /** The colours of the style sheet in the canvas's form; call it again after the theme has changed. */
  function paletteOf(element) {
    const probe = document.createElement("span");
    element.append(probe);
    const palette = {};
    for (const name of names) {
      probe.style.color = `var(--${name})`;
      palette[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    return palette;
  }

  /** The times of a canvas: [startS, endS) from `left`, `width` pixels wide. */
  class Scale {
    constructor(startS, endS, left, width) {
      Object.assign(this, {startS, endS, left, width});
      this.pixelsPerSecond = width / (endS - startS);
    }

    x(timeS) {
      return this.left + (timeS - this.startS) * this.pixelsPerSecond;
    }

    timeS(x) {
      return this.startS + (x - this.left) / this.pixelsPerSecond;
    }
  }

  /** The least and the largest value of every column of pixels, NaN where no frame is in the middle of one. */
  function columnsOf(values, timeline, scale, first, end) {
    const count = Math.max(1, Math.ceil(scale.width));
    const least = new Float32Array(count).fill(NaN);
    const largest = new Float32Array(count).fill(NaN);
    for (let frame = first; frame < end; ++frame) {
      const middleS = (timeline.startS(frame) + timeline.startS(frame + 1)) / 2;
      const column = Math.floor(scale.x(middleS) - scale.left);
      if (column < 0 || column >= count) continue;
      const value = values[frame];
      if (!(largest[column] >= value)) largest[column] = value;
      if (!(least[column] <= value)) least[column] = value;
    }
    return {least, largest};
  }

  /**
   * The path of a curve: a point for every frame, or where there are more frames than pixels, the largest value of every
   * column and, if asked for, the least one.
   */
  function curvePath(context, values, timeline, scale, yOf, hasLeast) {
    const first = Math.max(0, timeline.firstFrameFrom(scale.startS) - 2);
    const end = Math.min(timeline.frameCount, timeline.firstFrameFrom(scale.endS) + 2);
    const points = [];
    if (end - first > scale.width) {
      const {least, largest} = columnsOf(values, timeline, scale, first, end);
      for (let column = 0; column < largest.length; ++column) {
        if (Number.isNaN(largest[column])) continue;
        const x = scale.left + column + 0.5;
        points.push([x, yOf(largest[column])]);
        if (hasLeast) points.push([x, yOf(least[column])]);
      }
    } else {
      for (let frame = first; frame < end; ++frame) {
        const middleS = (timeline.startS(frame) + timeline.startS(frame + 1)) / 2;
        points.push([scale.x(middleS), yOf(values[frame])]);
      }
    }
    context.beginPath();
    points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    return points;
  }

  function fillCurve(context, colour, points, bottom) {
    if (points.length === 0) return;
    context.lineTo(points[points.length - 1][0], bottom);
    context.lineTo(points[0][0], bottom);
    context.closePath();
    context.fillStyle = colour;
    context.globalAlpha = 0.28;
    context.fill();
    context.globalAlpha = 1;
  }

  /** `spacing`: pixels per frame. */
  function strokeCurve(context, colour, points, spacing) {
    const isDense = spacing < 0.25;
    context.strokeStyle = colour;
    context.lineWidth = isDense ? 1 : 1.5;
    context.lineJoin = "round";
    context.globalAlpha = isDense ? 0.65 : 1;
    context.stroke();
    context.globalAlpha = 1;
    if (points.length < 2 || spacing < 9) return;
    context.fillStyle = colour;
    for (const [x, y] of points) {
      context.beginPath();
      context.arc(x, y, 2.2, 0, 2 * Math.PI);
      context.fill();
    }
  }

  // Below this, peaks are noise.
  const leastPeak = 0.05;

  /** The highest frame of each run above the noise: {timeS, value}. */
  function peaksOf(values, timeline) {
    const peaks = [];
    let isInRun = false;
    for (let frame = 0; frame < values.length; ++frame) {
      const value = values[frame];
      const isAbove = value > leastPeak;
      if (isAbove && (!isInRun || value > peaks[peaks.length - 1].value)) {
        const peak = {timeS: (timeline.startS(frame) + timeline.startS(frame + 1)) / 2, value};
        if (isInRun) {
          peaks[peaks.length - 1] = peak;
        } else {
          peaks.push(peak);
        }
      }
      isInRun = isAbove;
    }
    return peaks;
  }

  /** The number of the column of `columnWidth` pixels that has the time; may be out of range. */
  const columnOf = (timeS, scale, columnWidth) => Math.floor((scale.x(timeS) - scale.left) / columnWidth);

  /**
   * Peaks as cells of time and height, the darker the more peaks are in them: a curve would fill the whole area.
   * `mostAlpha`: of the darkest cell.
   */
  function peakDensity(context, colour, peaks, scale, yOf, mostAlpha) {
    const cellWidth = 4;
    const rows = 24;
    const columns = Math.ceil(scale.width / cellWidth);
    const counts = new Uint32Array(columns * rows);
    for (const {timeS, value} of peaks) {
      const column = columnOf(timeS, scale, cellWidth);
      if (column < 0 || column >= columns) continue;
      counts[column * rows + Math.min(Math.floor(value * rows), rows - 1)] += 1;
    }
    const most = counts.reduce((largest, count) => Math.max(largest, count), 1);
    const cellHeight = (yOf(0) - yOf(1)) / rows;
    context.fillStyle = colour;
    for (const [cell, count] of counts.entries()) {
      if (count === 0) continue;
      context.globalAlpha = mostAlpha * (0.4 + 0.6 * Math.log1p(count) / Math.log1p(most));
      context.fillRect(scale.left + Math.floor(cell / rows) * cellWidth, yOf(1) + (rows - 1 - cell % rows) * cellHeight,
                       cellWidth - 1, cellHeight - 1);
    }
    context.globalAlpha = 1;
  }

  /** How many ranges begin in each part of the time, as bars up to `height` from `bottom`. */
  function startDensity(context, colour, ranges, scale, bottom, height) {
    const cellWidth = 6;
    const counts = new Uint32Array(Math.ceil(scale.width / cellWidth));
    for (const {startS} of ranges) {
      const column = columnOf(startS, scale, cellWidth);
      if (column >= 0 && column < counts.length) counts[column] += 1;
    }
    const most = counts.reduce((largest, count) => Math.max(largest, count), 1);
    context.fillStyle = colour;
    context.globalAlpha = 0.5;
    counts.forEach((count, column) => {
      const bar = count / most * height;
      context.fillRect(scale.left + column * cellWidth, bottom - bar, cellWidth - 1, bar);
    });
    context.globalAlpha = 1;
  }

  /** The share of each column of `columnWidth` pixels that the ranges cover, 0 to 1. */
  function coverageOf(ranges, scale, columnWidth) {
    const shares = new Float32Array(Math.ceil(scale.width / columnWidth));
    for (const {left, right} of visibleRanges(ranges, scale, 0)) {
      const [from, to] = [(left - scale.left) / columnWidth, (right - scale.left) / columnWidth];
      for (let column = Math.floor(from); column < Math.min(to, shares.length); ++column) {
        shares[column] += Math.min(to, column + 1) - Math.max(from, column);
      }
    }
    return shares;
  }

  const stepsS = [0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600];

  function timeAxis(context, palette, scale, top, bottom) {
    const least = 84 / scale.pixelsPerSecond;
    const stepS = stepsS.find((step) => step >= least) ?? stepsS[stepsS.length - 1] * Math.ceil(least / 21600);
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "bottom";
    context.textAlign = "left";
    context.lineWidth = 1;
    for (let tick = Math.ceil(scale.startS / stepS); tick * stepS <= scale.endS; ++tick) {
      const x = Math.round(scale.x(tick * stepS)) + 0.5;
      context.strokeStyle = palette.line;
      context.beginPath();
      context.moveTo(x, top);
      context.lineTo(x, bottom);
      context.stroke();
      context.fillStyle = palette.muted;
      const text = Format.clock(tick * stepS, stepS < 0.1 ? 2 : stepS < 1 ? 1 : 0);
      if (x + 4 + context.measureText(text).width < scale.left + scale.width) context.fillText(text, x + 4, bottom);
    }
  }

  function probabilityAxis(context, palette, scale, yOf) {
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const value of [0, 0.5, 1]) {
      const y = Math.round(yOf(value)) + 0.5;
      context.strokeStyle = palette.line;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(scale.left, y);
      context.lineTo(scale.left + scale.width, y);
      context.stroke();
      context.fillStyle = palette.muted;
      context.fillText(String(value), scale.left - 6, y);
    }
  }

  function thresholdLine(context, palette, scale, y) {
    context.beginPath();
    context.moveTo(scale.left, Math.round(y) + 0.5);
    context.lineTo(scale.left + scale.width, Math.round(y) + 0.5);
    context.strokeStyle = palette.panel;  // visible on a curve
    context.globalAlpha = 0.6;
    context.lineWidth = 4;
    context.stroke();
    context.globalAlpha = 1;
    context.strokeStyle = palette.threshold;
    context.lineWidth = 1.5;
    context.setLineDash([5, 4]);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = palette.threshold;
    context.beginPath();  // the grip
    context.moveTo(scale.left - 1, y);
    context.lineTo(scale.left - 8, y - 5);
    context.lineTo(scale.left - 8, y + 5);
    context.fill();
  }

  /** The ranges that can be seen, each no narrower than `least` pixels. */
  function visibleRanges(ranges, scale, least) {
    const visible = [];
    for (const range of ranges) {
      if (range.endS < scale.startS || range.startS > scale.endS) continue;
      const left = Math.max(scale.x(range.startS), scale.left);
      const right = Math.min(Math.max(scale.x(range.endS), left + least), scale.left + scale.width);
      if (right > left) visible.push({left, right, range});
    }
    return visible;
  }

  /** Where blocks would be narrower than some pixels: the darker, the more of a column is covered. */
  function coverageBand(context, colour, ranges, scale, top, height, mostAlpha) {
    const columnWidth = 2;
    context.fillStyle = colour;
    coverageOf(ranges, scale, columnWidth).forEach((share, column) => {
      context.globalAlpha = mostAlpha * Math.min(share, 1);
      context.fillRect(scale.left + column * columnWidth, top, columnWidth, height);
    });
    context.globalAlpha = 1;
  }

  /** Shots as a band of blocks, and the clips out of them on it. */
  function shotBand(context, palette, scale, decision, top, height) {
    const leastBlock = 4;
    if (visibleRanges(decision.shots, scale, 0).length * leastBlock > scale.width) {
      coverageBand(context, palette.drop, decision.shots, scale, top, height, 0.45);
      coverageBand(context, palette.keep, decision.clips, scale, top, height, 1);
      return;
    }
    context.fillStyle = palette.drop;
    context.globalAlpha = 0.45;
    for (const {left, right} of visibleRanges(decision.shots, scale, 1)) {
      context.fillRect(left, top, Math.max(right - left - (right - left > 4 ? 1 : 0), 0.5), height);
    }
    context.globalAlpha = 1;
    context.fillStyle = palette.keep;
    for (const {left, right} of visibleRanges(decision.clips, scale, 1)) {
      const gap = right - left > 4 ? 1 : 0;
      context.beginPath();
      context.roundRect(left, top, right - left - gap, height, Math.min(3, (right - left) / 3));
      context.fill();
    }
  }

  /** Transitions as marks below the curve and, if there is room between them, as a light background. */
  function transitionMarks(context, palette, scale, transitions, top, bottom) {
    const markHeight = 4;
    const visible = visibleRanges(transitions, scale, 1);
    if (visible.length * 4 > scale.width) {
      startDensity(context, palette.threshold, transitions, scale, bottom + markHeight, markHeight);
      return;
    }
    const hasRoom = visible.length * 24 <= scale.width;
    context.fillStyle = palette.threshold;
    for (const {left, right} of visible) {
      context.globalAlpha = 0.16;
      if (hasRoom) context.fillRect(left, top, right - left, bottom - top);
      context.globalAlpha = 1;
      context.fillRect(left, bottom, right - left, markHeight);
    }
    context.globalAlpha = 1;
  }

  function verticalLine(context, colour, x, top, bottom, width = 1) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, top);
    context.lineTo(Math.round(x) + 0.5, bottom);
    context.stroke();
  }

  /** A picture that covers the box, cut at its edges. */
  function coverWith(context, image, left, top, width, height) {
    const zoom = Math.max(width / image.naturalWidth, height / image.naturalHeight);
    const sourceWidth = width / zoom;
    const sourceHeight = height / zoom;
    context.drawImage(image, (image.naturalWidth - sourceWidth) / 2, (image.naturalHeight - sourceHeight) / 2,
                      sourceWidth, sourceHeight, left, top, width, height);
  }

  return {
    paletteOf,
    Scale,
    curvePath,
    fillCurve,
    strokeCurve,
    peaksOf,
    peakDensity,
    startDensity,
    timeAxis,
    probabilityAxis,
    thresholdLine,
    visibleRanges,
    shotBand,
    transitionMarks,
    verticalLine,
    coverWith,
  };
})();
