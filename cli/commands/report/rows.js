// SPDX-License-Identifier: Apache-2.0
"use strict";

// The rows of the lists: for a shot, its fate and the reason; for a clip, its position.
const Rows = (() => {
  const span = (startS, endS) => `${Format.clock(startS)} – ${Format.clock(endS)}`;
  const seconds = (value) => `${Format.plain(value)} s`;

  const chips = {
    short: "too short",
    cropped: "nothing left",
    frame: "frame too long",
    empty: "no frame",
    limit: "over the limit",
  };

  /** In words, why a piece of a shot of `lengthS` is not a clip. */
  function reasonOf(piece, lengthS, options) {
    switch (piece?.fate) {
      case "short":
        return lengthS >= options.minLengthS
          ? `${Format.length(piece.lengthS)} of ${Format.length(lengthS)} left, the shortest clip is ${
              seconds(options.minLengthS)}`
          : `the shortest clip is ${seconds(options.minLengthS)}`;
      case "cropped":
        return `${seconds(options.cropS)} trimmed off both ends leave nothing`;
      case "frame":
        return `a frame lasts longer than ${seconds(options.maxLengthS)}`;
      case "limit":
        return `only ${Format.count(options.limitClips, "clip")} are wanted`;
      default:
        return "it holds no frame";
    }
  }

  /** The fate of a shot: {isKept, chip, lines}. */
  function fateOf(shot, clips, options) {
    const kept = shot.pieces.filter((piece) => piece.fate === "kept");
    const dropped = shot.pieces.filter((piece) => piece.fate !== "kept");
    const lengthS = shot.endS - shot.startS;
    if (kept.length === 0) {
      // The most frequent reason of its pieces counts for the shot.
      const counts = new Map();
      for (const {fate} of dropped) counts.set(fate, (counts.get(fate) ?? 0) + 1);
      const fate = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "empty";
      const example = dropped.find((piece) => piece.fate === fate);
      return {isKept: false, fate, chip: `no clip: ${chips[fate]}`, lines: [reasonOf(example, lengthS, options)]};
    }
    const first = clips[kept[0].clip];
    const last = clips[kept[kept.length - 1].clip];
    const keptS = kept.reduce((sum, {clip}) => sum + clips[clip].endS - clips[clip].startS, 0);
    const chip = kept.length === 1 ? `clip ${kept[0].clip + 1}`
                                   : `clips ${kept[0].clip + 1}–${kept[kept.length - 1].clip + 1}`;
    const lines = [`${span(first.startS, last.endS)} · ${Format.length(keptS)}`];
    if (shot.isTruncated) lines.push(`the rest is beyond ${seconds(options.maxLengthS)}`);
    if (dropped.length > 0) {
      const fates = [...new Set(dropped.map(({fate}) => chips[fate]))];
      lines.push(`${dropped.length === 1 ? "one piece" : `${dropped.length} pieces`} ${fates.join(", ")}`);
    }
    return {isKept: true, fate: "kept", chip, lines};
  }

  /**
   * Rows of shots, for a RowList. `context()` gives the decision, the options, and the present numbers and
   * labels of shots.
   */
  function shots(thumbnails, pictures, context, onChoose) {
    return {
      keyOf: (shot) => `${shot.startFrame}-${shot.endFrame}`,

      make(shot) {
        const element = make("li", "shot");
        const button = make("button", "card");
        button.type = "button";
        button.tabIndex = -1;
        const picture = make("span", "picture");
        if (!thumbnails.isEmpty) {
          const image = make("img");
          image.alt = "";
          image.width = thumbnails.width;
          image.height = thumbnails.height;
          image.decoding = "async";
          picture.append(image);
        }
        picture.append(make("span", "number"));
        const text = make("span", "words");
        text.append(make("span", "times", span(shot.startS, shot.endS)),
                    make("span", "extent", `${Format.length(shot.endS - shot.startS)} · frames ${shot.startFrame}–${
                      Math.max(shot.startFrame, shot.endFrame - 1)}`),
                    make("span", "label"), make("span", "shot-note"), make("span", "chip"), make("span", "fate"));
        button.append(picture, text);
        button.addEventListener("click", () => onChoose(shot));
        element.append(button);
        return element;
      },

      fill(element, shot) {
        const {decision, options, numbers, labels} = context();
        const fate = fateOf(shot, decision.clips, options);
        const number = numbers.get(shot);
        const {name, note} = labels[number - 1];
        const button = element.firstElementChild;
        const image = button.querySelector("img");
        if (image !== null) pictures.set(image, thumbnails.indexFor(shot));
        const signature = [number, name, note, fate.chip, ...fate.lines].join("\n");
        if (element.dataset.signature === signature) return;
        element.dataset.signature = signature;
        element.dataset.fate = fate.isKept ? "kept" : "dropped";
        button.querySelector(".number").textContent = number;
        button.querySelector(".label").textContent = name;
        button.querySelector(".shot-note").textContent = note;
        button.querySelector(".chip").textContent = fate.chip;
        button.querySelector(".fate").textContent = fate.lines.join("; ");
        button.setAttribute("aria-label", `Shot ${number}${name === "" ? "" : ` (${name})`}, ${span(shot.startS, shot.endS)}, ${
          fate.chip}, ${fate.lines.join("; ")}`);
      },
    };
  }

  /** Rows of clips, for a RowList. */
  function clips(onChoose) {
    return {
      keyOf: (clip) => `${clip.startFrame}-${clip.endFrame}`,

      make(clip) {
        const element = make("li", "clip");
        const button = make("button", "line");
        button.type = "button";
        button.tabIndex = -1;
        button.append(make("span", "number"), make("span", "times", span(clip.startS, clip.endS)),
                      make("span", "extent", Format.length(clip.endS - clip.startS)),
                      make("span", "frames", `frames ${clip.startFrame}–${clip.endFrame - 1}`), make("span", "origin"));
        button.addEventListener("click", () => onChoose(clip));
        element.append(button);
        return element;
      },

      fill(element, clip, index) {
        const number = String(index + 1);
        const button = element.firstElementChild;
        const signature = `${number} ${clip.shot}`;
        if (element.dataset.signature === signature) return;
        element.dataset.signature = signature;
        button.querySelector(".number").textContent = number;
        button.querySelector(".origin").textContent = `shot ${clip.shot + 1}`;
        button.setAttribute("aria-label", `Clip ${number} of shot ${clip.shot + 1}, ${
          span(clip.startS, clip.endS)}, ${Format.length(clip.endS - clip.startS)}`);
      },
    };
  }

  return {fateOf, shots, clips};
})();
