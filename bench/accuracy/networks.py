# SPDX-License-Identifier: Apache-2.0
"""Runs the networks over videos by the command, and keeps their answers: probabilities for fp32 and bf16, transitions for
`auto`, which decides at one threshold."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comparison.processes import output_of

from . import predictions
from .settings import Settings

THRESHOLDS = {"transnetv2": 0.4, "autoshot": 0.296}  # that the authors publish


@dataclass(frozen=True)
class Networks:
    settings: Settings
    folder: Path  # for the answers

    def probabilities(self, network: str, videos: Sequence[Path], precision: str = "fp32", frame_step: int = 1,
                      name: str = "") -> list[Path]:
        """A file of `transnet predict` for each video. `name`: of the folder for changed videos."""
        folder = self.folder / (f"{network}-{precision}" + (f"-step-{frame_step}" if frame_step > 1 else "") + name)
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{video.stem}.txt" for video in videos]
        missing = [(video, file) for video, file in zip(videos, files, strict=True) if not file.exists()]
        if missing:
            print(f"{folder.name}: {len(missing)} videos", file=sys.stderr, flush=True)
        for video, file in missing:
            partial = file.with_suffix(".partial")
            # The numbers of frames equal the truth's: no video of the benchmark has a varying rate.
            output_of([self.settings.command, "predict", "--quiet", "--timing", "constant-rate", "--precision", precision,
                       "--frame-step", str(frame_step), "--weights", self.settings.weights[network], video,
                       "-o", partial, "--format", "text"])
            partial.rename(file)
        return files

    def mean(self, videos: Sequence[Path], precision: str = "fp32") -> list[Path]:
        """The mean of both first heads, with TransNetV2's many-hot head."""
        folder = self.folder / f"mean-{precision}"
        both = zip(self.probabilities("transnetv2", videos, precision), self.probabilities("autoshot", videos, precision),
                   strict=True)
        files = []
        for one, other in both:
            file = folder / one.name
            if not file.exists():
                predictions.write(file, predictions.mean_of(predictions.read(one), predictions.read(other)))
            files.append(file)
        return files

    def decided_by_profile(self, profile: str, networks: str, threshold: float, videos: Sequence[Path]) -> list[Path]:
        """The transitions of `transnet clips --profile` with one network or both: one file. `threshold`: that of the profile;
        one network alone would have its own."""
        file = self.folder / f"profile-{profile}-{networks}-{threshold:g}.jsonl"
        if not file.exists():
            print(f"{file.name}: {len(videos)} videos", file=sys.stderr, flush=True)
            weights = self.settings.weights
            second = ["--second-weights", weights["autoshot"]] if networks == "both" else []
            partial = file.with_suffix(".partial.jsonl")
            output_of([self.settings.command, "clips", "--quiet", "--timing", "constant-rate", "--min-length-s", "0", "--what",
                       "transitions", "--profile", profile, "--model", networks, "--threshold", f"{threshold:g}", "--weights",
                       weights["transnetv2"], *second, "--resume", "-o", partial, *videos])
            partial.rename(file)
        return [file]

    def decided_by_auto(self, network: str, videos: Sequence[Path]) -> list[Path]:
        """The transitions of `transnet clips --precision auto` at the network's threshold: one file."""
        file = self.folder / f"{network}-auto-{len(videos)}.jsonl"
        if not file.exists():
            print(f"{file.name}: {len(videos)} videos", file=sys.stderr, flush=True)
            partial = file.with_suffix(".partial.jsonl")
            output_of([self.settings.command, "clips", "--quiet", "--timing", "constant-rate", "--min-length-s", "0", "--what",
                       "transitions", "--precision", "auto", "--weights", self.settings.weights[network], "--threshold",
                       f"{THRESHOLDS[network]:g}", "--resume", "-o", partial, *videos])
            partial.rename(file)
        return [file]
