// SPDX-License-Identifier: Apache-2.0
"use strict";

// Exports of the page: command lines, and shots or clips in the command's formats.
const Export = (() => {
  const urlNamespace = [0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];

  /** SHA-1 of bytes, as 20 bytes (FIPS 180-4). The browser's own is missing in pages loaded by plain http. */
  function sha1(message) {
    const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
    padded.set(message);
    padded[message.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 4, message.length * 8);
    const rotate = (word, by) => (word << by) | (word >>> (32 - by));
    const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
    const words = new Int32Array(80);
    for (let block = 0; block < padded.length; block += 64) {
      for (let i = 0; i < 16; ++i) words[i] = view.getInt32(block + 4 * i);
      for (let i = 16; i < 80; ++i) words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
      let [a, b, c, d, e] = state;
      for (let i = 0; i < 80; ++i) {
        const [mixed, constant] = i < 20   ? [(b & c) | (~b & d), 0x5a827999]
                                  : i < 40 ? [b ^ c ^ d, 0x6ed9eba1]
                                  : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
                                           : [b ^ c ^ d, 0xca62c1d6];
        const next = (rotate(a, 5) + mixed + e + constant + words[i]) | 0;
        [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
      }
      [a, b, c, d, e].forEach((word, i) => {
        state[i] = (state[i] + word) | 0;
      });
    }
    const digest = new DataView(new ArrayBuffer(20));
    state.forEach((word, i) => digest.setInt32(4 * i, word));
    return new Uint8Array(digest.buffer);
  }

  /** Version 5 of "{video}_{start}_{end}" in the namespace of URLs; `name` holds the video's bytes. */
  function clipUuid(name, {startFrame, endFrame}) {
    const suffix = new TextEncoder().encode(`_${startFrame}_${endFrame}`);
    const bytes = sha1(Uint8Array.from([...urlNamespace, ...name, ...suffix])).slice(0, 16);
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  /**
   * Bytes as a word for a POSIX shell. Invisible and ambiguous characters become escapes, so that the pasted text is the
   * visible text.
   */
  function shellWord(bytes) {
    let text = "";
    let isPlain = true;
    try {
      text = new TextDecoder("utf-8", {fatal: true}).decode(bytes);
      isPlain = !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);
    } catch {
      isPlain = false;
    }
    if (isPlain && /^[\w@%+=:,./-]+$/.test(text)) return text;
    if (isPlain) return `'${text.replaceAll("'", "'\\''")}'`;
    const escaped = Array.from(bytes, (byte) => {
      if (byte === 0x27 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
      return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
    });
    return `$'${escaped.join("")}'`;
  }

  const word = (text) => shellWord(new TextEncoder().encode(text));

  function pathWord(data) {
    const path = Format.bytesOfBase64(data.path_base64);
    // A name that looks like an option or a list gets a folder in front.
    const isOdd = path[0] === 0x2d || path[0] === 0x5b;
    return shellWord(isOdd ? Uint8Array.from([0x2e, 0x2f, ...path]) : path);
  }

  /** `transnet split` of the video by the downloaded file of this format, "csv" and so on; needs `data.split_words`. */
  function splitLine(data, what, format) {
    const option = what === "clips" && format === "json" ? "--clips" : "--shots";
    return ["transnet", "split", pathWord(data), option, word(fileName(data, what, format)), ...data.split_words.map(word)].join(" ");
  }

  /** The name of a download, which browsers leave as it is. */
  function fileName(data, what, format) {
    const plain = data.stem.replace(/[^\p{L}\p{N}_. -]+/gu, "_").replace(/^[-. ]+|[. ]+$/g, "");
    return `${Array.from(plain).slice(0, 80).join("") || "video"}-${what}.${format}`;
  }

  /** `transnet clips` of the video with these options, without those that have their default. */
  function commandLine(data, options) {
    const words = ["transnet", "clips", pathWord(data)];
    for (const [name, defaultValue] of Object.entries(data.defaults)) {
      const value = options[Format.camelCase(name)];
      const isOff = name === "limit_clips" && value <= 0 && defaultValue <= 0;
      // The command refuses options that have no effect.
      const isIdle = (name === "threshold" && options.top > 0) || (name === "short_shots" && options.minShotS === 0);
      if (value === defaultValue || isOff || isIdle) continue;
      const option = Format.optionName(name);
      words.push(...(typeof value === "boolean" ? [`--${value ? "" : "no-"}${option}`] : [`--${option}`, String(value)]));
    }
    words.push(...data.run_words.map(word));
    return words.join(" ");
  }

  const uuidName = (data) => Format.bytesOfBase64(data.uuid_name_base64);

  /** The entries of a list: what is "shots" or "clips"; `labels` are of the shots. */
  function entriesOf(what, data, decision, labels) {
    if (what === "shots") {
      return decision.shots.map((shot, index) => ({
        ...shot, ...labels[index], label: labels[index].name || `Shot ${index + 1}`, uuid: undefined,
      }));
    }
    const name = uuidName(data);
    return decision.clips.map((clip, index) => ({
      ...clip, ...labels[clip.shot], label: labels[clip.shot].name || `Clip ${index + 1}`, uuid: clipUuid(name, clip),
    }));
  }

  /** A document of the schema transnet.clips/2, which `transnet split` reads. */
  function json(data, timeline, decision, options, labels) {
    const name = uuidName(data);
    const labelOf = ({name: ownName, note}) => ({...(ownName === "" ? {} : {name: ownName}), ...(note === "" ? {} : {note})});
    const range = ({startFrame, endFrame, startS, endS}) => ({
      start_frame: startFrame,
      end_frame: endFrame,
      start_s: startS,
      end_s: endS,
    });
    // The options that the page can change.
    const changed = Object.fromEntries(Object.keys(data.options).map((field) => [field, options[Format.camelCase(field)]]));
    const document = {
      schema: "transnet.clips/2",
      video: data.video,
      status: data.status,
      ...(data.error === null ? {} : {error: data.error}),
      frame_count: timeline.frameCount,
      framerate: timeline.framerate,
      is_constant_rate: timeline.isConstantRate,
      duration_s: timeline.startS(timeline.frameCount),
      start_s: 0,
      origin_s: data.origin_s,
      ...(timeline.isPart ? {
        analysed: range({
          startFrame: timeline.partStart, endFrame: timeline.partEnd, startS: timeline.partStartS, endS: timeline.partEndS,
        }),
      } : {}),
      transitions: decision.transitions.map(({firstFrame, lastFrame, startS, endS, kind, single, manyHot}) => ({
        first_frame: firstFrame,
        last_frame: lastFrame,
        start_s: startS,
        end_s: endS,
        kind,
        probability: Format.shortestFloat(single.peak),
        mean_probability: Format.shortestFloat(single.mean),
        ...(manyHot === null ? {} : {
          many_hot_peak: Format.shortestFloat(manyHot.peak),
          many_hot_mean: Format.shortestFloat(manyHot.mean),
        }),
      })),
      scenes: decision.scenes,
      shots: decision.shots.map((shot, index) => ({...range(shot), ...labelOf(labels[index])})),
      clips: decision.clips.map((clip) => ({
        uuid: clipUuid(name, clip),
        source_video: data.uuid_name,
        ...range(clip),
      })),
      ...(decision.snapped === null ? {} : {snapped: decision.snapped}),
      warnings: data.warnings,
      ...(Object.keys(data.source_json).length === 0 ? {} : {source: data.source_json}),
      made_by: {
        ...data.made_by,
        options: {...data.made_by.options, ...changed},
        ...(decision.isCorrected ? {is_corrected: true} : {}),
      },
    };
    return `${JSON.stringify(document, null, 1)}\n`;
  }

  /** A cell of RFC 4180; an apostrophe marks a text that a spreadsheet would read as a formula. */
  function csvCell(text) {
    const cell = /^'*[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }

  /** "00:00:01.680" */
  function timecode(timeS) {
    const timeMs = Math.round(timeS * 1e3);
    const part = (unitMs, count, digits) => String(Math.floor(timeMs / unitMs) % count).padStart(digits, "0");
    return `${part(3600000, Infinity, 2)}:${part(60000, 60, 2)}:${part(1000, 60, 2)}.${part(1, 1000, 3)}`;
  }

  /** Entries in the columns of the command's csv; two more if the user has named a shot or written a note. */
  function csv(data, entries) {
    const hasLabels = entries.some(({name, note}) => name !== "" || note !== "");
    const rows = [
      "Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,End Timecode,End Time (seconds)," +
        `Length (frames),Length (timecode),Length (seconds),Video,UUID,Probability${hasLabels ? ",Name,Note" : ""}`,
    ];
    entries.forEach(({startFrame, endFrame, startS, endS, uuid, name, note}, index) => {
      const lengthS = endS - startS;
      rows.push([
        index + 1,
        startFrame + 1,
        timecode(startS),
        startS.toFixed(6),
        endFrame,
        timecode(endS),
        endS.toFixed(6),
        endFrame - startFrame,
        timecode(lengthS),
        lengthS.toFixed(6),
        csvCell(data.video),
        uuid ?? "",
        "",
        ...(hasLabels ? [csvCell(name), csvCell(note)] : []),
      ].join(","));
    });
    return `${rows.join("\n")}\n`;
  }

  /** Shots or clips as a file of that format. @throws Error with a text for the user */
  function file(format, what, data, timeline, decision, options, labels) {
    const entries = entriesOf(what, data, decision, labels);
    // As in the command: a clip of a last scene of one frame has no frame, so no row and no place on a timeline.
    const placed = entries.filter(({startFrame, endFrame}) => endFrame > startFrame);
    switch (format) {
      case "json": return json(data, timeline, decision, options, labels);
      case "csv": return csv(data, placed);
      case "edl": return EditLists.edl(data.edit_lists, timeline, placed);
      case "otio": return EditLists.otio(data.edit_lists, timeline, placed);
      default: throw new Error(`There is no format ${format}.`);
    }
  }

  return {clipUuid, shellWord, commandLine, splitLine, fileName, file};
})();
