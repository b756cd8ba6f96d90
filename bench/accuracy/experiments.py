# SPDX-License-Identifier: Apache-2.0
"""Everything that is measured on one group of edits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from . import candidates, ports, predictions, rivals
from .catalogue import DEVELOPMENT
from .networks import THRESHOLDS, Networks
from .scoring import Answer, Scorer, Scores, stem
from .settings import Settings

# Chosen on the development edits alone, see the tables of the choice in ACCURACY.md.
MEAN_THRESHOLD, MEAN_MANY_HOT = 0.25, 0.05
NAMES = {"transnetv2": "TransNetV2", "autoshot": "AutoShot"}
SWEEP = tuple(round(0.05 * k, 2) for k in range(1, 20))
GRID_THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45)
GRID_MANY_HOT = (0.03, 0.05, 0.1, 0.15, 0.2, 0.3)
RAISES = (math.inf, 100.0, 50.0, 25.0, 12.5, 5.0)  # predictions.MOST_RAISE is one of them
PORT_VIDEOS, PRECISION_VIDEOS = 4, 8

@dataclass
class Group:
    """The answers for the edits of a group, by the names of the contestants."""

    name: str
    videos: list[Path]
    answers: dict[str, Answer] = field(default_factory=dict)
    sweeps: dict[str, dict[float, Scores]] = field(default_factory=dict)
    grid: dict[tuple[float, float], Scores] = field(default_factory=dict)
    precisions: dict[tuple[str, str], Scores] = field(default_factory=dict)  # by contestant and precision
    ports: dict[str, dict[str, Scores]] = field(default_factory=dict)  # by mistake and network
    candidates: dict[str, Scores] = field(default_factory=dict)
    raises: dict[float, tuple[Scores, float]] = field(default_factory=dict)  # and the share of AutoShot's windows


REFERENCE = "TransNetV2 > 0.4 (reference)"
SPANS = "TransNetV2 > 0.3, many-hot > 0.1"
AUTOSHOT = "AutoShot > 0.296"
MEAN = f"both > {MEAN_THRESHOLD:g}, many-hot > {MEAN_MANY_HOT:g}"
ONE_ACCURATE = "profile accurate, TransNetV2 alone"
ACCURATE = "profile accurate"
ALONE = {"transnetv2": REFERENCE, "autoshot": AUTOSHOT}
CHOSEN = (REFERENCE, SPANS, AUTOSHOT, MEAN, ONE_ACCURATE, ACCURATE)


def networks_of(settings: Settings, group: str) -> Networks:
    return Networks(settings, settings.edits(group) / "results")


class Decisions:
    """Decisions that the command does not make, on the probabilities of some videos."""

    def __init__(self, networks: Networks, scorer: Scorer, videos: Sequence[Path]) -> None:
        self._networks, self._scorer, self.videos = networks, scorer, videos
        self.one = self._read(networks.probabilities("transnetv2", videos))
        self.mean = self._read(networks.mean(videos))
        self.slow = self._read(networks.probabilities("transnetv2", videos, frame_step=candidates.SLOW_STEP))
        self.frames = {video.stem: candidates.thumbnails(video) for video in videos}

    @staticmethod
    def _read(files: Sequence[Path]) -> dict[str, np.ndarray]:
        return {file.stem: predictions.read(file) for file in files}

    def without_returns(self, video: str, probabilities: np.ndarray) -> np.ndarray:
        return candidates.without_returns(probabilities, self.frames[video])

    def with_slow(self, video: str, probabilities: np.ndarray) -> np.ndarray:
        return candidates.with_slow(probabilities, self.slow[video])

    def tested(self, video: str, probabilities: np.ndarray) -> np.ndarray:
        return self.with_slow(video, self.without_returns(video, probabilities))

    def answer(self, decide: Callable[[str], list[candidates.Run]]) -> Answer:
        folder = self._networks.folder / "candidates"
        files = [candidates.write(folder / f"{video.stem}.found.json", decide(video.stem), self._scorer.truths[video.stem])
                 for video in self.videos]
        return self._scorer.evaluate(files)


def _own(networks: Networks, scorer: Scorer, videos: Sequence[Path], group: Group) -> None:
    for network, name in ALONE.items():
        group.answers[name] = scorer.evaluate(networks.probabilities(network, videos), [THRESHOLDS[network]])
    group.answers[SPANS] = scorer.evaluate(networks.probabilities("transnetv2", videos), [0.3], 0.1)
    group.answers[MEAN] = scorer.evaluate(networks.mean(videos), [MEAN_THRESHOLD], MEAN_MANY_HOT)
    group.answers[ONE_ACCURATE] = scorer.evaluate(networks.decided_by_profile("accurate", "transnetv2", MEAN_THRESHOLD, videos))
    group.answers[ACCURATE] = scorer.evaluate(networks.decided_by_profile("accurate", "both", MEAN_THRESHOLD, videos))


def _precisions(networks: Networks, scorer: Scorer, videos: Sequence[Path], group: Group) -> None:
    for precision in ("fp32", "bf16"):
        for network, name in ALONE.items():
            files = networks.probabilities(network, videos, precision)
            group.precisions[name, precision] = scorer.evaluate(files, [THRESHOLDS[network]]).scores()
        group.precisions[MEAN, precision] = scorer.evaluate(networks.mean(videos, precision), [MEAN_THRESHOLD],
                                                            MEAN_MANY_HOT).scores()
    for network, name in ALONE.items():
        group.precisions[name, "auto"] = scorer.evaluate(networks.decided_by_auto(network, videos)).scores()


def _sweep(networks: Networks, scorer: Scorer, videos: Sequence[Path], group: Group) -> None:
    for name, files, many_hot in (("TransNetV2", networks.probabilities("transnetv2", videos), None),
                                  ("AutoShot", networks.probabilities("autoshot", videos), None),
                                  ("TransNetV2, many-hot > 0.1", networks.probabilities("transnetv2", videos), 0.1),
                                  (f"mean of both, many-hot > {MEAN_MANY_HOT:g}", networks.mean(videos), MEAN_MANY_HOT)):
        answer = scorer.evaluate(files, SWEEP, many_hot, rules="strict")
        group.sweeps[name] = {threshold: answer.scores(threshold=threshold) for threshold in SWEEP}


def _grid(networks: Networks, scorer: Scorer, videos: Sequence[Path], group: Group) -> None:
    for many_hot in GRID_MANY_HOT:
        answer = scorer.evaluate(networks.mean(videos), GRID_THRESHOLDS, many_hot, rules="strict")
        group.grid |= {(threshold, many_hot): answer.scores(threshold=threshold) for threshold in GRID_THRESHOLDS}


def _rivals(settings: Settings, networks: Networks, scorer: Scorer, videos: Sequence[Path], group: Group) -> None:
    with ThreadPoolExecutor(settings.jobs) as pool:
        for name in rivals.RIVALS:
            folder = networks.folder / name.replace(" ", "-")

            def detect(video: Path, name: str = name, folder: Path = folder) -> Path:
                return rivals.detect(name, video, scorer.truths[video.stem].frames, folder / f"{video.stem}.scenes.txt")

            group.answers[name] = scorer.evaluate(list(pool.map(detect, videos)), (), None, "strict,published",
                                                  "--result-format", "scenes")


def _plain(videos: Sequence[Path]) -> list[Path]:
    return [video for video in videos if "-plain-" in video.name]


def _ports(settings: Settings, networks: Networks, scorer: Scorer, videos: Sequence[Path], group: Group) -> None:
    plain = _plain(videos)[:PORT_VIDEOS]
    folder = settings.edits(group.name) / "ports"
    mistakes: dict[str, Callable[[str], list[Path]]] = {
        name: lambda network, name=name: ports.converted(networks, name, network, plain, folder) for name in ports.CONVERSIONS}
    mistakes["windows of 100 frames without context"] = lambda network: ports.without_context(networks, network, plain, folder)
    for name, make in mistakes.items():
        group.ports[name] = {NAMES[network]: scorer.evaluate(make(network), [threshold], rules="strict").scores()
                             for network, threshold in THRESHOLDS.items()}


def _candidates(networks: Networks, scorer: Scorer, videos: Sequence[Path], group: Group) -> None:
    decisions = Decisions(networks, scorer, videos)
    mean = decisions.mean

    def usual(probabilities: np.ndarray, threshold: float = MEAN_THRESHOLD) -> list[candidates.Run]:
        return candidates.decide(probabilities, threshold, MEAN_MANY_HOT)

    def score(name: str, decide: Callable[[str], list[candidates.Run]]) -> None:
        group.candidates[name] = decisions.answer(decide).scores()

    score(MEAN, lambda video: usual(mean[video]))
    score("test for returns", lambda video: usual(decisions.without_returns(video, mean[video])))
    for threshold in (0.12, 0.15, 0.2):
        score(f"test for returns, mean > {threshold:g}",
              lambda video, threshold=threshold: usual(decisions.without_returns(video, mean[video]), threshold))
    score("slow transitions in every third frame", lambda video: usual(decisions.with_slow(video, mean[video])))
    score("both tests", lambda video: usual(decisions.tested(video, mean[video])))
    score("both tests, TransNetV2 alone", lambda video: usual(decisions.tested(video, decisions.one[video])))
    for low in (0.05, 0.1):
        score(f"hysteresis: also over frames above {low:g} in the first head",
              lambda video, low=low: candidates.runs(mean[video][:, 0] > MEAN_THRESHOLD,
                                                     (mean[video][:, 0] > low) | (mean[video][:, 1] > MEAN_MANY_HOT)))
    fewer, without_bars = dict(mean), dict(mean)
    for video in videos:
        name, rate = video.stem, scorer.truths[video.stem].framerate
        if rate >= 50:
            files = [networks.probabilities(network, [video], frame_step=round(rate / 30)) for network in THRESHOLDS]
            fewer[name] = predictions.mean_of(*(predictions.read(file) for (file,) in files))
        picture = candidates.cropped(video, decisions.frames[name], networks.folder / "without-bars-videos")
        if picture != video:
            files = [networks.probabilities(network, [picture], name="-without-bars") for network in THRESHOLDS]
            without_bars[name] = predictions.mean_of(*(predictions.read(file) for (file,) in files))
    score("at most 30 frames a second", lambda video: usual(fewer[video]))
    score("at most 30 frames a second, both tests", lambda video: usual(decisions.tested(video, fewer[video])))
    score("bars cut off", lambda video: usual(without_bars[video]))


def measure_raises(networks: Networks, scorer: Scorer, videos: Sequence[Path], group: Group) -> None:
    decisions = Decisions(networks, scorer, videos)
    other = {file.stem: predictions.read(file) for file in networks.probabilities("autoshot", videos)}
    for most in RAISES:
        def decide(video: str, most: float = most) -> list[candidates.Run]:
            mean = predictions.mean_of(decisions.one[video], other[video], most)
            return candidates.decide(decisions.tested(video, mean), MEAN_THRESHOLD, MEAN_MANY_HOT)

        needed = np.concatenate([candidates.needs_second(one, most, MEAN_THRESHOLD, MEAN_MANY_HOT)
                                 for one in decisions.one.values()])
        group.raises[most] = decisions.answer(decide).scores(), float(needed.mean())


def measure(settings: Settings, name: str, videos: list[Path]) -> Group:
    group = Group(name, videos)
    networks = networks_of(settings, name)
    scorer = Scorer(settings.command, settings.edits(name) / "truth")
    _own(networks, scorer, videos, group)
    _sweep(networks, scorer, videos, group)
    _rivals(settings, networks, scorer, videos, group)
    _precisions(networks, scorer, _plain(videos)[:PRECISION_VIDEOS], group)
    _ports(settings, networks, scorer, videos, group)
    measure_raises(networks, scorer, videos, group)
    if name == DEVELOPMENT:
        _grid(networks, scorer, videos, group)
        _candidates(networks, scorer, videos, group)
    return group


def measure_real(settings: Settings) -> Group | None:
    """The labelled videos of a folder; the same decisions, and nothing is chosen by them."""
    if not settings.media:
        return None
    labels = sorted(settings.media.glob("*.truth.json"))
    videos = [settings.media / f"{stem(file.name)}.mp4" for file in labels]
    if not videos:
        raise FileNotFoundError(f"{settings.media}: no *.truth.json")
    group = Group("real", videos)
    networks = Networks(settings, settings.work / "real")
    scorer = Scorer(settings.command, settings.media)
    _own(networks, scorer, videos, group)
    _rivals(settings, networks, scorer, videos, group)
    return group
