# SPDX-License-Identifier: Apache-2.0
"""A shot: a source seen through a camera (window, movement, speed, mirror) and a grade."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from . import picture
from .sources import Source

Window = tuple[float, float, float]  # centre x and y, and width, as shares of the source


@dataclass(frozen=True)
class Grade:
    gain: tuple[float, float, float]
    gamma: float
    saturation: float

    def table(self) -> np.ndarray:
        ramp = (np.arange(256) / 255) ** self.gamma
        return np.stack([255 * np.minimum(1, ramp * gain) for gain in self.gain]).astype(np.float32)


@dataclass(frozen=True)
class Shot:
    source: Source
    begin: float  # position in the source, in its frames
    speed: float  # frames of the source for each frame of the shot
    ramp: float  # 0: steady; otherwise the speed swings by this factor
    windows: tuple[Window, Window]  # at the first and at the last frame of `travel_frames`
    travel_frames: int
    is_mirrored: bool
    grade: Grade

    def position(self, frame: int) -> int:
        at = self.begin + self.speed * frame
        if self.ramp:
            # The integral of speed * (1 + ramp * sin).
            period = 60.0
            at += self.speed * self.ramp * period / (2 * np.pi) * (1 - np.cos(2 * np.pi * frame / period))
        # To and fro: the end of the source is no jump.
        count = len(self.source.frames)
        if count == 1:
            return 0
        turn = int(at) % (2 * count - 2)
        return turn if turn < count else 2 * count - 2 - turn

    def window(self, frame: int) -> Window:
        share = min(1.0, max(0.0, frame / max(1, self.travel_frames)))
        share = share * share * (3 - 2 * share)
        begin, end = self.windows
        return tuple(a + (b - a) * share for a, b in zip(begin, end, strict=True))  # type: ignore[return-value]

    def frame(self, number: int, window: Window | None = None) -> np.ndarray:
        image = self.source.frames[self.position(number)]
        centre_x, centre_y, share = window or self.window(number)
        height, width = image.shape[:2]
        # The window has the shape of the edit.
        view_width = share * min(width, height * picture.WIDTH / picture.HEIGHT)
        view_height = view_width * picture.HEIGHT / picture.WIDTH
        # Shrinks by whole steps first, so that moving details do not flicker.
        step = int(view_width / picture.WIDTH / 1.01) if width > 400 else 1
        left = min(max(centre_x * width - view_width / 2, 0), width - view_width)
        top = min(max(centre_y * height - view_height / 2, 0), height - view_height)
        if step > 1:
            image = _shrunk(image, step)
            left, top, view_width, view_height = (value / step for value in (left, top, view_width, view_height))
        if self.is_mirrored:
            image = image[:, ::-1]
            left = image.shape[1] - left - view_width
        seen = picture.to_bytes(picture.crop(image, left, top, view_width, view_height))
        return self._graded(seen)

    def _graded(self, seen: np.ndarray) -> np.ndarray:
        table = self.grade.table()
        graded = np.stack([table[channel][seen[..., channel]] for channel in range(3)], axis=-1)
        if self.grade.saturation != 1:
            grey = graded.mean(axis=-1, keepdims=True)
            graded = grey + (graded - grey) * self.grade.saturation
        return picture.to_bytes(graded)

    def later(self, frames: int) -> Shot:
        """The same picture, this much later."""
        return dataclasses.replace(self, begin=self.begin + self.speed * frames)


def _shrunk(image: np.ndarray, step: int) -> np.ndarray:
    height, width = image.shape[0] // step * step, image.shape[1] // step * step
    return image[:height, :width].reshape(height // step, step, width // step, step, 3).mean(axis=(1, 3))


def _grade(random: np.random.Generator) -> Grade:
    gain = tuple(float(value) for value in random.uniform(0.85, 1.15, 3))
    saturation = 0.0 if random.random() < 0.08 else float(random.uniform(0.6, 1.25))
    return Grade(gain, float(random.uniform(0.75, 1.3)), saturation)  # type: ignore[arg-type]


def _window(random: np.random.Generator, least: float, most: float) -> Window:
    return float(random.uniform(0.3, 0.7)), float(random.uniform(0.3, 0.7)), float(random.uniform(least, most))


def draw(random: np.random.Generator, source: Source, framerate: float, has_ramps: bool) -> Shot:
    """A shot of the source for an edit of that frame rate. Movement is slower, a frame, where there are more frames a second."""
    rate_factor = 25 / framerate
    is_reversed = random.random() < 0.2
    speed = float(random.uniform(0.7, 1.4)) * source.framerate / framerate * (-1 if is_reversed else 1)
    count = len(source.frames)
    begin = float(random.uniform(0, count)) + 4 * count  # far from the start, so that it can run backwards
    start = _window(random, 0.55, 1.0)
    end = start
    travel_frames = 1
    if source.is_still or random.random() < 0.25:
        # A pan, a zoom, or both.
        travel_frames = int(random.integers(60, 160) / rate_factor)
        end = _window(random, 0.5, 1.0)
        if not source.is_still:
            end = tuple(a + 0.3 * (b - a) for a, b in zip(start, end, strict=True))  # type: ignore[assignment]
    return Shot(source, begin, speed, float(random.uniform(0.5, 0.95)) if has_ramps else 0.0, (start, end), travel_frames,
                bool(random.random() < 0.5), _grade(random))
