# SPDX-License-Identifier: Apache-2.0
"""The mixed frames of a transition. Number k of n mixed frames has (k + 1) / (n + 1) of the way behind it, so that none of
them is a frame of either shot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import picture

# [n, height, width, 3] of the shot before and of the shot after, to the n mixed frames.
Frames = np.ndarray
Mixer = Callable[[Frames, Frames], Frames]


@dataclass(frozen=True)
class Transition:
    kind: str
    mixed_frames: int  # 0: a cut
    mix: Mixer | None = None


def shares(count: int) -> np.ndarray:
    return ((np.arange(count) + 1) / (count + 1)).astype(np.float32)


def dissolve(before: Frames, after: Frames) -> Frames:
    share = shares(len(before))[:, None, None, None]
    return picture.to_bytes(before * (1 - share) + after * share)


def through_colour(colour: tuple[int, int, int], held_frames: int) -> Mixer:
    """Fades out to a colour, holds it, and fades in."""

    def mix(before: Frames, after: Frames) -> Frames:
        count = len(before)
        out_frames = (count - held_frames) // 2
        in_frames = count - held_frames - out_frames
        # How much of the picture is seen.
        seen = np.concatenate([1 - shares(out_frames), np.zeros(held_frames), shares(in_frames)]).astype(np.float32)
        shown = np.concatenate([before[:out_frames + held_frames], after[out_frames + held_frames:]])
        share = seen[:, None, None, None]
        return picture.to_bytes(shown * share + np.array(colour, np.float32) * (1 - share))

    return mix


def _masked(before: Frames, after: Frames, reach: np.ndarray, softness: float) -> Frames:
    """Shows the shot after where `reach` (0 to 1) lies behind the edge that moves."""
    mixed = np.empty_like(before)
    for k, share in enumerate(shares(len(before))):
        edge = share * (1 + softness)
        mask = np.clip((edge - reach) / max(softness, 1e-3), 0, 1)[..., None]
        mixed[k] = picture.to_bytes(before[k] * (1 - mask) + after[k] * mask)
    return mixed


def _grid() -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0:picture.HEIGHT, 0:picture.WIDTH].astype(np.float32)
    return x / (picture.WIDTH - 1), y / (picture.HEIGHT - 1)


def wipe(direction: str, softness: float) -> Mixer:
    x, y = _grid()
    reach = {"left": 1 - x, "right": x, "up": 1 - y, "down": y, "diagonal": (x + y) / 2,
             "doors": np.abs(x - 0.5) * 2, "clock": (np.arctan2(x - 0.5, y - 0.5) + np.pi) / (2 * np.pi)}[direction]
    return lambda before, after: _masked(before, after, reach, softness)


def circle(is_opening: bool, softness: float) -> Mixer:
    x, y = _grid()
    distance = np.hypot((x - 0.5) * 16 / 9, y - 0.5)
    reach = distance / distance.max()
    reach = reach if is_opening else 1 - reach
    return lambda before, after: _masked(before, after, reach, softness)


def push(axis: int, sign: int) -> Mixer:
    """The shot after pushes the shot before out of the picture."""

    def mix(before: Frames, after: Frames) -> Frames:
        mixed = np.empty_like(before)
        length = before.shape[1 + axis]
        for k, share in enumerate(shares(len(before))):
            by = min(length - 1, max(1, round(share * length)))
            pair = (after[k], before[k]) if sign > 0 else (before[k], after[k])
            both = np.concatenate(pair, axis=axis)
            begin = length - by if sign > 0 else by
            mixed[k] = np.take(both, np.arange(begin, begin + length), axis=axis)
        return mixed

    return mix


def slide(axis: int, sign: int, is_cover: bool) -> Mixer:
    """The shot after slides over the shot before, or the shot before slides away."""

    def mix(before: Frames, after: Frames) -> Frames:
        mixed = np.empty_like(before)
        length = before.shape[1 + axis]
        for k, share in enumerate(shares(len(before))):
            by = min(length - 1, max(1, round((share if is_cover else 1 - share) * length)))
            below, above = (before[k], after[k]) if is_cover else (after[k], before[k])
            frame = below.copy()
            seen, part = [slice(None)] * 3, [slice(None)] * 3
            # Its leading edge is `by` pixels inside the picture.
            seen[axis] = slice(0, by) if sign > 0 else slice(length - by, length)
            part[axis] = slice(length - by, length) if sign > 0 else slice(0, by)
            frame[tuple(seen)] = above[tuple(part)]
            mixed[k] = frame
        return mixed

    return mix


# Shares of all transitions. Wipes and the like are rarer than in advertisements and commoner than in films.
KINDS = {"cut": 0.47, "jump_cut": 0.05, "dissolve": 0.21, "fade_through_black": 0.07, "fade_through_white": 0.03,
         "fade_out_and_in": 0.04, "dip": 0.04, "wipe": 0.035, "push": 0.02, "slide": 0.02, "circle": 0.015}
SHORTEST, LONGEST = 4, 70  # mixed frames


def _length(random: np.random.Generator, shortest: int, longest: int) -> int:
    """As many short ones as long ones, on a logarithmic scale."""
    return int(np.exp(random.uniform(np.log(shortest), np.log(longest + 1))))


def draw(random: np.random.Generator, kind: str, rate_factor: float) -> Transition:
    """`rate_factor`: frames a second over 25; a transition lasts as long at every rate, within 4 to 70 frames."""
    if kind in ("cut", "jump_cut"):
        return Transition(kind, 0)

    def length(shortest: int = SHORTEST, longest: int = LONGEST) -> int:
        return min(LONGEST, max(SHORTEST, round(_length(random, shortest, longest) * rate_factor)))

    axis, sign = int(random.integers(2)), int(random.choice([-1, 1]))
    softness = float(random.choice([0.0, random.uniform(0.05, 0.3)]))
    if kind == "dissolve":
        return Transition(kind, length(), dissolve)
    if kind in ("fade_through_black", "fade_through_white"):
        count = length(8)
        held_frames = int(random.integers(1, max(2, count // 3)))
        return Transition(kind, count, through_colour((0, 0, 0) if kind.endswith("black") else (255, 255, 255), held_frames))
    if kind == "dip":
        colour = tuple(int(value) for value in random.choice([[0, 0, 0], [255, 255, 255], [200, 30, 30], [20, 40, 120]]))
        return Transition(kind, length(4, 11), through_colour(colour, int(random.integers(0, 2))))  # type: ignore[arg-type]
    if kind == "wipe":
        direction = str(random.choice(["left", "right", "up", "down", "diagonal", "doors", "clock"]))
        return Transition(kind, length(longest=45), wipe(direction, softness))
    if kind == "circle":
        return Transition(kind, length(longest=45), circle(bool(random.integers(2)), softness))
    if kind == "push":
        return Transition(kind, length(longest=30), push(axis, sign))
    if kind == "slide":
        return Transition(kind, length(longest=30), slide(axis, sign, bool(random.integers(2))))
    raise ValueError(f"no such transition: {kind}")
