// SPDX-License-Identifier: Apache-2.0
"use strict";

// Facts about the lengths of the shots, and their histogram.
const Statistics = (() => {
  const mostBins = 16;
  const niceWidthsS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];

  /** Of the lengths of shots in seconds: {count, meanS, medianS, shortestS, longestS}; null: there is no shot. */
  function of(lengthsS) {
    if (lengthsS.length === 0) return null;
    const sorted = Float64Array.from(lengthsS).sort();
    const middle = (sorted.length - 1) / 2;
    return {
      count: sorted.length,
      meanS: sorted.reduce((sum, lengthS) => sum + lengthS, 0) / sorted.length,
      medianS: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2,
      shortestS: sorted[0],
      longestS: sorted[sorted.length - 1],
    };
  }

  /**
   * Bins [fromS, toS) of equal width, as {fromS, toS, count}. The last one holds all longer shots, so that a few long ones
   * do not press the others together.
   */
  function histogram(lengthsS) {
    if (lengthsS.length === 0) return [];
    const sorted = Float64Array.from(lengthsS).sort();
    const mostS = sorted[Math.floor((sorted.length - 1) * 0.95)];
    const widthS = niceWidthsS.find((width) => mostS / width < mostBins - 1) ?? Math.ceil(mostS / (mostBins - 1));
    // A length of 0.3 s is often slightly less.
    const binOf = (lengthS) => Math.min(Math.floor(lengthS / widthS + 1e-6), mostBins - 1);
    const bins = Array.from({length: binOf(sorted[sorted.length - 1]) + 1}, (_, index) => ({
      fromS: index * widthS,
      toS: index === mostBins - 1 ? Infinity : (index + 1) * widthS,
      count: 0,
    }));
    for (const lengthS of sorted) ++bins[binOf(lengthS)].count;
    return bins;
  }

  const rangeText = ({fromS, toS}) => toS === Infinity ? `${Format.plain(fromS)} s and longer`
                                                       : `${Format.plain(fromS)} to ${Format.plain(toS)} s`;

  /** Fills the panel. */
  function show(shots, durationS) {
    const byId = (id) => document.getElementById(id);
    const lengthsS = shots.map(({startS, endS}) => endS - startS);
    const facts = of(lengthsS);
    const rows = facts === null ? [["Shots", "0"]] : [
      ["Shots", facts.count.toLocaleString("en")],
      ["Average length", Format.length(facts.meanS)],
      ["Median length", Format.length(facts.medianS)],
      ["Shortest, longest", `${Format.length(facts.shortestS)}, ${Format.length(facts.longestS)}`],
      ["Shots a minute", durationS > 0 ? Format.plain(facts.count * 60 / durationS, 1) : "–"],
    ];
    byId("statistics").replaceChildren(...rows.flatMap(([name, value]) => [make("dt", "", name), make("dd", "", value)]));
    const bins = histogram(lengthsS);
    const most = Math.max(1, ...bins.map(({count}) => count));
    byId("histogram").replaceChildren(...bins.map((bin) => {
      const row = make("li");
      const bar = make("span", "bar-of-count");
      bar.style.height = `${bin.count === 0 ? 0 : Math.max(2, bin.count / most * 100)}%`;
      row.title = `${rangeText(bin)}: ${Format.count(bin.count, "shot")}`;
      row.append(bar, make("span", "hidden", row.title));
      return row;
    }));
    byId("histogram-from").textContent = bins.length > 0 ? "0 s" : "";
    const last = bins.at(-1);
    byId("histogram-to").textContent = last === undefined ? ""
      : last.toS === Infinity ? `${Format.plain(last.fromS)} s and longer` : `${Format.plain(last.toS)} s`;
  }

  return {of, histogram, show};
})();
