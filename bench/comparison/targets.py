# SPDX-License-Identifier: Apache-2.0
"""What transnet wants to reach, as ratios of one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .commands import PYSCENEDETECT, RIVAL
from .rounds import Experiment, Spread

Results = dict[str, Experiment]


@dataclass(frozen=True)
class Target:
    text: str
    low: float
    high: float
    measure: Callable[[Results], Spread | None]

    @property
    def bound(self) -> str:
        if self.high == float("inf"):
            return f">= {self.low:g}"
        return f"<= {self.high:g}" if self.low == 0 else f"{self.low:g} .. {self.high:g}"

    def verdict(self, results: Results) -> tuple[str, str]:
        ratio = self.measure(results)
        if ratio is None:
            return "-", "not measured"
        return str(ratio), "met" if self.low <= ratio.median <= self.high else "not met"


def _speeds(experiment: str, contestant: str, rival: str) -> Callable[[Results], Spread | None]:
    """How many times as fast as the rival."""
    def measure(results: Results) -> Spread | None:
        found = results.get(experiment)
        return found.speed_ratio(contestant, rival) if found and found.has(contestant, rival) else None

    return measure


def _figures(experiment: str, figure: str, contestant: str, other: str) -> Callable[[Results], Spread | None]:
    """A figure of the samples, as a ratio of each round."""
    def measure(results: Results) -> Spread | None:
        found = results.get(experiment)
        if not found:
            return None
        rounds = zip(found.samples[contestant], found.samples[other], strict=True)
        return Spread(tuple((getattr(ours, figure) or 0) / (getattr(theirs, figure) or 1) for ours, theirs in rounds))

    return measure


def _faster(text: str, low: float, experiment: str, contestant: str, rival: str) -> Target:
    return Target(text, low, float("inf"), _speeds(experiment, contestant, rival))


def _whole_to_sum(results: Results) -> Spread | None:
    found = results.get("overlap")
    if not found:
        return None
    rounds = zip(found.samples["whole command"], found.samples["decoding and scaling alone"],
                 found.samples["network alone"], strict=True)
    return Spread(tuple(whole.seconds / (media.seconds + network.seconds) for whole, media, network in rounds))


TARGETS = (
    _faster("network fp32 against OpenVINO fp32", 1.2, "network", "transnet fp32", "OpenVINO fp32"),
    _faster("network bf16 against OpenVINO bf16", 1.3, "network", "transnet bf16", "OpenVINO bf16"),
    _faster("`auto` against `bf16`", 0.8, "network", "transnet auto", "transnet bf16"),
    _faster("AutoShot fp32 against TransNetV2 fp32", 0.8, "autoshot", "AutoShot fp32", "TransNetV2 fp32"),
    _faster("AutoShot bf16 against TransNetV2 bf16", 0.8, "autoshot", "AutoShot bf16", "TransNetV2 bf16"),
    _faster("AutoShot `auto` against TransNetV2 `auto`", 0.8, "autoshot", "AutoShot auto", "TransNetV2 auto"),
    _faster("network fp32 held to AVX2 against OpenVINO held to AVX2", 1.0, "avx2", "transnet fp32 (AVX2)",
            "OpenVINO fp32 (AVX2)"),
    _faster(f"whole command, 160x90, auto against {RIVAL}", 6, "command-160x90", "transnet auto", RIVAL),
    _faster(f"whole command, 160x90, fp32 against {RIVAL}", 1.7, "command-160x90", "transnet fp32", RIVAL),
    _faster(f"whole command, 1080p, auto against {RIVAL}", 4, "command-1080p", "transnet auto", RIVAL),
    _faster(f"whole command, 1080p, fp32 against {RIVAL}", 1.6, "command-1080p", "transnet fp32", RIVAL),
    _faster(f"whole command, 1080p, auto against {PYSCENEDETECT}", 0.9, "command-1080p", "transnet auto", PYSCENEDETECT),
    _faster(f"whole command, 4K, auto against {RIVAL}", 2.6, "command-4k", "transnet auto", RIVAL),
    _faster(f"whole command, 4K, auto against {PYSCENEDETECT}", 1.2, "command-4k", "transnet auto", PYSCENEDETECT),
    Target("time of `accurate` / time of `reference`, 160x90, auto", 0, 2.4,
           _speeds("accurate-160x90", "reference", "accurate")),
    Target("time of `accurate` / time of `reference`, 4K, auto", 0, 1.3, _speeds("accurate-4k", "reference", "accurate")),
    Target("time of the whole command / (decoding and scaling alone + network alone)", 0, 1.05, _whole_to_sum),
    _faster("extracting from Python against the command", 0.98, "python", "Python", "command"),
    Target("CPU time beside a busy process / alone", 0, 1.3,
           _figures("neighbour", "cpu_seconds", "beside a busy process", "alone")),
    Target("time of ten times the video / time of the video", 0, 10.3,
           _speeds("tenfold", "the video", "ten times the video")),
    Target("memory of ten times the video / memory of the video", 0.95, 1.05,
           _figures("tenfold", "peak_rss_bytes", "ten times the video", "the video")),
    _faster("8 videos at once against one after the other", 1.1, "several", "at once", "one after the other"),
)
