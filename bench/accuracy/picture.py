# SPDX-License-Identifier: Apache-2.0
"""Small operations on pictures: crop with interpolation, colour, the network's size."""

from __future__ import annotations

import numpy as np

WIDTH, HEIGHT = 256, 144  # of the edits


def _taps(begin: float, length: float, count: int, limit: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    at = np.clip(begin + (np.arange(count) + 0.5) * length / count - 0.5, 0, limit - 1)
    low = np.minimum(at.astype(np.int64), max(limit - 2, 0))
    return low, np.minimum(low + 1, limit - 1), (at - low).astype(np.float32)


def crop(picture: np.ndarray, x: float, y: float, width: float, height: float, size: tuple[int, int] | None = None) -> np.ndarray:
    """The window of a picture, scaled to `size` (that of the edits) by linear interpolation: float32."""
    size = size or (WIDTH, HEIGHT)
    low, high, share = _taps(y, height, size[1], picture.shape[0])
    share = share[:, None, None]
    rows = picture[low] * (1 - share) + picture[high] * share
    low, high, share = _taps(x, width, size[0], picture.shape[1])
    share = share[None, :, None]
    return np.take(rows, low, axis=1) * (1 - share) + np.take(rows, high, axis=1) * share


def to_bytes(picture: np.ndarray) -> np.ndarray:
    return (np.clip(picture, 0, 255) + 0.5).astype(np.uint8)


def thumbnail(picture: np.ndarray) -> np.ndarray:
    """The mean over blocks, about the network's size: float32 [27, 48, 3] for 144 x 256."""
    rows = np.add.reduceat(picture.astype(np.float32), np.linspace(0, picture.shape[0], 27, endpoint=False).astype(int), axis=0)
    sums = np.add.reduceat(rows, np.linspace(0, picture.shape[1], 48, endpoint=False).astype(int), axis=1)
    return sums * (27 * 48 / (picture.shape[0] * picture.shape[1]))


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean absolute difference at about the network's size, in steps of a byte."""
    return float(np.abs(thumbnail(one) - thumbnail(other)).mean())
