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
DARKEST_PICTURE = 24  # of 255: what stays below is a bar
RETURN_FRAMES, RETURN_SHARE, LONGEST_RETURN = (1, 2, 4), 0.4, 12


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
    """Drops short transitions after which the picture is again as it was before: flashes, strobes, lightning. `start` is the
    last frame of the shot before, `end` the first frame of the shot after. A transition goes if there is a frame shortly before
    it and one shortly after it that differ by much less than the frames between them differ from the one before."""
    values = frames.astype(np.int16)

    def returns(before: int, after: int) -> bool:
        inside = np.abs(values[before:after + 1] - values[before]).mean(axis=(1, 2, 3))
        return bool(inside[-1] < RETURN_SHARE * inside.max())

    def is_return(start: int, end: int) -> bool:
        return end - start <= LONGEST_RETURN and any(
            returns(max(0, start - before), min(len(values) - 1, end + after))
            for before in RETURN_FRAMES for after in RETURN_FRAMES)

    return [(start, end) for start, end in found if not is_return(start, end)]


def with_slow(found: Sequence[Run], slow: np.ndarray, threshold: float, many_hot: float, shortest: int) -> list[Run]:
    """Adds transitions that the network finds in every third frame, if they are long and touch none that is there."""
    def is_new(run: Run) -> bool:
        return not any(run[0] < end + 3 and start < run[1] + 3 for start, end in found)

    added = [run for run in decide(slow, threshold, many_hot) if run[1] - run[0] >= shortest and is_new(run)]
    return sorted([*found, *added])


def bars(frames: np.ndarray) -> str | None:
    """The part of the picture that is not black in all frames, for ffmpeg's crop filter; None if that is all of it."""
    brightest = frames.max(axis=(0, 3))
    rows, columns = (np.flatnonzero(brightest.max(axis=axis) > DARKEST_PICTURE) for axis in (1, 0))
    if not len(rows) or (len(rows), len(columns)) == brightest.shape:
        return None
    height, width = brightest.shape
    share_x, share_y = (columns[-1] + 1 - columns[0]) / width, (rows[-1] + 1 - rows[0]) / height
    return f"crop=iw*{share_x:.4f}:ih*{share_y:.4f}:iw*{columns[0] / width:.4f}:ih*{rows[0] / height:.4f}"


def cropped(video: Path, frames: np.ndarray, folder: Path) -> Path:
    """The video without its bars: a lossless copy, or the video itself."""
    part = bars(frames)
    if not part:
        return video
    target = folder / f"{video.stem}.mkv"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"partial-{target.name}")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(video), "-vf", part, "-c:v", "ffv1", str(partial)],
                       check=True)
        partial.rename(target)
    return target


def write(file: Path, found: Iterable[Run], labels: Truth) -> Path:
    """In the format of truth files, which `transnet eval` also reads as results."""
    last = labels.frames - 1
    rows = [{"kind": "cut" if end - start <= LONGEST_CUT else "gradual", "first": start, "last": min(end, last)}
            for start, end in found if start < last]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"video": labels.video, "frames": labels.frames, "framerate": labels.framerate,
                                "transitions": rows}))
    return file
