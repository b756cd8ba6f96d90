# SPDX-License-Identifier: Apache-2.0
"""Events inside a shot that are no transition. Each takes the frames of a shot and changes some of them in place."""

from __future__ import annotations

import numpy as np

from . import picture, text
from .shots import Shot

WEIGHTS = {"flash": 3, "strobe": 1, "lightning": 2, "explosion": 2, "shake": 2, "whip_pan": 2, "zoom": 2, "title": 2, "logo": 2,
           "overlay": 2, "freeze": 2, "light_change": 1, "passer_by": 2}
MARGIN_FRAMES = 8  # between a disturbance and the next transition


def apply(random: np.random.Generator, kind: str, shot: Shot, frames: np.ndarray, offset: int,
          rate_factor: float) -> tuple[int, int]:
    """Changes `frames`, which begin with frame `offset` of the shot. Returns the first and the last frame of the event."""
    room = len(frames) - 2 * MARGIN_FRAMES
    shortest, longest = {"flash": (1, 4), "strobe": (6, 16), "lightning": (5, 18), "explosion": (10, 28), "shake": (10, 30),
                         "whip_pan": (10, 22), "zoom": (6, 20), "title": (15, 60), "logo": (15, 60), "overlay": (10, 40),
                         "freeze": (6, 30), "light_change": (2, 12), "passer_by": (8, 24)}[kind]
    if kind not in ("flash", "strobe", "lightning"):
        shortest, longest = round(shortest * rate_factor), round(longest * rate_factor)
    count = min(room, int(random.integers(shortest, longest + 1)))
    begin = MARGIN_FRAMES + int(random.integers(0, room - count + 1))
    part = frames[begin:begin + count]
    _EVENTS[kind](random, shot, part, offset + begin)
    return begin, begin + count - 1


def _brighten(frames: np.ndarray, amounts: np.ndarray, colour: tuple[int, int, int] = (255, 255, 255)) -> None:
    for frame, amount in zip(frames, amounts, strict=True):
        frame[:] = picture.to_bytes(frame * (1 - amount) + np.array(colour, np.float32) * amount)


def _flash(random, _shot, frames, _first) -> None:
    _brighten(frames, random.uniform(0.6, 1.0) * 0.55 ** np.arange(len(frames)))


def _strobe(random, _shot, frames, _first) -> None:
    period = int(random.integers(2, 5))
    _brighten(frames, np.where(np.arange(len(frames)) % period == 0, random.uniform(0.5, 0.95), 0.0))


def _lightning(random, _shot, frames, _first) -> None:
    amounts = np.where(random.random(len(frames)) < 0.4, random.uniform(0.2, 0.9, len(frames)), 0.05)
    _brighten(frames, amounts, (225, 235, 255))


def _explosion(random, _shot, frames, _first) -> None:
    y, x = np.mgrid[0:picture.HEIGHT, 0:picture.WIDTH].astype(np.float32) / picture.HEIGHT
    distance = np.hypot(x - random.uniform(0.4, 1.4), y - random.uniform(0.3, 0.9))
    noise = 0.25 * np.sin(14 * x + 3) * np.sin(11 * y + 1)
    for k, frame in enumerate(frames):
        at = k / len(frames)
        radius = 1.1 * min(1.0, 3 * at) ** 0.7
        heat = np.clip((radius - distance + noise) * 4, 0, 1)[..., None] * (1 - at) ** 0.8
        colour = np.array((255, 210 - 120 * at, 120 - 110 * at), np.float32)
        frame[:] = picture.to_bytes(frame * (1 - heat) + colour * heat)


def _shake(random, shot, frames, first) -> None:
    steps = random.normal(0, random.uniform(0.01, 0.035), (len(frames), 2))
    for k, frame in enumerate(frames):
        x, y, share = shot.window(first + k)
        frame[:] = shot.frame(first + k, (x + steps[k, 0], y + steps[k, 1], min(share, 0.85)))


def _bump(count: int) -> np.ndarray:
    """There and back: 0 at both ends, 1 in the middle."""
    return np.sin(np.pi * (np.arange(count) + 1) / (count + 1)) ** 2


def _whip_pan(random, shot, frames, first) -> None:
    reach = random.choice([-1, 1]) * random.uniform(0.25, 0.45)
    for k, share in enumerate(_bump(len(frames))):
        x, y, width = shot.window(first + k)
        frames[k] = shot.frame(first + k, (min(0.85, max(0.15, x + reach * share)), y, width))


