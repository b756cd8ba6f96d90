# SPDX-License-Identifier: Apache-2.0
"""Lines that look like writing, without a font: random letters of 5 x 7 dots. And a screen with such text that is scrolled."""

from __future__ import annotations

import numpy as np

from . import picture


def _letters(random: np.random.Generator) -> np.ndarray:
    """26 letters of strokes: [26, 7, 5]."""
    shapes = np.zeros((26, 7, 5), np.float32)
    for shape in shapes:
        for _ in range(3):
            if random.random() < 0.5:
                shape[:, int(random.integers(5))] = 1
            else:
                shape[int(random.integers(7)), :] = 1
    return shapes


def lines(random: np.random.Generator, count: int, letters: int, scale: int) -> np.ndarray:
    """A mask of 0 and 1 with `count` lines of text."""
    shapes = _letters(random)
    rows = []
    for _ in range(count):
        row = np.zeros((9, letters * 6), np.float32)
        for k in range(letters):
            if random.random() < 0.83:
                row[1:8, 6 * k:6 * k + 5] = shapes[random.integers(26)]
        rows.append(row)
    return np.kron(np.concatenate(rows), np.ones((scale, scale), np.float32))


def screen(random: np.random.Generator, frames: int, rate_factor: float) -> np.ndarray:
    """A document that is scrolled by steps and smoothly; a small window opens and closes: [frames, height, width, 3]."""
    is_dark = random.random() < 0.4
    paper, ink = ((30, 32, 38), (205, 210, 215)) if is_dark else ((245, 245, 242), (35, 35, 40))
    page = np.empty((1200, picture.WIDTH, 3), np.float32)
    page[:] = paper
    at = 6
    while at < 1180:
        length = int(random.integers(12, 38))
        mask = lines(random, 1, length, 1)[:, :236]
        colour = ink if random.random() < 0.85 else random.integers(40, 220, 3)
        page[at:at + 9, 12:12 + mask.shape[1]][mask > 0] = colour
        at += 12 if random.random() < 0.9 else 30
        if random.random() < 0.06 and at < 1100:
            page[at:at + 50, 30:200] = random.integers(30, 230, 3)
            at += 60
    shown = np.empty((frames, picture.HEIGHT, picture.WIDTH, 3), np.uint8)
    position, speed = float(random.integers(0, 300)), 0.0
    popup = range(int(random.integers(8, max(9, frames - 20))), frames)
    popup = range(popup.start, popup.start + int(random.integers(8, 40)))
    shade = random.integers(60, 230, 3)
    for k in range(frames):
        if random.random() < 0.06 / rate_factor:
            speed = float(random.choice([0, 0, 2, 5])) / rate_factor
        if random.random() < 0.05 / rate_factor:
            position += 13  # as the wheel of a mouse does: a tenth of the screen
        position = min(position + speed, 1200 - picture.HEIGHT)
        frame = page[int(position):int(position) + picture.HEIGHT].copy()
        if k in popup:
            frame[40:90, 80:180] = shade
            frame[44:50, 84:176] = 255 - shade
        shown[k] = frame
    return shown
