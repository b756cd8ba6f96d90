# SPDX-License-Identifier: Apache-2.0
"""Ideas for better decisions, tried on kept probabilities. They decide here, outside of the command; `runs` gives the
command's own transitions, which the scores of the unchanged rule confirm."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from .truth import Truth

Run = tuple[int, int]  # frames [start, end)
LONGEST_CUT = 2
RETURN_FRAMES, RETURN_SHARE, LONGEST_RETURN = 3, 0.5, 12


def runs(core: np.ndarray, wide: np.ndarray) -> list[Run]:
    """Runs of frames that are marked in either, and in `core` at least once."""
    marked = np.concatenate([[False], core | wide, [False]])
    edges = np.flatnonzero(marked[1:] != marked[:-1])
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True) if core[start:end].any()]


def decide(probabilities: np.ndarray, threshold: float, many_hot: float) -> list[Run]:
    return runs(probabilities[:, 0] > threshold, probabilities[:, 1] > many_hot)


def thumbnails(video: Path) -> np.ndarray:
    """The frames that the network sees: uint8 [frames, 27, 48, 3]."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(video), "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "48x27", "-"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, 27, 48, 3)


def without_returns(found: Iterable[Run], frames: np.ndarray) -> list[Run]:
    """Drops short transitions after which the picture is again as it was before: flashes, strobes, lightning. A transition
    goes if the frame before it and the frame after it differ by less than half of the largest difference inside."""
    values, kept = frames.astype(np.int16), []
    for start, end in found:
        if end - start <= LONGEST_RETURN:
            before, after = max(0, start - RETURN_FRAMES + 1), min(len(values) - 1, end + RETURN_FRAMES - 1)
            inside = np.abs(values[before:after + 1] - values[before]).mean(axis=(1, 2, 3))
            if inside[-1] < RETURN_SHARE * inside.max():
                continue
        kept.append((start, end))
    return kept


def with_slow(found: Sequence[Run], slow: np.ndarray, threshold: float, many_hot: float, shortest: int) -> list[Run]:
    """Adds transitions that the network finds in every third frame, if they are long and touch none that is there."""
    def is_new(run: Run) -> bool:
        return not any(run[0] < end + 3 and start < run[1] + 3 for start, end in found)

    added = [run for run in decide(slow, threshold, many_hot) if run[1] - run[0] >= shortest and is_new(run)]
    return sorted([*found, *added])


def write(file: Path, found: Iterable[Run], labels: Truth) -> Path:
    """In the format of truth files, which `transnet eval` also reads as results."""
    last = labels.frames - 1
    rows = [{"kind": "cut" if end - start <= LONGEST_CUT else "gradual", "first": start, "last": min(end, last)}
            for start, end in found if start < last]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"video": labels.video, "frames": labels.frames, "framerate": labels.framerate,
                                "transitions": rows}))
    return file
