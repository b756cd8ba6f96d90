# SPDX-License-Identifier: Apache-2.0
"""Composes edits: shots one after the other, with transitions between them and events inside them, and writes the true
transitions beside the video."""

from __future__ import annotations

import functools
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import disturbances, picture, shots, text, transitions
from .conditions import CONDITIONS, Condition, Finish
from .sources import Library, Source
from .transitions import Transition
from .truth import Label, Truth

VERSION = 1  # raised when the frames of the edits change: then they are made again
TRANSITIONS = 22  # of a video
GENERATED_SHARE, SCREEN_SHARE = 0.13, 0.03  # of the shots
DISTURBED_SHARE = 0.45  # of the shots that are long enough
# Steps of a byte at the network's size: two shots differ by this at least, on the frames where they meet.
LEAST_DIFFERENCE = 16.0
LEAST_JUMP = 7.0
LEAST_BRIGHTNESS = 28.0
BLACK_FRAMES = (24, 50)  # between a fade out and a fade in that are two transitions

Emit = Callable[[np.ndarray], None]


@dataclass(frozen=True)
class Edit:
    group: str
    condition: Condition
    number: int

    @property
    def name(self) -> str:
        return f"{self.group}-{self.condition.name}-{self.number:02}"

    def random(self, seed: int) -> np.random.Generator:
        digest = hashlib.sha256(f"{seed}/{self.name}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def edits(group: str, share: float = 1.0) -> list[Edit]:
    return [Edit(group, condition, number) for condition in CONDITIONS.values()
            for number in range(max(1, round(condition.videos * share)))]


@dataclass
class Taken:
    """A shot and its frames: those that are mixed with the shot before, its own, those mixed with the shot after."""

    shot: shots.Shot | None
    frames: np.ndarray
    lead_frames: int
    own_frames: int

    @property
    def lead(self) -> np.ndarray:
        return self.frames[:self.lead_frames]

    @property
    def own(self) -> np.ndarray:
        return self.frames[self.lead_frames:self.lead_frames + self.own_frames]

    @property
    def tail(self) -> np.ndarray:
        return self.frames[self.lead_frames + self.own_frames:]


class Composition:
    """The sequence of frames of an edit. `truth` is complete once all frames are taken."""

    def __init__(self, edit: Edit, sources: list[Source], random: np.random.Generator) -> None:
        self._random = random
        self._condition = edit.condition
        self.framerate = float(random.choice(edit.condition.framerates))
        self._rate_factor = self.framerate / 25
        self._real = [source for source in sources if not source.is_generated]
        self._generated = [source for source in sources if source.is_generated]
        self._bag: list[Source] = []
        self._finish = Finish(edit.condition, edit.number, random)
        self.truth = Truth(f"{edit.name}.mp4", self.framerate)

    def frames(self) -> Iterator[np.ndarray]:
        for frame in self._cut_together():
            self.truth.frames += 1
            yield self._finish(frame)

    def _cut_together(self) -> Iterator[np.ndarray]:
        shares = np.array(list(transitions.KINDS.values()))
        kinds = [str(kind) for kind in self._random.choice(list(transitions.KINDS), TRANSITIONS, p=shares / shares.sum())]
        before = None
        arriving = Transition("start", 0)
        for leaving_kind in [*kinds, "end"]:
            leaving = self._leaving(leaving_kind)
            if arriving.kind == "jump_cut":
                assert before is not None
                taken, is_jump = self._jumped(before, leaving.mixed_frames)
                arriving = arriving if is_jump else Transition("cut", 0)
            else:
                taken = self._take(before, arriving.mixed_frames, leaving.mixed_frames)
            yield from self._meet(before, arriving, taken)
            begin = self.truth.frames
            self._disturb(taken, begin)
            yield from taken.own
            before, arriving = taken, leaving

    def _leaving(self, kind: str) -> Transition:
        if kind == "end":
            return Transition(kind, 0)
        if kind == "fade_out_and_in":
            # Two transitions, with black as a shot between them: both have the same length here.
            return Transition(kind, transitions.draw(self._random, "dissolve", self._rate_factor).mixed_frames)
        return transitions.draw(self._random, kind, self._rate_factor)

    def _meet(self, before: Taken | None, arriving: Transition, after: Taken) -> Iterator[np.ndarray]:
        if before is None:
            return
        first = self.truth.frames - 1
        if arriving.kind == "fade_out_and_in":
            black = np.zeros_like(before.tail)
            yield from transitions.dissolve(before.tail, black)
            self.truth.transitions.append(Label("fade_out", first, self.truth.frames))
            for _ in range(round(int(self._random.integers(*BLACK_FRAMES)) * max(1.0, self._rate_factor))):
                yield black[0]
            first = self.truth.frames - 1
            yield from transitions.dissolve(np.zeros_like(after.lead), after.lead)
            self.truth.transitions.append(Label("fade_in", first, self.truth.frames))
            return
        if arriving.mix:
            yield from arriving.mix(before.tail, after.lead)
        self.truth.transitions.append(Label(arriving.kind, first, self.truth.frames))

    def _take(self, before: Taken | None, lead_frames: int, tail_frames: int) -> Taken:
        for _ in range(30):
            taken = self._shoot(lead_frames, tail_frames)
            ends = [taken.frames[0], taken.own[0], taken.own[-1]]
            if any(end.mean() < LEAST_BRIGHTNESS for end in ends):
                continue
            if before is None:
                return taken
            if taken.shot and before.shot and taken.shot.source is before.shot.source:
                continue
            meeting = [(before.own[-1], taken.own[0])]
            if lead_frames:
                meeting.append((before.tail[lead_frames // 2], taken.lead[lead_frames // 2]))
            if all(picture.difference(*pair) >= LEAST_DIFFERENCE for pair in meeting):
                return taken
        raise RuntimeError("no source differs enough from the shot before")

    def _own_frames(self) -> int:
        frames = int(np.exp(self._random.uniform(np.log(14), np.log(100))))
        return max(10, round(frames * self._rate_factor))

    def _shoot(self, lead_frames: int, tail_frames: int) -> Taken:
        own_frames = self._own_frames()
        count = lead_frames + own_frames + tail_frames
        draw = self._random.random()
        if draw < SCREEN_SHARE:
            frames = text.screen(self._random, count, self._rate_factor)
            return Taken(None, frames, lead_frames, own_frames)
        if draw < SCREEN_SHARE + GENERATED_SHARE:
            source = self._generated[int(self._random.integers(len(self._generated)))]
        else:
            source = self._next_real()
        shot = shots.draw(self._random, source, self.framerate, self._condition.has_ramps)
        return Taken(shot, np.stack([shot.frame(k) for k in range(count)]), lead_frames, own_frames)

    def _next_real(self) -> Source:
        """Every source once before one comes again; clips twice as often as photographs."""
        if not self._bag:
            self._bag = [source for source in self._real for _ in range(1 if source.is_still else 2)]
            self._random.shuffle(self._bag)  # type: ignore[arg-type]
        return self._bag.pop()

    def _jumped(self, before: Taken, tail_frames: int) -> tuple[Taken, bool]:
        """The shot goes on later, if that can be seen; otherwise another shot."""
        own_frames = self._own_frames()
        shot = before.shot
        if shot and not shot.source.is_still and shot.source.is_lively and not shot.source.is_generated:
            usual = np.median([picture.difference(before.own[k], before.own[k + 1])
                               for k in range(max(0, before.own_frames - 9), before.own_frames - 1)])
            for _ in range(8):
                skipped = round(self._random.uniform(0.8, 4) * self.framerate)
                later = shot.later(len(before.frames) + skipped)
                if picture.difference(before.own[-1], later.frame(0)) >= max(LEAST_JUMP, 4 * usual):
                    frames = np.stack([later.frame(k) for k in range(own_frames + tail_frames)])
                    return Taken(later, frames, 0, own_frames), True
        return self._take(before, 0, tail_frames), False

    def _disturb(self, taken: Taken, begin: int) -> None:
        if taken.shot is None:
            self.truth.disturbances.append(Label("screen", begin, begin + taken.own_frames - 1))
            return
        if taken.own_frames < 30 or self._random.random() > DISTURBED_SHARE:
            return
        weights = np.array(list(disturbances.WEIGHTS.values()), float)
        kind = str(self._random.choice(list(disturbances.WEIGHTS), p=weights / weights.sum()))
        first, last = disturbances.apply(self._random, kind, taken.shot, taken.own, taken.lead_frames, self._rate_factor)
        self.truth.disturbances.append(Label(kind, begin + first, begin + last))


def compose(edit: Edit, sources: list[Source], folder: Path, seed: int) -> Path:
    """Writes FOLDER/videos/NAME.mp4 and FOLDER/truth/NAME.truth.json, unless both are there."""
    video, labels = folder / "videos" / f"{edit.name}.mp4", folder / "truth" / f"{edit.name}.truth.json"
    for file in (video, labels):
        file.parent.mkdir(parents=True, exist_ok=True)
    if video.exists() and labels.exists():
        return video
    random = edit.random(seed)
    composition = Composition(edit, sources, random)
    encoder = edit.condition.encoders[edit.number % len(edit.condition.encoders)]
    partial = video.with_name(f"partial-{video.name}")
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24",
               "-s", f"{picture.WIDTH}x{picture.HEIGHT}", "-r", f"{composition.framerate:g}", "-i", "-", "-threads", "1",
               *encoder, "-pix_fmt", "yuv420p", partial]
    with subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for frame in composition.frames():
            process.stdin.write(frame.tobytes())
        process.stdin.close()
    if process.returncode:
        raise RuntimeError(f"ffmpeg ended with {process.returncode} for {video}")
    composition.truth.write(labels)
    partial.rename(video)
    return video


@functools.cache
def _sources(footage: Path, group: str) -> list[Source]:
    return Library(footage).group(group)


def compose_alone(edit: Edit, footage: Path, folder: Path, seed: int) -> Path:
    """For a process of its own, which reads the footage itself."""
    return compose(edit, _sources(footage, edit.group), folder, seed)
