// SPDX-License-Identifier: Apache-2.0
"use strict";

// The shots or clips in the formats of editing programs. The command has written a list of one entry, the whole video, into
// the page: it gives the names, tracks, rate and timecode. Each entry here is a copy of that one in another place. A list
// that could be wrong is not written: the functions throw an Error with a text for the user.
const EditLists = (() => {
  /** The number of frame 0, and how numbers are counted, from the command's own lists. */
  function countOf({edl, otio}) {
    const clip = otio.tracks.children[0].children.find(({OTIO_SCHEMA: schema}) => schema.startsWith("Clip."));
    const {start_time: start, duration} = clip.source_range;
    const rate = start.rate;
    const count = {
      rate,
      first: start.value,
      mediaFrames: duration.value,
      timebase: Math.round(rate),
      isDropFrame: /^FCM: DROP FRAME$/m.test(edl),
    };
    if (!(count.timebase > 0) || !Number.isSafeInteger(count.first)) throw new Error("The rate of the video has no timecode.");
    return count;
  }

  /** "00:00:01:17"; with a semicolon, numbers are left out. Above 100 frames a second, the last number has three digits. */
  function timecode(frame, {timebase, isDropFrame}) {
    let number = frame;
    if (isDropFrame) {
      // The first numbers of every minute are left out, except in every tenth minute.
      const leftOut = timebase / 15;
      const minute = timebase * 60 - leftOut;
      const tenMinutes = minute * 10 + leftOut;
      const minutes = Math.floor(Math.max(0, (frame % tenMinutes) - leftOut) / minute);
      number += leftOut * (9 * Math.floor(frame / tenMinutes) + minutes);
    }
    const two = (value) => String(value).padStart(2, "0");
    const seconds = Math.floor(number / timebase);
    return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${
      isDropFrame ? ";" : ":"}${two(number % timebase)}`;
  }

  // Some files state 29.97 or 23.98; their frames count as frames of the exact rate.
  const isNear = (timeline, {rate}) => timeline.isConstantRate && Math.abs(timeline.framerate / rate - 1) < 1.1e-3;
  const positionAt = (timeS, timeline, count) =>
    // As the command: times that lie half-way between two positions and differ by rounding have the same position.
    Math.floor(timeS * (isNear(timeline, count) ? timeline.framerate : count.rate) + 0.501);

  /** The source's own timecode at a time; null: it has none, and counts from 0. */
  function timecodeAt(lists, timeline, timeS) {
    const count = lists === null ? {first: 0} : countOf(lists);
    return count.first === 0 ? null : timecode(count.first + positionAt(timeS, timeline, count), count);
  }

  /** Where the spans are, as [start, end) on a timeline as long as the video. */
  function positionsOf(timeline, spans, count) {
    let last = 0;
    return spans.map(({startFrame, endFrame, startS, endS}) => {
      const start = Math.max(last, positionAt(startS, timeline, count));
      const end = Math.max(start + 1, positionAt(endS, timeline, count));
      if (isNear(timeline, count) && (start !== startFrame || end !== endFrame)) {
        throw new Error(`The shots overlap, or have no frame: frames ${startFrame} to ${endFrame}.`);
      }
      last = end;
      return {start, end};
    });
  }

  const timecodes = String.raw`(\d{2,}:\d{2}:\d{2}[:;]\d{2,})`;
  const event = new RegExp(`^001(  .*? ) *${timecodes} ${timecodes} ${timecodes} ${timecodes}$`, "m");

  /** A CMX 3600 list. */
  function edl(lists, timeline, spans) {
    const count = countOf(lists);
    const found = event.exec(lists.edl);
    const comment = /^\* COMMENT: .*$/m;
    if (found === null || !comment.test(lists.edl)) throw new Error("This page has no model of an EDL.");
    const [, , sourceIn, sourceOut] = found;
    // The command's own timecodes of the first and the last frame are the proof of the sums here.
    if (timecode(count.first, count) !== sourceIn || timecode(count.first + count.mediaFrames, count) !== sourceOut) {
      throw new Error("The timecode of this video is not understood.");
    }
    const head = lists.edl.slice(0, found.index - 1);  // without the empty line before the event
    const model = lists.edl.slice(found.index - 1);
    const modelLine = found[0].slice(0, found[0].length - [...found].slice(2).join(" ").length);
    return head + positionsOf(timeline, spans, count).map(({start, end}, index) => {
      const {label, uuid, note} = spans[index];
      const [into, out] = [timecode(count.first + start, count), timecode(count.first + end, count)];
      const line = `${String(index + 1).padStart(3, "0")}${modelLine.slice(3)}${into} ${out} ${into} ${out}`;
      const comments = `* COMMENT: ${label}${uuid === undefined ? "" : ` ${uuid}`}${note === "" ? "" : `\n* COMMENT: ${note}`}`;
      return model.replace(event, () => line).replace(comment, () => comments);
    }).join("");
  }

  /** A timeline of OpenTimelineIO. */
  function otio(lists, timeline, spans) {
    const count = countOf(lists);
    const positions = positionsOf(timeline, spans, count);
    const time = (value) => ({OTIO_SCHEMA: "RationalTime.1", rate: count.rate, value});
    const range = (start, length) => ({OTIO_SCHEMA: "TimeRange.1", start_time: time(start), duration: time(length)});
    const entriesLike = (model) => {
      let last = 0;
      return positions.flatMap(({start, end}, index) => {
        const {label, uuid, note, startFrame, endFrame, startS, endS} = spans[index];
        const facts = {start_frame: startFrame, end_frame: endFrame, start_s: startS, end_s: endS};
        if (uuid !== undefined) facts.uuid = uuid;
        if (note !== "") facts.note = note;
        const gap = {OTIO_SCHEMA: "Gap.1", source_range: range(0, start - last)};
        const clip = {
          ...model,
          name: label,
          source_range: range(count.first + start, end - start),
          metadata: {...model.metadata, transnet: facts},
        };
        const entries = start > last ? [gap, clip] : [clip];
        last = end;
        return entries;
      });
    };
    const document = structuredClone(lists.otio);
    for (const track of document.tracks.children) {
      const model = track.children.find(({OTIO_SCHEMA: schema}) => schema.startsWith("Clip."));
      track.children = entriesLike(model);
    }
    return `${JSON.stringify(document, null, 2)}\n`;
  }

  return {timecode, timecodeAt, edl, otio};
})();
