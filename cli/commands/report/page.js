// SPDX-License-Identifier: Apache-2.0
"use strict";

// Builds the page from its data and updates it on the user's actions.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const starts = data.starts_base64 === null ? null : Format.doublesOfBase64(data.starts_base64);
  const timeline = new Decision.Timeline(data.framerate, data.frame_count, starts, data.part);
  const single = Format.floatsOfBase64(data.single_base64);
  const manyHot = data.many_hot_base64 === null ? null : Format.floatsOfBase64(data.many_hot_base64);
  const thumbnails = new Thumbnails(data.thumbnails);
  const {partStart, partEnd, partStartS, partEndS} = timeline;
  const partLengthS = partEndS - partStartS;
  const optionsOf = (from) =>
    Object.fromEntries(Object.entries(from).map(([name, value]) => [Format.camelCase(name), value]));

  let options = optionsOf(data.options);
  const store = new CorrectionsStore(data.result_id, timeline.frameCount, () => {
    decide();
    showDecision();
    showLists();
    moveTo(playheadS);
  });
  let decision = null;
  let labels = [];  // of the shots
  let numbers = new Map();  // of the shots, from 1
  let playheadS = partStartS;
  let listsTimer = 0;

  function decide() {
    decision = Decision.decide(single, manyHot, timeline, options, store.state, data.given_frames);
    labels = Corrections.labelsOf(store.state, decision.shots);
  }
  decide();

  const settings = new Settings(options, onOptions);
  const player = new Player(data.source, data.player_offset_s, (timeS) => moveTo(timeS, true));
  if (!thumbnails.isEmpty) byId("player").poster = thumbnails.url(0);
  const view = new TimelineView(byId("timeline"), byId("overview"), {timeline, single, manyHot, thumbnails}, {
    onSeek: seek,
    onThreshold: (value) => {
      settings.threshold = value;
    },
    onBorder: (index, timeS) => editor.moveBorder(index, frameAt(timeS)),
    onHover: showTip,
    onView: () => {
      byId("zoom-fit").disabled = !view.isZoomed;
    },
  });
  listenToPointer(view, byId("timeline"), byId("overview"));
  const pictures = new LazyPictures(thumbnails);
  const shotList = new RowList(byId("shots"), Rows.shots(thumbnails, pictures, () => ({decision, options, numbers, labels}),
                                                        play));
  const clipList = new RowList(byId("clips"), Rows.clips(play));

  // --- what was decided ----------------------------------------------------------------------------------------------

  function onOptions(next) {
    const problem = Decision.problemOf(next, timeline);
    settings.showProblem(problem?.option ?? null);
    byId("problem").hidden = problem === null;
    byId("problem").textContent = problem?.text ?? "";
    for (const button of document.querySelectorAll("#copy, #copy-split, [data-format]")) button.disabled = problem !== null;
    if (problem !== null) return;
    options = next;
    decide();
    showDecision();
    editor.show();
    // While a slider moves, the timeline and the numbers follow at once; the lists follow when it rests.
    clearTimeout(listsTimer);
    listsTimer = setTimeout(showLists, 90);
  }

  function showDecision() {
    view.show(decision, decision.threshold);
    const keptS = decision.clips.reduce((sum, {startS, endS}) => sum + endS - startS, 0);
    const share = partLengthS > 0 ? keptS / partLengthS : 0;
    const cuts = decision.transitions.filter(({kind}) => kind === "cut").length;
    byId("share").firstElementChild.style.width = `${Math.min(share, 1) * 100}%`;
    byId("summary").replaceChildren(
      make("b", "", Format.count(decision.clips.length, "clip")),
      ` out of ${Format.count(decision.shots.length, "shot")}, ${Format.length(keptS)} of ${
        Format.length(partLengthS)} (${Math.round(share * 100)} %). ${
        Format.count(cuts, "hard cut")}, ${
        Format.count(decision.transitions.length - cuts, "soft transition")}.${snapSummary()}`);
    Statistics.show(decision.shots, partLengthS);
    byId("shot-count").textContent = decision.shots.length.toLocaleString("en");
    byId("clip-count").textContent = decision.clips.length.toLocaleString("en");
    byId("command").value = Export.commandLine(data, options);
    showSplitLine();
  }

  function snapSummary() {
    if (decision.snapped === null) return "";
    const {moved, elsewhere} = decision.snapped;
    return ` ${Format.count(moved, "border")} moved to frames of the list; ${elsewhere} on no such frame.`;
  }

  function showLists() {
    numbers = new Map(decision.shots.map((shot, index) => [shot, index + 1]));
    const isOfShots = !byId("shots-panel").hidden;
    const filter = byId("filter").value;
    const isKept = ({pieces}) => pieces.some(({fate}) => fate === "kept");
    const shots = filter === "all" ? decision.shots
                                   : decision.shots.filter((shot) => isKept(shot) === (filter === "kept"));
    const items = isOfShots ? shots : decision.clips;
    const left = (isOfShots ? shotList : clipList).show(items);
    const more = left > 0 ? `${left.toLocaleString("en")} more are not shown.` : "";
    byId("more").textContent = items.length > 0 ? more : `There is no such ${isOfShots ? "shot" : "clip"}.`;
    byId("more").hidden = byId("more").textContent === "";
    markCurrent();
  }

  // --- corrections ---------------------------------------------------------------------------------------------------

  /** The shot to correct: the one that is shown, or of a transition, the shot before it. */
  const editedShot = () => Math.max(rangeAt(decision.shots, playheadS), lastUntil(decision.shots, playheadS + hairS));
  const editor = new Editor(store, () => {
    const index = editedShot();
    const isInGap = index >= 0 && rangeAt(decision.shots, playheadS) < 0;
    return {decision, index, isInGap, frame: frameAt(playheadS), label: labels[index] ?? null};
  });

  // --- where the user is ---------------------------------------------------------------------------------------------

  /** The index of the last range that begins at this time or earlier; -1: none. */
  function lastUntil(ranges, timeS) {
    let first = 0;
    for (let end = ranges.length; first < end;) {
      const half = (first + end) >> 1;
      if (ranges[half].startS <= timeS) {
        first = half + 1;
      } else {
        end = half;
      }
    }
    return first - 1;
  }

  // The time after a seek can be slightly before the frame.
  const hairS = 1e-4;
  const inPart = (frame) => Math.max(partStart, Math.min(frame, partEnd - 1));
  const frameAt = (timeS) => inPart(timeline.lastFrameUntil(timeS + hairS));

  function rangeAt(ranges, timeS) {
    const index = lastUntil(ranges, timeS + hairS);
    return index >= 0 && timeS < ranges[index].endS ? index : -1;
  }

  function moveTo(timeS, isOfPlayer = false) {
    playheadS = Math.min(Math.max(timeS, partStartS), partEndS);
    view.playheadS = playheadS;
    if (isOfPlayer) view.reveal(playheadS);
    const shot = rangeAt(decision.shots, playheadS);
    const frame = frameAt(playheadS);
    const timecode = EditLists.timecodeAt(data.edit_lists, timeline, timeline.startS(frame));
    const text = [
      Format.clock(playheadS), `frame ${frame}`, timecode, shot < 0 ? null : `shot ${shot + 1}`,
    ].filter((part) => part !== null).join(", ");
    byId("position").textContent = text;
    const canvas = byId("timeline");
    canvas.setAttribute("aria-valuenow", playheadS.toFixed(3));
    canvas.setAttribute("aria-valuetext", text);
    markCurrent();
    editor.show();
  }

  function markCurrent() {
    shotList.mark(decision.shots[rangeAt(decision.shots, playheadS)] ?? null);
    clipList.mark(decision.clips[rangeAt(decision.clips, playheadS)] ?? null);
  }

  function seek(timeS) {
    moveTo(timeS);
    view.reveal(playheadS);
    player.seek(playheadS);
  }

  function play({startFrame, endFrame, startS, endS}) {
    moveTo(startS);
    view.reveal(playheadS);
    player.playRange(startS, endS, timeline.startS(Math.max(startFrame, endFrame - 1)));
  }

  const seekFrame = (frame) => seek(timeline.startS(inPart(frame)));

  function seekShot(by) {
    const at = lastUntil(decision.shots, playheadS + hairS);
    const target = decision.shots[Math.min(Math.max(at + by, 0), decision.shots.length - 1)];
    if (target !== undefined) seek(target.startS);
  }

  function showTip(x, timeS) {
    const tip = byId("tip");
    tip.hidden = x === null;
    if (x === null) return;
    const frame = frameAt(timeS);
    const shot = rangeAt(decision.shots, timeS);
    tip.replaceChildren();
    if (shot >= 0 && !thumbnails.isEmpty) {
      const image = make("img");
      image.alt = "";
      image.src = thumbnails.url(thumbnails.indexFor(decision.shots[shot]));
      tip.append(image);
    }
    const what = shot < 0 ? "between shots"
                          : `shot ${shot + 1}, ${Rows.fateOf(decision.shots[shot], decision.clips, options).chip}`;
    const percent = (value) => `${Format.plain(value * 100, 1)} %`;
    const soft = manyHot === null ? "" : `\ninside a soft transition: ${percent(manyHot[frame])}`;
    tip.append(make("b", "", Format.clock(timeS)),
               `  frame ${frame}\n${what}\na shot ends here: ${percent(single[frame])}${soft}`);
    tip.style.left = `${Math.min(Math.max(x + 12, 0), tip.parentElement.clientWidth - tip.offsetWidth)}px`;
    if (x + 12 + tip.offsetWidth > tip.parentElement.clientWidth) tip.style.left = `${x - 12 - tip.offsetWidth}px`;
  }

  // --- controls ------------------------------------------------------------------------------------------------------

  /** Whether an element has its own use for a key. */
  function takesKey(element, key) {
    if (element.closest("input:not([type=checkbox]), textarea, select, video") !== null) return true;
    const isButton = element.closest("button, a, summary, label, input") !== null;
    return isButton && (key === " " || key === "Enter");
  }

  // Keys work wherever the focus is, except where it needs them. The page itself scrolls by the keys for long ways.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey) return;
    const isOnTimeline = event.target === byId("timeline");
    if (!isOnTimeline && takesKey(event.target, event.key)) return;
    if (event.ctrlKey || event.metaKey) {
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) {
        store.redo();
      } else {
        store.undo();
      }
      return;
    }
    if (!isOnTimeline && ["PageUp", "PageDown", "Home", "End"].includes(event.key)) return;
    const step = event.shiftKey ? Math.max(1, Math.round(timeline.framerate)) : 1;
    const actions = {
      ArrowLeft: () => seekFrame(frameAt(playheadS) - step),
      ArrowRight: () => seekFrame(frameAt(playheadS) + step),
      ArrowUp: () => seekShot(-1),
      ArrowDown: () => seekShot(1),
      PageUp: () => seekShot(-10),
      PageDown: () => seekShot(10),
      Home: () => seekFrame(partStart),
      End: () => seekFrame(partEnd - 1),
      "+": () => view.zoom(1.6, playheadS),
      "=": () => view.zoom(1.6, playheadS),
      "-": () => view.zoom(1 / 1.6, playheadS),
      0: () => view.fit(),
      " ": () => player.toggle(),
      l: () => byId("loop").click(),
      ...editor.actions,
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });

  byId("previous-shot").addEventListener("click", () => seekShot(-1));
  byId("next-shot").addEventListener("click", () => seekShot(1));
  byId("zoom-in").addEventListener("click", () => view.zoom(1.6));
  byId("zoom-out").addEventListener("click", () => view.zoom(1 / 1.6));
  byId("zoom-fit").addEventListener("click", () => view.fit());
  byId("show-single").addEventListener("change", (event) => view.showCurve("single", event.target.checked));
  byId("show-many").addEventListener("change", (event) => view.showCurve("many", event.target.checked));
  byId("filter").addEventListener("change", showLists);

  const tabs = [byId("shots-tab"), byId("clips-tab")];
  function chooseTab(chosen) {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !isChosen;
    }
    byId("filter-label").hidden = chosen !== tabs[0];
    showLists();
  }
  for (const tab of tabs) {
    tab.addEventListener("click", () => chooseTab(tab));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      const other = tabs[1 - tabs.indexOf(tab)];
      chooseTab(other);
      other.focus();
    });
  }

  const types = {json: "application/json", csv: "text/csv", edl: "text/plain", otio: "application/json"};
  let lastFormat = "csv";

  function showSplitLine() {
    byId("split-line").hidden = data.split_words === null;
    if (data.split_words === null) return;
    byId("split-command").value = Export.splitLine(data, byId("what").value, lastFormat);
  }
  byId("what").addEventListener("change", showSplitLine);

  function save(format) {
    const what = byId("what").value;
    let text = null;
    try {
      text = Export.file(format, what, data, timeline, decision, options, labels);
    } catch (error) {
      byId("save-problem").textContent = `No file was written. ${error.message}`;
    }
    byId("save-problem").hidden = text !== null;
    if (text === null) return;
    lastFormat = format;
    showSplitLine();
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([text], {type: types[format]}));
    link.download = Export.fileName(data, what, format);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }
  for (const button of document.querySelectorAll("[data-format]")) {
    button.addEventListener("click", () => save(button.dataset.format));
  }

  async function copy(field, status) {
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {  // missing or not allowed
      field.select();
      isCopied = document.execCommand("copy");
    }
    status.textContent = isCopied ? "Copied." : "It is selected: copy it.";
    setTimeout(() => {
      status.textContent = "";
    }, 2500);
  }
  byId("copy").addEventListener("click", () => copy(byId("command"), byId("copied")));
  byId("copy-split").addEventListener("click", () => copy(byId("split-command"), byId("copied-split")));

  // --- light and dark ------------------------------------------------------------------------------------------------

  const themes = ["auto", "light", "dark"];
  const root = document.documentElement;
  function showTheme(theme) {
    root.dataset.theme = theme;
    byId("theme").textContent = `Theme: ${theme}`;
    view.forgetColours();
  }
  const themeKey = "transnet-report-theme";
  let storedTheme = null;
  try {
    storedTheme = localStorage.getItem(themeKey);
  } catch {
    // a browser that stores nothing for files
  }
  showTheme(themes.includes(storedTheme) ? storedTheme : "auto");
  byId("theme").addEventListener("click", () => {
    const next = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
    showTheme(next);
    try {
      localStorage.setItem(themeKey, next);
    } catch {
      // the choice then lasts as long as the page
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => view.forgetColours());

  // --- the first look ------------------------------------------------------------------------------------------------

  Facts.show(data, timeline);
  byId("many-label").hidden = manyHot === null;
  byId("timeline").setAttribute("aria-valuemin", partStartS.toFixed(3));
  byId("timeline").setAttribute("aria-valuemax", partEndS.toFixed(3));
  byId("zoom-fit").disabled = true;
  showDecision();
  moveTo(partStartS);
  if (partStart > 0) player.seek(partStartS);
  showLists();
})();
