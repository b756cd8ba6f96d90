// SPDX-License-Identifier: Apache-2.0
"use strict";

// The rules that turn probabilities into transitions, scenes and clips: the same as the library's find_clips, number for
// number. Independent of the page. Frames count from 0, ranges [startFrame, endFrame) end before their end frame,
// times are seconds from the first frame.
const Decision = (() => {
  // The library's tolerance for lengths that are sums of time stamps.
  const roundingS = 1e-6;
  const beyondAnyVideo = 2 ** 60;

  /**
   * The times of the frames. `starts`: for variable rate, frameCount + 1 times; the last one is the end. `part`: the frames
   * [first, end) that were analysed, about which alone is decided; null: all.
   */
  class Timeline {
    constructor(framerate, frameCount, starts = null, part = null) {
      this.framerate = framerate;
      this.frameCount = frameCount;
      this.starts = starts;
      this.isPart = part !== null;
      [this.partStart, this.partEnd] = part ?? [0, frameCount];
    }

    /** The times of the part. */
    get partStartS() {
      return this.startS(this.partStart);
    }

    get partEndS() {
      return this.startS(this.partEnd);
    }

    get isConstantRate() {
      return this.starts === null;
    }

    /** Start of a frame; beyond the last frame, its end. */
    startS(frame) {
      const at = Math.min(Math.max(frame, 0), this.frameCount);
      return this.starts === null ? at / this.framerate : this.starts[at];
    }

    /** The first frame that starts at this time or later. */
    firstFrameFrom(timeS) {
      return this.#firstFrame((startS) => startS >= timeS);
    }

    /** The last frame that starts at this time or earlier; frameCount if the video has ended by then. */
    lastFrameUntil(timeS) {
      if (timeS >= this.startS(this.frameCount)) return this.frameCount;
      return Math.max(this.#firstFrame((startS) => startS > timeS) - 1, 0);
    }

    #firstFrame(isBehind) {
      let first = 0;
      for (let length = this.frameCount; length > 0;) {
        const half = Math.floor(length / 2);
        if (isBehind(this.startS(first + half))) {
          length = half;
        } else {
          first += half + 1;
          length -= half + 1;
        }
      }
      return first;
    }
  }

  const maxCutFrames = 2;
  // Tells a gradual transition from a cut if manyHotThreshold is off.
  const kindThreshold = 0.1;

  /**
   * The runs of frames of the part above either threshold, strictly and in single precision, that have a frame above the
   * threshold of `single`. manyHot: null if the model has no such head.
   */
  function findRuns(single, manyHot, {partStart, partEnd}, threshold, manyHotThreshold) {
    const limit = Math.fround(threshold);
    const manyHotLimit = Math.fround(manyHotThreshold);
    const runs = [];
    let last = null;
    for (let frame = partStart; frame < partEnd; ++frame) {
      const isCore = single[frame] > limit;
      if (!isCore && !(manyHot !== null && manyHot[frame] > manyHotLimit)) continue;
      if (last === null || last.lastFrame !== frame - 1) {
        last = {firstFrame: frame, lastFrame: frame, hasCore: false};
        runs.push(last);
      }
      last.lastFrame = frame;
      last.hasCore ||= isCore;
    }
    return runs.filter(({hasCore}) => hasCore);
  }

  /**
   * The greatest threshold above which there are `count` transitions or more, or else the most: frames join sets of
   * neighbours while the threshold falls.
   */
  function thresholdFor(single, manyHot, count, manyHotThreshold) {
    const frameCount = single.length;
    const parents = new Int32Array(frameCount).fill(-1);
    const areFound = new Uint8Array(frameCount);
    let transitions = 0;
    const setOf = (frame) => {
      while (parents[frame] !== frame) frame = parents[frame] = parents[parents[frame]];
      return frame;
    };
    const join = (frame, neighbour) => {
      const [set, other] = [setOf(frame), setOf(neighbour)];
      transitions -= areFound[set] & areFound[other];
      areFound[set] |= areFound[other];
      parents[other] = set;
    };
    const extend = (frame) => {
      if (parents[frame] >= 0) return;
      parents[frame] = frame;
      if (frame > 0 && parents[frame - 1] >= 0) join(frame - 1, frame);
      if (frame + 1 < frameCount && parents[frame + 1] >= 0) join(frame, frame + 1);
    };
    const manyHotLimit = Math.fround(manyHotThreshold);
    manyHot?.forEach((probability, frame) => {
      if (probability > manyHotLimit) extend(frame);
    });
    const frames = Array.from(single.keys()).sort((left, right) => single[right] - single[left]);
    let threshold = 1;
    let most = 0;
    for (let at = 0; at < frameCount && single[frames[at]] > 0 && most < count;) {
      const probability = single[frames[at]];
      for (; at < frameCount && single[frames[at]] === probability; ++at) {
        extend(frames[at]);
        transitions += 1 - areFound[setOf(frames[at])];
        areFound[setOf(frames[at])] = 1;
      }
      if (transitions <= most) continue;
      most = transitions;
      threshold = at < frameCount ? single[frames[at]] : 0;
    }
    return threshold;
  }

  /** Peak and mean over the frames of a run. */
  function summaryOf(probabilities, {firstFrame, lastFrame}) {
    let peak = 0;
    let sum = 0;
    for (let frame = firstFrame; frame <= lastFrame; ++frame) {
      peak = Math.max(peak, probabilities[frame]);
      sum += probabilities[frame];
    }
    return {peak, mean: Math.fround(sum / (lastFrame + 1 - firstFrame))};
  }

  /** The transitions: `kind` is "cut" or "gradual", `manyHot` is null if the model has no such head. */
  function findTransitions(single, manyHot, timeline, {threshold, manyHotThreshold}) {
    const isExtended = manyHotThreshold < 1;
    const extents = findRuns(single, manyHot, timeline, threshold, isExtended ? manyHotThreshold : kindThreshold);
    let extent = 0;
    return (isExtended ? extents : findRuns(single, manyHot, timeline, threshold, 1)).map((run) => {
      while (extents[extent].lastFrame < run.firstFrame) ++extent;
      const {firstFrame, lastFrame} = extents[extent];
      return {
        firstFrame: run.firstFrame,
        lastFrame: run.lastFrame,
        startS: timeline.startS(run.firstFrame),
        endS: timeline.startS(run.lastFrame + 1),
        kind: lastFrame + 1 - firstFrame > maxCutFrames ? "gradual" : "cut",
        single: summaryOf(single, run),
        manyHot: manyHot === null ? null : summaryOf(manyHot, run),
      };
    });
  }

  /** The transition of a cut that the user has added: the last frame of the outgoing shot. */
  function addedCut(frame, single, manyHot, timeline) {
    const run = {firstFrame: frame - 1, lastFrame: frame - 1};
    return {
      ...run,
      startS: timeline.startS(frame - 1),
      endS: timeline.startS(frame),
      kind: "cut",
      isAdded: true,
      single: summaryOf(single, run),
      manyHot: manyHot === null ? null : summaryOf(manyHot, run),
    };
  }

  /** Rows [start, end] in the reference's form: the end is a scene's last frame, or the end of the part if it is all one. */
  function findScenes(transitions, {partStart, partEnd}, entireSceneAsClip) {
    const scenes = [];
    let start = partStart;
    let isOpen = true;
    for (const {firstFrame, lastFrame} of transitions) {
      if (firstFrame !== partStart) scenes.push([start, firstFrame]);
      start = lastFrame + 1;
      isOpen = start < partEnd;
    }
    if (scenes.length > 0 && isOpen) scenes.push([start, partEnd - 1]);
    if (scenes.length === 0 && entireSceneAsClip) scenes.push([partStart, partEnd]);
    return scenes;
  }

  /** The shots as [startFrame, endFrame): the scenes with the frames of transitions that transitionFrames gives them. */
  function findShots(scenes, {partStart, partEnd}, transitionFrames) {
    const shots = scenes.map(([start, end]) => [start, Math.min(end + 1, partEnd)]);
    if (transitionFrames === "none" || shots.length === 0) return shots;
    shots[0][0] = partStart;
    shots[shots.length - 1][1] = partEnd;
    for (let next = 1; next < shots.length; ++next) {
      const start = shots[next - 1][1];
      const end = shots[next][0];
      const borders = {previous: end, next: start, split: start + Math.floor((end - start) / 2)};
      shots[next - 1][1] = borders[transitionFrames];
      shots[next][0] = borders[transitionFrames];
    }
    return shots;
  }

  const isShort = (lengthS, minShotS) => lengthS + roundingS < minShotS;

  /** The numbers of the shots at which one begins after short shots have joined others. */
  function firstShotsAfterJoining(shots, timeline, {minShotS, shortShots}) {
    const lengthS = ([first, end]) => timeline.startS(shots[end - 1][1]) - timeline.startS(shots[first][0]);
    const groups = [];
    for (let first = 0; first < shots.length;) {
      let group = [first, first + 1];
      while (isShort(lengthS(group), minShotS)) {
        const hasNext = group[1] < shots.length;
        const previous = groups.at(-1);
        if (previous === undefined && !hasNext) break;
        const joinsPrevious = shortShots === "merge-previous" ||
          (shortShots === "merge-shorter" && previous !== undefined && hasNext &&
           lengthS(previous) <= lengthS([group[1], group[1] + 1]));
        if (!hasNext || (previous !== undefined && joinsPrevious)) {
          group = [groups.pop()[0], group[1]];
        } else {
          group = [group[0], group[1] + 1];
        }
      }
      groups.push(group);
      first = group[1];
    }
    return new Set(groups.map(([first]) => first));
  }

  /**
   * Moves each border to its nearest given frame, if that is at most `withinFrames` away. Of several borders with the same
   * nearest frame, the nearest one moves there. Both lists ascend.
   */
  function snapBorders(borders, given, withinFrames) {
    const snapped = [...borders];
    if (given.length === 0) return snapped;
    let next = 0;
    let holder = -1;  // the border that has the given frame of the border before
    borders.forEach((border, index) => {
      while (next < given.length && given[next] < border) ++next;
      const isNext = next === 0 || (next < given.length && given[next] - border < border - given[next - 1]);
      const frame = given[isNext ? next : next - 1];
      const distance = Math.abs(frame - border);
      if (distance > withinFrames) return;
      if (holder >= 0 && snapped[holder] === frame) {
        if (distance >= Math.abs(frame - borders[holder])) return;
        snapped[holder] = borders[holder];
      }
      snapped[index] = frame;
      holder = index;
    });
    return snapped;
  }

  /**
   * Moves borders of shots to the frames of `snap`: {given, withinFrames, fixed}. Both scenes beside such a border meet
   * there, and a scene or shot keeps one frame at least. `fixed`: borders that stay because the user has set them; others
   * stay on their side of them. Returns how many borders `moved` and how many are `elsewhere`; null: no frame is given.
   */
  function snapShots({scenes, ranges}, {given, withinFrames, fixed}) {
    if (given.length === 0) return null;
    const borders = ranges.map(([start]) => start);
    const snapped = [...borders];
    for (let first = 1; first < ranges.length;) {
      let end = first;
      while (end < ranges.length && !fixed.has(borders[end])) ++end;
      const before = borders[first - 1];
      const after = end < ranges.length ? borders[end] : ranges.at(-1)[1];
      const inside = given.filter((frame) => before < frame && frame < after);
      snapped.splice(first, end - first, ...snapBorders(borders.slice(first, end), inside, withinFrames));
      first = end + 1;
    }
    const isGiven = new Set(given);
    const counts = {moved: 0, elsewhere: 0};
    for (let index = 1; index < ranges.length; ++index) {
      const frame = snapped[index];
      if (!isGiven.has(frame)) {
        ++counts.elsewhere;
        continue;
      }
      if (frame !== borders[index]) ++counts.moved;
      scenes[index - 1] = [Math.min(scenes[index - 1][0], frame - 1), frame - 1];
      scenes[index] = [frame, Math.max(scenes[index][1], frame)];
      ranges[index - 1][1] = frame;
      ranges[index] = [frame, Math.max(ranges[index][1], frame + 1)];
    }
    return counts;
  }

  /** The scenes and the shots between transitions. */
  function sceneShots(transitions, timeline, {entireSceneAsClip, transitionFrames}) {
    const scenes = timeline.frameCount > 0 ? findScenes(transitions, timeline, entireSceneAsClip) : [];
    return {scenes, ranges: findShots(scenes, timeline, transitionFrames)};
  }

  /** The transitions without those between short shots that join others. */
  function joinShortShots(transitions, timeline, options, snap) {
    if (options.minShotS === 0 || options.shortShots === "drop") return transitions;
    const found = sceneShots(transitions, timeline, options);
    const starts = found.scenes.map(([start]) => start);
    snapShots(found, snap);
    const firsts = firstShotsAfterJoining(found.ranges, timeline, options);
    const joined = new Set(starts.filter((_, index) => index > 0 && !firsts.has(index)));
    const left = transitions.filter(({lastFrame}) => !joined.has(lastFrame + 1));
    if (left.length === transitions.length || snap.given.length === 0) return left;
    // A border that goes frees its given frame for another one, which moves and makes its shot shorter.
    return joinShortShots(left, timeline, options, snap);
  }

  /**
   * The scenes and the shots between transitions, without the short ones if they are dropped; `found`: the shots before
   * their borders moved; `snapped`: as of snapShots.
   */
  function shotsBetween(transitions, timeline, options, snap) {
    const all = sceneShots(transitions, timeline, options);
    const found = all.ranges.map((range) => [...range]);
    const snapped = snapShots(all, snap);
    const isLong = (_, index) => {
      const [start, end] = all.ranges[index];
      return options.minShotS === 0 || options.shortShots !== "drop" ||
        !isShort(timeline.startS(end) - timeline.startS(start), options.minShotS);
    };
    return {
      scenes: all.scenes.filter(isLong), ranges: all.ranges.filter(isLong), found: found.filter(isLong), snapped,
    };
  }

  /** int(seconds * framerate); null = off. */
  function toFrames(seconds, framerate) {
    return seconds === 0 ? null : Math.trunc(Math.min(seconds * framerate, beyondAnyVideo));
  }

  // A piece of a scene: its frames, `lengthS`, and its fate.
  //   kept    it is the clip number `clip`, from 0
  //   short   it is shorter than the minimum
  //   cropped the crop leaves nothing of it
  //   frame   it is a single frame that is longer than the maximum
  //   empty   it holds no frame
  //   limit   the limit of clips was reached before it
  const piece = (startFrame, endFrame, fate = "kept") => ({startFrame, endFrame, fate});

  /** The pieces of a scene of constant rate; lengths are frames. */
  function cutByFrames([start, end], {minLength, maxLength, crop}, mode) {
    const pieces = [];
    if (maxLength === null) {
      pieces.push(piece(start, end));
    } else if (mode === "truncate") {
      pieces.push(piece(start, start + Math.min(maxLength, end - start)));
    } else {
      for (let current = start; current < end;) {
        const length = Math.min(maxLength, end - current);
        const isLastAndShort = current + length === end && length < (minLength ?? 0);
        pieces.push(piece(current, current + length, isLastAndShort ? "short" : "kept"));
        current += length;
      }
    }
    for (const each of pieces) {
      if (each.fate !== "kept") continue;
      if (crop !== null) {
        const isEmpty = each.endFrame <= each.startFrame;
        const startFrame = each.startFrame + crop;
        const endFrame = each.endFrame - crop;
        if (!(endFrame - startFrame > 0)) {
          each.fate = isEmpty ? "empty" : "cropped";
          continue;
        }
        Object.assign(each, {startFrame, endFrame});
      }
      if (minLength !== null && each.endFrame - each.startFrame < minLength) each.fate = "short";
    }
    return pieces;
  }

  /** The pieces of a scene of variable rate: lengths are times, and every end is a frame. */
  function cutByTime([start, end], timeline, {minLengthS, maxLengthS, maxLengthMode, cropS}) {
    const pieces = [];
    if (maxLengthS > 0) {
      for (let current = start; current < end;) {
        const next = Math.min(timeline.lastFrameUntil(timeline.startS(current) + maxLengthS + roundingS), end);
        pieces.push(next > current ? piece(current, next) : piece(current, current + 1, "frame"));
        if (maxLengthMode === "truncate") break;
        current = Math.max(next, current + 1);
      }
    } else {
      pieces.push(piece(start, end));
    }
    for (const each of pieces) {
      if (each.fate !== "kept") continue;
      let {startFrame, endFrame} = each;
      if (cropS > 0) {
        startFrame = timeline.firstFrameFrom(timeline.startS(startFrame) + cropS - roundingS);
        endFrame = timeline.lastFrameUntil(timeline.startS(endFrame) - cropS + roundingS);
      }
      if (endFrame <= startFrame) {
        each.fate = each.endFrame <= each.startFrame ? "empty" : "cropped";
        continue;
      }
      Object.assign(each, {startFrame, endFrame});
      const lengthS = timeline.startS(endFrame) - timeline.startS(startFrame);
      if (minLengthS > 0 && lengthS + roundingS < minLengthS) each.fate = "short";
    }
    return pieces;
  }

  /** Why these options allow no decision, as {option, text}; null: they do. */
  function problemOf(options, timeline) {
    for (const option of ["threshold", "manyHotThreshold"]) {
      if (!(options[option] >= 0 && options[option] <= 1)) {
        return {option, text: "It must be a number from 0 to 1."};
      }
    }
    for (const option of ["minLengthS", "maxLengthS", "cropS", "minShotS"]) {
      if (!(Number.isFinite(options[option]) && options[option] >= 0)) {
        return {option, text: "It must be a number of seconds, 0 (off) or more."};
      }
    }
    for (const option of ["top", "snapFrames"]) {
      if (!(Number.isSafeInteger(options[option] ?? 0) && (options[option] ?? 0) >= 0)) {
        return {option, text: "It must be a whole number, 0 or more."};
      }
    }
    if (!Number.isSafeInteger(options.limitClips)) return {option: "limitClips", text: "It must be a whole number."};
    if (timeline.isConstantRate && toFrames(options.maxLengthS, timeline.framerate) === 0) {
      return {option: "maxLengthS", text: "That is less than a frame."};
    }
    return null;
  }

  /**
   * Decides about a video: `single` and `manyHot` hold a float32 probability for every frame, `manyHot` is null if the
   * model has no such head; `options` are threshold, minLengthS, maxLengthS, maxLengthMode ("stride" or "truncate"),
   * cropS, entireSceneAsClip, limitClips, transitionFrames ("none", "previous", "next" or "split"), manyHotThreshold,
   * top, minShotS and shortShots ("drop", "merge-previous", "merge-next" or "merge-shorter"). problemOf(options,
   * timeline) must be null. `corrections`: the user's, of Corrections; short shots that they make join no others.
   * `given`: frames, ascending, to which borders of shots move by at most options.snapFrames frames; the user's stay.
   */
  function decide(single, manyHot, timeline, options, corrections = Corrections.none, given = []) {
    const {manyHotThreshold, top} = options;
    const snap = {given, withinFrames: options.snapFrames, fixed: new Set()};
    const ofPart = (probabilities) => probabilities?.subarray(timeline.partStart, timeline.partEnd) ?? null;
    const threshold = top > 0 ? thresholdFor(ofPart(single), ofPart(manyHot), top, manyHotThreshold) : options.threshold;
    const found = findTransitions(single, manyHot, timeline, {threshold, manyHotThreshold});
    const transitions = Corrections.apply(joinShortShots(found, timeline, options, snap), corrections, single.length,
                                          (frame) => addedCut(frame, single, manyHot, timeline));
    const fixed = new Set(transitions.filter(({isAdded}) => isAdded).map(({lastFrame}) => lastFrame + 1));
    const {scenes, ranges, found: foundRanges, snapped} = shotsBetween(transitions, timeline, options, {...snap, fixed});
    const frames = {
      minLength: toFrames(options.minLengthS, timeline.framerate),
      maxLength: toFrames(options.maxLengthS, timeline.framerate),
      crop: toFrames(options.cropS, timeline.framerate),
    };
    const range = (startFrame, endFrame) => ({
      startFrame,
      endFrame,
      startS: timeline.startS(startFrame),
      endS: timeline.startS(endFrame),
    });
    const clips = [];
    const shots = scenes.map((scene, index) => {
      const pieces = timeline.isConstantRate ? cutByFrames(scene, frames, options.maxLengthMode)
                                             : cutByTime(scene, timeline, options);
      for (const each of pieces) {
        each.lengthS = timeline.startS(each.endFrame) - timeline.startS(each.startFrame);
        if (each.fate !== "kept") continue;
        if (options.limitClips > 0 && clips.length >= options.limitClips) {
          each.fate = "limit";
        } else {
          each.clip = clips.length;
          clips.push({shot: index, ...range(each.startFrame, each.endFrame)});
        }
      }
      const [foundStartFrame, foundEndFrame] = foundRanges[index];
      return {
        ...range(...ranges[index]), foundStartFrame, foundEndFrame, pieces,
        isTruncated: isTruncated(scene, timeline, frames, options),
      };
    });
    return {threshold, transitions, scenes, shots, clips, snapped, isCorrected: !Corrections.isEmpty(corrections)};
  }

  /** Whether a scene loses its end because it is beyond the maximum. */
  function isTruncated([start, end], timeline, {maxLength}, {maxLengthMode, maxLengthS}) {
    if (maxLengthMode !== "truncate" || maxLengthS === 0) return false;
    if (timeline.isConstantRate) return end - start > maxLength;
    return timeline.startS(end) - timeline.startS(start) > maxLengthS + roundingS;
  }

  return {Timeline, decide, problemOf};
})();
