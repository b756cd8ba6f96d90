# SPDX-License-Identifier: Apache-2.0
"""Ideas for better decisions, tried on kept probabilities. They decide here, outside of the command; `runs` gives the
command's own transitions, which the scores of the unchanged rule confirm."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from .truth import Truth

Run = tuple[int, int]  # frames [start, end)
LONGEST_CUT = 2
WINDOW_STRIDE = 50  # frames for which a window of the network has the answer
DARKEST_PICTURE = 24  # of 255: what stays below is a bar
RETURN_SHARE, LONGEST_RETURN, LEAST_CHANGE = 0.3, 10, 4  # of the largest difference; frames; steps of a byte
SLOW_STEP, SLOW_THRESHOLD, SLOW_MANY_HOT, SLOW_FRAMES, SLOW_WEIGHT = 3, 0.2, 0.3, 12, 1.3


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


def is_return(frames: np.ndarray) -> np.ndarray:
    """For every frame whether it lies in a change after which the picture is again as it was before: flashes, strobes,
    lightning. The rule of the command."""
    values = frames.astype(np.int16)
    marked, largest = np.zeros(len(values), bool), np.zeros(len(values))
    for distance in range(1, min(LONGEST_RETURN, len(values) - 1) + 1):
        difference = np.abs(values[distance:] - values[:-distance]).mean(axis=(1, 2, 3))
        before = largest[:-distance]
        for start in np.flatnonzero((before >= LEAST_CHANGE) & (difference < RETURN_SHARE * before)):
            marked[start:start + distance] = True
        largest[:-distance] = np.maximum(before, difference)
    return marked


def without_returns(probabilities: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """No transition has its core in a change that returns."""
    single = np.where(is_return(frames)[:len(probabilities)], 0.0, probabilities[:, 0])
    return np.stack([single, probabilities[:, 1]], axis=1)


def with_slow(probabilities: np.ndarray, slow: np.ndarray) -> np.ndarray:
    """Adds transitions that the network finds in every third frame, if they are long and it finds none there in all frames.
    The rule of the command."""
    answers = probabilities.copy()
    marked = slow[:, 1] > SLOW_MANY_HOT
    for start, end in runs(marked, marked):
        single = slow[start:end, 0]
        is_new = answers[start:end, 0].max() <= SLOW_WEIGHT * SLOW_THRESHOLD
        if end - start >= SLOW_FRAMES and single.max() > SLOW_THRESHOLD and is_new:
            answers[min(start + int(single.argmax()) + 1, end - 1), 0] = min(1.0, SLOW_WEIGHT * single.max())
            answers[start:end, 1] = np.maximum(answers[start:end, 1], slow[start:end, 1])
    return answers


def needs_second(one: np.ndarray, most_raise: float, threshold: float, many_hot: float) -> np.ndarray:
    """For every window whether the second network of a mean can change its decision. The rule of the command."""
    def is_open(window: np.ndarray) -> bool:
        lowest, highest = (np.minimum((window[:, 0] + other) / 2, most_raise * window[:, 0]) for other in (0.0, 1.0))
        certain = lowest > threshold
        decided = np.zeros(len(window), bool)
        for start, end in runs(certain, window[:, 1] > many_hot):
            decided[start:end] = True
        # Frames that the many-hot head marks without a core begin no transition unless the second network makes one.
        return bool(((highest > threshold) & ~decided).any())

    return np.array([is_open(one[first:first + WINDOW_STRIDE]) for first in range(0, len(one), WINDOW_STRIDE)])


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
