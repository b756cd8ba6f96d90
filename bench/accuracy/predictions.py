# SPDX-License-Identifier: Apache-2.0
"""Files of probabilities, one line a frame: the first head and the many-hot head."""

from __future__ import annotations

from pathlib import Path

import numpy as np

MOST_RAISE = 50.0  # as in the command: the mean is at most so many times TransNetV2's first head


def read(file: Path) -> np.ndarray:
    """[frames, 2]"""
    return np.loadtxt(file, dtype=np.float64, ndmin=2)


def write(file: Path, probabilities: np.ndarray) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savetxt(file, probabilities, fmt="%.9g")


def mean_of(one: np.ndarray, other: np.ndarray, most_raise: float = MOST_RAISE) -> np.ndarray:
    """The mean of both networks' first heads, at most `most_raise` times the first network's, and its many-hot head."""
    return np.stack([np.minimum((one[:, 0] + other[:, 0]) / 2, most_raise * one[:, 0]), one[:, 1]], axis=1)
