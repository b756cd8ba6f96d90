// SPDX-License-Identifier: Apache-2.0
"use strict";

// Facts about the video and about the run that made the report.
const Facts = (() => {
  const byId = (id) => document.getElementById(id);

  /** "0:10 – 0:30", of the analysed part; null: it is the whole video. */
  function partOf(timeline) {
    if (!timeline.isPart) return null;
    return `${Format.clock(timeline.partStartS)} – ${Format.clock(timeline.partEndS)}`;
  }

  function summaryOf(data, timeline) {
    const {width, height, video_codec: codec, size} = data.metadata;
    const rate = `${Format.plain(timeline.framerate)} fps${timeline.isConstantRate ? "" : " on average, variable"}`;
    return [
      width !== null && height !== null ? `${width} × ${height}` : null,
      rate,
      Format.clock(timeline.startS(timeline.frameCount)),
      Format.count(timeline.frameCount, "frame"),
      timeline.isPart ? `this page: ${partOf(timeline)}` : null,
      codec,
      size !== null ? Format.bytes(size) : null,
    ].filter((fact) => fact !== null);
  }

  function detailsOf(data, timeline) {
    const {metadata} = data;
    const known = (value, text) => (value === null ? null : text(value));
    return [
      ["Video", data.video],
      ["Status", data.error === null ? data.status : `${data.status} (${data.error.code}): ${data.error.message}`],
      ["Pictures", known(metadata.width, (width) => `${width} × ${metadata.height ?? "?"}`)],
      ["Codec", known(metadata.video_codec, String)],
      ["Pixel format", known(metadata.pixel_format, String)],
      ["Sound", metadata.audio_codec ?? "none, or not known"],
      ["Frames decoded", `${timeline.frameCount.toLocaleString("en")} in ${
        Format.clock(timeline.startS(timeline.frameCount))}`],
      ["Part on this page", timeline.isPart ? `${partOf(timeline)}, frames ${timeline.partStart} to ${timeline.partEnd - 1}` : null],
      ["Frame rate", `${Format.plain(timeline.framerate, 6)} a second, ${
        timeline.isConstantRate ? "constant" : "variable: times are the time stamps"}`],
      ["First time stamp", `${Format.plain(data.origin_s, 6)} s`],
      ["File states", known(metadata.duration, (duration) => `${Format.plain(duration)} s${
        known(metadata.num_frames, (frames) => `, ${frames.toLocaleString("en")} ${frames === 1 ? "frame" : "frames"}`) ?? ""}`)],
      ["Bit rate", known(metadata.bit_rate_k, (rate) => `${rate.toLocaleString("en")} kbit/s (of 1024)`)],
      ["Size", known(metadata.size, (size) => `${Format.bytes(size)} (${size.toLocaleString("en")} bytes)`)],
      ...data.run,
    ].filter(([, value]) => value !== null);
  }

  function show(data, timeline) {
    document.title = `${data.name} – transnet report`;
    byId("name").textContent = data.name;
    byId("status").textContent = data.status;
    byId("status").dataset.status = data.status;
    byId("facts").replaceChildren(...summaryOf(data, timeline).map((fact) => make("li", "", fact)));
    const warnings = [...(data.error === null ? [] : [data.error.message]), ...data.warnings];
    byId("warnings").hidden = warnings.length === 0;
    byId("warnings").replaceChildren(...warnings.map((warning) => make("li", "", warning)));
    byId("details").replaceChildren(
      ...detailsOf(data, timeline).flatMap(([name, value]) => [make("dt", "", name), make("dd", "", value)]));
    byId("made-by").textContent = `Made by transnet ${data.version}. This page loads nothing but the video beside it.`;
  }

  return {show};
})();
