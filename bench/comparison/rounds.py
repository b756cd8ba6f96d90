# SPDX-License-Identifier: Apache-2.0
"""Runs contestants side by side, and what can be said of their times."""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sample:
    seconds: float
    peak_rss_bytes: int | None = None
    gflops: float | None = None
    cpu_seconds: float | None = None  # of all threads


@dataclass(frozen=True)
class Spread:
    """A figure of every round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        return f"{self.median:.3g} ({min(self.values):.3g} .. {max(self.values):.3g})"


@dataclass
class Experiment:
    """Contestants that did the same work, round by round."""

    key: str
    title: str
    frames: int  # of the source, that one run works through
    samples: dict[str, list[Sample]]
    notes: list[str] = field(default_factory=list)
    times_the_work: dict[str, int] = field(default_factory=dict)  # of a contestant that does more than `frames`
    facts: dict[str, str] = field(default_factory=dict)  # what it was measured on, and how often

    def has(self, *contestants: str) -> bool:
        return all(contestant in self.samples for contestant in contestants)

    def seconds(self, contestant: str) -> Spread:
        return Spread(tuple(sample.seconds for sample in self.samples[contestant]))

    def frames_a_second(self, contestant: str) -> Spread:
        frames = self.frames * self.times_the_work.get(contestant, 1)
        return Spread(tuple(frames / sample.seconds for sample in self.samples[contestant]))

    def peak_rss_mib(self, contestant: str) -> Spread | None:
        values = tuple(s.peak_rss_bytes / 2**20 for s in self.samples[contestant] if s.peak_rss_bytes)
        return Spread(values) if values else None

    def speed_ratio(self, contestant: str, rival: str) -> Spread:
        """How many times as fast as the rival by the clock, each round on its own: what disturbs one
        disturbs both."""
        pairs = zip(self.samples[contestant], self.samples[rival], strict=True)
        return Spread(tuple(theirs.seconds / ours.seconds for ours, theirs in pairs))


def interleave(contestants: Mapping[str, Callable[[], Sample]], rounds: int) -> dict[str, list[Sample]]:
    """Every contestant once a round, in a new order each time."""
    order = list(contestants)
    shuffle = random.Random(1).shuffle
    samples: dict[str, list[Sample]] = {name: [] for name in contestants}
    for number in range(rounds):
        shuffle(order)
        for name in order:
            sample = contestants[name]()
            samples[name].append(sample)
            figure = f"{sample.gflops:.0f} GFLOP/s" if sample.gflops else f"{sample.seconds:.2f} s"
            print(f"  round {number + 1}/{rounds}  {name}: {figure}", file=sys.stderr, flush=True)
    return samples
