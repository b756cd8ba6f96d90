// SPDX-License-Identifier: Apache-2.0
"use strict";

// The user's corrections of the shots, independent of the page: joined shots, added cuts, names and notes. They stay when
// a threshold changes. A state is never changed: a correction makes a new one, so that undoing it takes the old one.
//   joined  ranges of frames [first, last] in which no transition counts
//   cuts    frames at which a shot begins because the user says so
//   labels  {frame, name, note}: of the shot that holds the frame
const Corrections = (() => {
  const none = Object.freeze({joined: [], cuts: [], labels: []});
  const mostNameLetters = 200;
  const mostNoteLetters = 2000;
  const mostEntries = 100000;

  const byFrame = (a, b) => a.frame - b.frame;
  const isEmpty = ({joined, cuts, labels}) => joined.length + cuts.length + labels.length === 0;

  /** One line of well-formed text without control characters. */
  function line(text, mostLetters) {
    const plain = text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]+/gu, " ").replace(/ {2,}/g, " ").trim();
    return Array.from(plain).slice(0, mostLetters).join("").trim();
  }

  /** The found transitions with the corrections; `cutAt(frame)` makes the transition of an added cut. */
  function apply(found, {joined, cuts}, frameCount, cutAt) {
    const isJoined = ({firstFrame, lastFrame}) => joined.some(([first, last]) => firstFrame <= last && lastFrame >= first);
    const kept = joined.length === 0 ? found : found.filter((transition) => !isJoined(transition));
    if (cuts.length === 0) return kept;
    // A lower threshold can find a transition where the user has put a cut.
    const frames = new Set(cuts.filter((frame) => frame < frameCount));
    for (const {firstFrame, lastFrame} of kept) {
      for (let frame = firstFrame; frame <= lastFrame; ++frame) frames.delete(frame + 1);
    }
    return [...kept, ...Array.from(frames, cutAt)].sort((a, b) => a.firstFrame - b.firstFrame);
  }

  /** The transitions between two neighbouring shots, whose borders may have moved to given frames. */
  const between = (transitions, left, right) => transitions.filter(
    ({firstFrame, lastFrame}) => firstFrame <= right.foundStartFrame - 1 && lastFrame >= left.foundEndFrame - 1);

  /** `left` and `right`, neighbouring shots, become one. */
  function join(state, {transitions}, left, right) {
    const gone = between(transitions, left, right);
    const isGone = (frame) => gone.some(({firstFrame, lastFrame}) => frame > firstFrame && frame <= lastFrame + 1);
    return {
      ...state,
      cuts: state.cuts.filter((frame) => !isGone(frame)),
      joined: [...state.joined, ...gone.filter(({isAdded}) => !isAdded).map(({firstFrame, lastFrame}) => [firstFrame, lastFrame])],
    };
  }

  /** Whether a shot can begin at the frame: one frame at least is before it, and there is no transition yet. */
  function canCut({transitions, shots}, frame) {
    const isInside = shots.some(({startFrame, endFrame}) => startFrame < frame && frame < endFrame);
    return isInside && !transitions.some(({firstFrame, lastFrame}) => firstFrame < frame && frame <= lastFrame + 1);
  }

  /** A new shot begins at the frame. */
  function cut(state, {snapped}, frame) {
    const found = state.joined.findIndex(([first, last]) => first === last && last === frame - 1);
    // The network has found this very cut, and the user has joined its shots. Given frames could move it, not a new one.
    if (found >= 0 && snapped === null) return {...state, joined: state.joined.toSpliced(found, 1)};
    return {...state, cuts: [...new Set([...state.cuts, frame])].sort((a, b) => a - b)};
  }

  const middleOf = ({startFrame, endFrame}) => Math.floor((startFrame + endFrame - 1) / 2);
  const isIn = ({startFrame, endFrame}, frame) => startFrame <= frame && frame < endFrame;

  /** The name and the note of a shot: the first name, and all notes. */
  function labelOf({labels}, shot) {
    const own = labels.filter(({frame}) => isIn(shot, frame));
    return {
      name: own.find(({name}) => name !== "")?.name ?? "",
      note: own.map(({note}) => note).filter((note) => note !== "").join("; "),
    };
  }

  /** The labels of many shots in their order, in one pass. */
  function labelsOf({labels}, shots) {
    let next = 0;
    return shots.map((shot) => {
      while (next < labels.length && labels[next].frame < shot.startFrame) ++next;
      const first = next;
      while (next < labels.length && labels[next].frame < shot.endFrame) ++next;
      return labelOf({labels: labels.slice(first, next)}, shot);
    });
  }

  function label(state, shot, {name, note}) {
    const entry = {frame: middleOf(shot), name: line(name, mostNameLetters), note: line(note, mostNoteLetters)};
    const others = state.labels.filter(({frame}) => !isIn(shot, frame));
    const isWorthIt = entry.name !== "" || entry.note !== "";
    return {...state, labels: (isWorthIt ? [...others, entry] : others).sort(byFrame)};
  }

  /** The border between two neighbouring shots becomes a cut at the frame. Each shot keeps its name. */
  function moveBorder(state, decision, left, right, frame) {
    const own = [labelOf(state, left), labelOf(state, right)];
    const whole = {startFrame: left.startFrame, endFrame: right.endFrame};
    const moved = label(cut(join(state, decision, left, right), decision, frame), whole, {name: "", note: ""});
    return label(label(moved, {...whole, endFrame: frame}, own[0]), {...whole, startFrame: frame}, own[1]);
  }

  const isFrame = (value, frameCount) => Number.isSafeInteger(value) && value >= 0 && value < frameCount;

  /** A state that was stored as text; null: it belongs to another video. */
  function parse(text, frameCount) {
    let state;
    try {
      state = JSON.parse(text);
    } catch {
      return null;
    }
    const arrays = [state?.joined, state?.cuts, state?.labels];
    if (!arrays.every((array) => Array.isArray(array) && array.length <= mostEntries)) return null;
    const {joined, cuts, labels} = state;
    const isRange = (range) => Array.isArray(range) && range.length === 2 && range.every((frame) => isFrame(frame, frameCount)) &&
      range[0] <= range[1];
    const isLabel = (entry) => isFrame(entry?.frame, frameCount) && typeof entry.name === "string" && typeof entry.note === "string";
    if (!joined.every(isRange) || !labels.every(isLabel)) return null;
    if (!cuts.every((frame) => isFrame(frame, frameCount) && frame > 0)) return null;
    return {
      joined: joined.map(([first, last]) => [first, last]),
      cuts: [...new Set(cuts)].sort((a, b) => a - b),
      labels: labels.map(({frame, name, note}) => ({
        frame, name: line(name, mostNameLetters), note: line(note, mostNoteLetters),
      })).sort(byFrame),
    };
  }

  return {none, isEmpty, apply, join, canCut, cut, moveBorder, label, labelOf, labelsOf, parse};
})();
