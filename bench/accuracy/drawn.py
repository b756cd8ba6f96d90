# SPDX-License-Identifier: Apache-2.0
"""Moving pictures drawn by numpy: [frames, height, width, 3]."""

from __future__ import annotations

import numpy as np


def _grid(width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x / height, y / height


def plasma(frames: int, width: int, height: int) -> np.ndarray:
    x, y = _grid(width, height)
    picture = np.empty((frames, height, width, 3), np.uint8)
    for k in range(frames):
        t = k / 25
        value = np.sin(6 * x + t) + np.sin(5 * (y * np.sin(t / 3) + x * np.cos(t / 2)) + t)
        value += np.sin(9 * np.hypot(x - 1, y - 0.5) - t)
        for channel in range(3):
            picture[k, ..., channel] = 127 + 120 * np.sin(1.3 * value + 2.1 * channel)
    return picture


def balls(frames: int, width: int, height: int) -> np.ndarray:
    """Bright balls that bounce in front of a gradient."""
    x, y = _grid(width, height)
    random = np.random.default_rng(4)
    centres, speeds = random.random((9, 2)), random.normal(0, 0.018, (9, 2))
    radii, colours = random.uniform(0.05, 0.2, 9), random.integers(60, 256, (9, 3))
    background = np.stack([40 + 60 * y, 30 + 40 * x, 90 + 30 * y], axis=-1)
    picture = np.empty((frames, height, width, 3), np.uint8)
    for k in range(frames):
        frame = background.copy()
        for centre, radius, colour in zip(centres, radii, colours, strict=True):
            distance = np.hypot(x - centre[0] * width / height, y - centre[1])
            frame[distance < radius] = colour * (1 - 0.5 * distance[distance < radius, None] / radius)
        centres += speeds
        speeds[(centres < 0) | (centres > 1)] *= -1
        picture[k] = frame
    return picture


def tunnel(frames: int, width: int, height: int) -> np.ndarray:
    x, y = _grid(width, height)
    picture = np.empty((frames, height, width, 3), np.uint8)
    for k in range(frames):
        centre_x, centre_y = 0.9 + 0.3 * np.sin(k / 40), 0.5 + 0.15 * np.cos(k / 30)
        distance = np.hypot(x - centre_x, y - centre_y) + 0.05
        angle = np.arctan2(y - centre_y, x - centre_x)
        tile = (np.sin(2.5 / distance + k / 6) > 0) ^ (np.sin(8 * angle + k / 50) > 0)
        shade = np.clip(distance * 2, 0, 1)
        picture[k] = (shade[..., None] * np.where(tile[..., None], (200, 170, 90), (50, 80, 120))).astype(np.uint8)
    return picture


SCENES = {"plasma": plasma, "balls": balls, "tunnel": tunnel}