def _zoom(random, shot, frames, first) -> None:
    closest = random.uniform(0.35, 0.6)
    for k, share in enumerate(_bump(len(frames))):
        x, y, width = shot.window(first + k)
        frames[k] = shot.frame(first + k, (x, y, width * (1 - (1 - closest) * share)))


def _faded(random, count: int) -> np.ndarray:
    """Appears and goes: at once, or over some frames."""
    ramp = int(random.choice([1, 1, 6, 10]))
    k = np.arange(count)
    return np.minimum(1, np.minimum((k + 1) / ramp, (count - k) / ramp))


def _paste(frame: np.ndarray, image: np.ndarray, top: int, left: int, opacity: float, mask: np.ndarray | None = None) -> None:
    height, width = image.shape[:2]
    target = frame[top:top + height, left:left + width]
    share = opacity if mask is None else opacity * mask[..., None]
    target[:] = picture.to_bytes(target * (1 - share) + image * share)


def _title(random, _shot, frames, _first) -> None:
    mask = text.lines(random, count=int(random.integers(1, 3)), letters=int(random.integers(8, 18)), scale=2)[:, :236]
    top = int(random.choice([12, 60, 110]))
    colour = np.broadcast_to(np.array(random.choice([[255, 255, 255], [255, 220, 60]]), np.float32), (*mask.shape, 3))
    for frame, opacity in zip(frames, _faded(random, len(frames)), strict=True):
        _paste(frame, colour, min(top, picture.HEIGHT - mask.shape[0]), 10, opacity, mask)


def _logo(random, _shot, frames, _first) -> None:
    image = np.broadcast_to(random.integers(0, 256, 3).astype(np.float32), (24, 40, 3)).copy()
    image[6:18, 8:32] = 255 - image[6:18, 8:32]
    top, left = int(random.choice([6, 114])), int(random.choice([8, 208]))
    for frame, opacity in zip(frames, _faded(random, len(frames)), strict=True):
        _paste(frame, image, top, left, 0.9 * opacity)


def _overlay(random, _shot, frames, _first) -> None:
    """A band with text at the lower edge, or a small picture in the picture."""
    if random.random() < 0.5:
        image = np.full((30, picture.WIDTH, 3), random.integers(20, 200, 3), np.float32)
        mask = text.lines(random, count=1, letters=18, scale=2)[:30, :240]
        image[8:8 + mask.shape[0], 8:8 + mask.shape[1]][mask > 0] = 250
        place = (112, 0)
    else:
        image = frames[0][::3, ::3][:, ::-1].astype(np.float32)
        place = (int(random.choice([8, 88])), int(random.choice([8, 160])))
    for frame, opacity in zip(frames, _faded(random, len(frames)), strict=True):
        _paste(frame, image, *place, opacity)


def _freeze(_random, _shot, frames, _first) -> None:
    frames[:] = frames[0]


def _light_change(random, _shot, frames, _first) -> None:
    """Somebody switches a light, or the exposure follows. It comes back."""
    gain = random.choice([random.uniform(0.35, 0.6), random.uniform(1.4, 1.9)])
    for k, share in enumerate(_bump(len(frames))):
        frames[k] = picture.to_bytes(frames[k] * (1 + (gain - 1) * share))


def _passer_by(random, _shot, frames, _first) -> None:
    """Something dark and close crosses the picture."""
    width = random.uniform(0.3, 0.7) * picture.WIDTH
    colour = random.integers(5, 70, 3).astype(np.float32)
    x = np.arange(picture.WIDTH)
    for k, frame in enumerate(frames):
        centre = -width + (picture.WIDTH + 2 * width) * (k + 1) / (len(frames) + 1)
        mask = np.clip((width / 2 - np.abs(x - centre)) / 12, 0, 1)[None, :, None]
        frame[:] = picture.to_bytes(frame * (1 - mask) + colour * mask)


_EVENTS = {"flash": _flash, "strobe": _strobe, "lightning": _lightning, "explosion": _explosion, "shake": _shake,
           "whip_pan": _whip_pan, "zoom": _zoom, "title": _title, "logo": _logo, "overlay": _overlay, "freeze": _freeze,
           "light_change": _light_change, "passer_by": _passer_by}
