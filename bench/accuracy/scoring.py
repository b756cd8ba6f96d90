# SPDX-License-Identifier: Apache-2.0
"""Scores of `transnet eval`, pooled over any selection of videos."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from comparison.processes import output_of

from . import truth

KINDS = ("all", "cut", "gradual")


@dataclass
class Counts:
    """Of one kind. Counts can be added; means cannot."""

    true: int = 0
    found: int = 0
    matched: int = 0
    iou_sum: float = 0.0
    error_sum: float = 0.0  # of both ends of all pairs, frames

    def add(self, score: dict) -> None:
        self.true += score["true"]
        self.found += score["found"]
        self.matched += score["matched"]
        self.iou_sum += (score["iou"] or 0.0) * score["true"]
        self.error_sum += ((score["start_error_frames"] or 0.0) + (score["end_error_frames"] or 0.0)) * score["matched"]

    @property
    def precision(self) -> float:
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.matched / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.matched / (self.true + self.found) if self.true + self.found else 0.0

    @property
    def iou(self) -> float:
        return self.iou_sum / self.true if self.true else 0.0

    @property
    def boundary_error_frames(self) -> float:
        return self.error_sum / (2 * self.matched) if self.matched else 0.0


@dataclass
class Scores:
    kinds: dict[str, Counts] = field(default_factory=lambda: {kind: Counts() for kind in KINDS})
    # True transitions, and the ones of them that were found, by their finer kind and by their length.
    true_by: Counter[str] = field(default_factory=Counter)
    matched_by: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)  # found ones by the disturbance that they touch, or "nothing"

    @property
    def all(self) -> Counts:
        return self.kinds["all"]

    @property
    def gradual(self) -> Counts:
        return self.kinds["gradual"]

    @property
    def cut(self) -> Counts:
        return self.kinds["cut"]


@dataclass(frozen=True)
class Answer:
    """`transnet eval` on a set of results: the scores of each video, by rule and threshold."""

    videos: tuple[dict, ...]
    truths: dict[str, truth.Truth]  # by the video's name without its ending

    def scores(self, rule: str = "strict", threshold: float | None = None,
               is_wanted: Callable[[str], bool] = bool) -> Scores:
        pooled = Scores()
        for video in self.videos:
            name = stem(video["video"])
            if is_wanted(name):
                self._add(pooled, video, self.truths[name], rule, threshold)
        return pooled

    def _add(self, pooled: Scores, video: dict, labels: truth.Truth, rule: str, threshold: float | None) -> None:
        row = next(row for row in video["scores"] if threshold is None or abs(row["threshold"] - threshold) < 1e-9)
        scores = next(scores for scores in row["rules"] if scores["rule"] == rule)
        for kind in KINDS:
            pooled.kinds[kind].add(scores[kind])
        if "missed" not in scores:  # a sweep has counts alone
            return
        missed = {(row["start_frame"], row["end_frame"]) for row in scores["missed"]}
        for label in labels.transitions:
            words = [label.kind, *([length_class(label)] if label.scored_kind != "cut" else [])]
            pooled.true_by.update(words)
            if (label.first, label.last) not in missed:
                pooled.matched_by.update(words)
        pooled.wrong.update(_cause(labels, wrong["start_frame"], wrong["end_frame"]) for wrong in scores["wrong"])


LENGTHS = {"4 to 8": 8, "9 to 16": 16, "17 to 32": 32, "33 to 70": 10**9}  # mixed frames


def length_class(label: truth.Label) -> str:
    return next(name for name, longest in LENGTHS.items() if label.last - label.first - 1 <= longest)


def _cause(labels: truth.Truth, first: int, last: int) -> str:
    for label in labels.disturbances:
        if label.first - 2 <= last and first <= label.last + 2:
            return label.kind
    # A second answer to one transition, for example to both ends of a long dissolve.
    for label in labels.transitions:
        if label.first - 4 <= last and first <= label.last + 4:
            return f"beside {label.kind}"
    return "nothing"


def stem(name: str) -> str:
    return Path(name).name.split(".")[0]


class Scorer:
    def __init__(self, command: Path, truths: Path) -> None:
        self._command, self._folder = command, truths
        self._truths = {stem(file.name): truth.read(file) for file in sorted(truths.glob("*.truth.json"))}

    @property
    def truths(self) -> dict[str, truth.Truth]:
        return self._truths

    def evaluate(self, results: Iterable[Path], thresholds: Iterable[float] = (), many_hot: float | None = None,
                 rules: str = "strict,published", *options: str) -> Answer:
        """`many_hot`: the threshold of the second head; None = off."""
        values = list(thresholds)
        how = ["--threshold", f"{values[0]:g}"] if len(values) == 1 else []
        how += ["--thresholds", ",".join(f"{value:g}" for value in values)] if len(values) > 1 else []
        how += ["--many-hot-threshold", f"{many_hot:g}"] if many_hot is not None else []
        text = output_of([self._command, "eval", *results, "--truth", self._folder, "--rule", rules, "--format", "json",
                          "--quiet", *how, *options])
        answer = json.loads(text)
        failed = [video for video in answer["videos"] if video["status"] == "failed"]
        if failed:
            raise RuntimeError(f"{failed[0]['video']}: {failed[0]['error']['message']}")
        return Answer(tuple(answer["videos"]), self._truths)
