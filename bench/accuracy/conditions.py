# SPDX-License-Identifier: Apache-2.0
"""What happens to an edit as a whole before the network sees it: rate, bars, noise, compression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import picture

LOSSLESS_ENOUGH = ("-c:v", "libx264", "-preset", "superfast", "-crf", "14")


@dataclass(frozen=True)
class Condition:
    name: str
    framerates: tuple[float, ...] = (24, 25, 30)
    encoders: tuple[tuple[str, ...], ...] = (LOSSLESS_ENOUGH,)
    bars: tuple[tuple[float, float], ...] = ()  # shares of the height and of the width that the bars take
    noise: tuple[float, float] | None = None  # standard deviation, in steps of a byte: least and most
    has_ramps: bool = False
    videos: int = 1  # of each group


CONDITIONS = {condition.name: condition for condition in (
    Condition("plain", videos=18),
    Condition("bars", bars=((0.24, 0), (0.43, 0), (0, 0.25), (0, 0.68), (0.3, 0.3)), videos=5),
    Condition("noise", noise=(6, 22), videos=4),
    Condition("compressed", videos=6, encoders=(
        ("-c:v", "libx264", "-preset", "fast", "-crf", "40"), ("-c:v", "libx264", "-preset", "fast", "-crf", "46"),
        ("-c:v", "mpeg4", "-q:v", "31", "-g", "30"),
        ("-c:v", "mpeg2video", "-b:v", "90k", "-maxrate", "90k", "-bufsize", "200k"))),
    Condition("ramps", has_ramps=True, videos=3),
    Condition("12-fps", framerates=(12,), videos=2),
    Condition("15-fps", framerates=(15,), videos=2),
    Condition("50-fps", framerates=(50,), videos=2),
    Condition("60-fps", framerates=(60,), videos=2),
    Condition("120-fps", framerates=(120,), videos=2),
)}


class Finish:
    """Bars and noise for the frames of one video."""

    def __init__(self, condition: Condition, number: int, random: np.random.Generator) -> None:
        self._random = random
        self._deviation = float(random.uniform(*condition.noise)) if condition.noise else 0.0
        self._bars = condition.bars[number % len(condition.bars)] if condition.bars else None
        self._grain = random.normal(0, 1, (3 * picture.HEIGHT, 3 * picture.WIDTH)).astype(np.float32)

    def __call__(self, frame: np.ndarray) -> np.ndarray:
        if self._bars:
            height = round(picture.HEIGHT * (1 - self._bars[0]) / 2) * 2
            width = round(picture.WIDTH * (1 - self._bars[1]) / 2) * 2
            top, left = (picture.HEIGHT - height) // 2, (picture.WIDTH - width) // 2
            # The picture keeps its shape where its middle can be cut out; the scene is made smaller otherwise.
            small = picture.crop(frame, left, top, width, height, (width, height))
            barred = np.zeros_like(frame)
            barred[top:top + height, left:left + width] = picture.to_bytes(small)
            frame = barred
        if self._deviation:
            # A piece of one large field of grain: a new field for each frame takes too long.
            top, left = self._random.integers(2 * picture.HEIGHT), self._random.integers(2 * picture.WIDTH)
            grain = self._grain[top:top + picture.HEIGHT, left:left + picture.WIDTH, None]
            frame = picture.to_bytes(frame + self._deviation * grain)
        return frame
