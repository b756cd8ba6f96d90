// SPDX-License-Identifier: Apache-2.0
"use strict";

// Actions of mouse, pen and finger on the timeline. A click seeks; dragging seeks as well while all of the
// video is shown, and otherwise moves the view; the threshold and the borders between shots can be dragged. The wheel
// zooms with Ctrl and pans with Shift, and otherwise scrolls the page as usual.
function listenToPointer(view, canvas, overview) {
  let drag = null;
  const place = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    return {x: event.clientX - box.left, y: event.clientY - box.top};
  };
  const clampS = (timeS) => Math.min(Math.max(timeS, view.startS), view.endS);
  const isOnThreshold = ({y}) => Math.abs(y - view.yOf(view.threshold)) < 6;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const at = place(event);
    const isThreshold = event.pointerType !== "touch" && isOnThreshold(at);
    const border = isThreshold ? -1 : view.borderAt(at.x, at.y);
    const kind = isThreshold ? "threshold" : border >= 0 ? "border" : "press";
    drag = {kind, border, x: at.x, startS: view.view.startS, hasMoved: false};
    canvas.setPointerCapture(event.pointerId);
  });

  canvas.addEventListener("pointermove", (event) => {
    const at = place(event);
    if (drag === null) {
      canvas.style.cursor = isOnThreshold(at) ? "ns-resize" : view.borderAt(at.x, at.y) >= 0 ? "ew-resize" : "";
      view.hover(at.x);
      return;
    }
    if (drag.kind === "press" && Math.abs(at.x - drag.x) > 4) drag.kind = view.isZoomed ? "pan" : "scrub";
    drag.hasMoved ||= Math.abs(at.x - drag.x) > 2;
    // The player shows the frame that would be the first of the shot.
    if (drag.kind === "border" && drag.hasMoved) view.events.onSeek(clampS(view.scale.timeS(at.x)));
    if (drag.kind === "scrub") view.events.onSeek(clampS(view.scale.timeS(at.x)));
    if (drag.kind === "pan") view.setView(drag.startS - (at.x - drag.x) / view.scale.pixelsPerSecond);
    if (drag.kind === "threshold") {
      const value = (view.yOf(0) - at.y) / (view.yOf(0) - view.yOf(1));
      view.events.onThreshold(Math.min(Math.max(Math.round(value * 100) / 100, 0), 1));
    }
  });

  canvas.addEventListener("pointerup", (event) => {
    const timeS = clampS(view.scale.timeS(place(event).x));
    if (drag?.kind === "press" || (drag?.kind === "border" && !drag.hasMoved)) view.events.onSeek(timeS);
    if (drag?.kind === "border" && drag.hasMoved) view.events.onBorder(drag.border, timeS);
    drag = null;
  });
  canvas.addEventListener("pointercancel", () => {
    drag = null;
  });
  canvas.addEventListener("pointerleave", () => view.hover(null));

  canvas.addEventListener("wheel", (event) => {
    const isPan = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!isPan && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (isPan) {
      view.setView(view.view.startS + (event.deltaX || event.deltaY) / view.scale.pixelsPerSecond);
    } else {
      view.zoom(Math.exp(-event.deltaY / 250), view.scale.timeS(place(event).x));
    }
  }, {passive: false});

  const moveTo = (event) => {
    const timeS = clampS(view.overviewScale.timeS(place(event).x));
    if (view.isZoomed) {
      view.setView(timeS - (view.view.endS - view.view.startS) / 2);
    } else if (event.type === "pointerdown") {
      view.events.onSeek(timeS);
    }
  };
  overview.addEventListener("pointerdown", (event) => {
    overview.setPointerCapture(event.pointerId);
    moveTo(event);
  });
  overview.addEventListener("pointermove", (event) => {
    if (event.buttons === 1) moveTo(event);
  });
}
