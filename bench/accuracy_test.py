#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the edits that measure_accuracy.py composes: the true transitions are derived again from the frames.

    bench/accuracy_test.py      exit status 77: numpy is missing, nothing was tested
"""

from __future__ import annotations

import sys
import tempfile
import unittest
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from unittest import mock

try:
    import numpy as np
except ModuleNotFoundError:
    print("accuracy_test.py: skipped: numpy is missing")
    sys.exit(77)

from accuracy import (
    candidates,
    catalogue,
    composer,
    conditions,
    disturbances,
    picture,
    predictions,
    scoring,
    shots,
    transitions,
    truth,
)
from accuracy.sources import Source

COLOURS = ((250, 10, 10), (10, 250, 10), (10, 10, 250), (250, 250, 10), (10, 250, 250), (250, 10, 250))
PLAIN_GRADE = shots.Grade((1.0, 1.0, 1.0), 1.0, 1.0)
SHORTEST_SHOT = 10


def solid(colour: tuple[int, int, int], frames: int = 1) -> np.ndarray:
    return np.broadcast_to(np.array(colour, np.uint8), (frames, picture.HEIGHT, picture.WIDTH, 3)).copy()


def photographs() -> list[Source]:
    return [Source(f"colour-{k}", np.broadcast_to(np.array(colour, np.uint8), (1, 90, 160, 3)), 25, is_lively=True)
            for k, colour in enumerate(COLOURS)]


def composed(number: int, condition: str = "plain") -> tuple[list[np.ndarray], truth.Truth]:
    """An edit of shots that have one colour each, without disturbances."""
    edit = composer.Edit("test", conditions.CONDITIONS[condition], number)
    with mock.patch.multiple(composer, DISTURBED_SHARE=0.0, SCREEN_SHARE=0.0, GENERATED_SHARE=0.0), \
            mock.patch.multiple(picture, WIDTH=128, HEIGHT=72), \
            mock.patch.object(shots, "_grade", lambda _random: PLAIN_GRADE):
        composition = composer.Composition(edit, photographs(), edit.random(1))
        return list(composition.frames()), composition.truth


def shots_of(frames: list[np.ndarray]) -> list[tuple[int, int]]:
    """First and last frames of the shots, by the frames alone: runs of one colour of COLOURS, and of black that is no part of
    a fade through it."""
    colours = [tuple(int(value) for value in frame[0, 0]) if (frame == frame[0, 0]).all() else None for frame in frames]
    runs, begin = [], 0
    for k in range(1, len(frames) + 1):
        if k == len(frames) or colours[k] != colours[begin]:
            least = composer.BLACK_FRAMES[0] if colours[begin] == (0, 0, 0) else SHORTEST_SHOT
            if colours[begin] in (*COLOURS, (0, 0, 0)) and k - begin >= least:
                runs.append((begin, k - 1))
            begin = k
    return runs


class Mixed(unittest.TestCase):
    def test_no_mixed_frame_is_a_frame_of_either_shot(self) -> None:
        random = np.random.default_rng(1)
        for kind in transitions.KINDS:
            if kind in ("cut", "jump_cut", "fade_out_and_in"):
                continue
            for _ in range(12):
                transition = transitions.draw(random, kind, 1.0)
                count = transition.mixed_frames
                self.assertIn(count, range(transitions.SHORTEST, transitions.LONGEST + 1), kind)
                assert transition.mix
                mixed = transition.mix(solid(COLOURS[0], count), solid(COLOURS[1], count))
                self.assertEqual(len(mixed), count, kind)
                for k, frame in enumerate(mixed):
                    for colour in COLOURS[:2]:
                        self.assertTrue((frame != np.array(colour)).any(), f"{kind}, mixed frame {k} of {count}")

    def test_a_dissolve_is_linear(self) -> None:
        mixed = transitions.dissolve(solid((0, 0, 0), 9), solid((250, 250, 250), 9))
        self.assertEqual([int(frame[0, 0, 0]) for frame in mixed], [25, 50, 75, 100, 125, 150, 175, 200, 225])

    def test_wipes_pushes_and_slides_move_one_way_and_show_both_shots(self) -> None:
        mixers = {"wipe": transitions.wipe("left", 0.0), "circle": transitions.circle(True, 0.0), "push": transitions.push(1, 1),
                  "cover": transitions.slide(0, -1, True), "uncover": transitions.slide(1, 1, False)}
        for name, mix in mixers.items():
            mixed = mix(solid(COLOURS[0], 20), solid(COLOURS[1], 20))
            after = [int((frame == np.array(COLOURS[1])).all(axis=-1).sum()) for frame in mixed]
            before = [int((frame == np.array(COLOURS[0])).all(axis=-1).sum()) for frame in mixed]
            self.assertEqual(after, sorted(after), name)
            self.assertTrue(all(count > 0 for count in [*before[:-1], *after[1:]]), name)

    def test_a_fade_through_black_reaches_black(self) -> None:
        mixed = transitions.through_colour((0, 0, 0), 3)(solid(COLOURS[0], 11), solid(COLOURS[1], 11))
        self.assertEqual([int(frame.max()) == 0 for frame in mixed], [False] * 4 + [True] * 3 + [False] * 4)


class Edits(unittest.TestCase):
    def test_the_labels_are_those_that_the_frames_show(self) -> None:
        seen: Counter[str] = Counter()
        for number in range(4):
            frames, labels = composed(number)
            self.assertEqual(labels.frames, len(frames))
            found = shots_of(frames)
            derived = [(before[1], after[0]) for before, after in pairwise(found)]
            self.assertEqual([(label.first, label.last) for label in labels.transitions], derived)
            seen.update(label.kind for label in labels.transitions)
        self.assertGreaterEqual(len(seen), 8, seen)

    def test_the_labels_hold_at_other_rates(self) -> None:
        for condition in ("12-fps", "60-fps"):
            frames, labels = composed(0, condition)
            found = shots_of(frames)
            self.assertEqual([(label.first, label.last) for label in labels.transitions],
                             [(before[1], after[0]) for before, after in pairwise(found)])

    def test_the_same_seed_gives_the_same_frames(self) -> None:
        (one, first), (same, second), (other, _) = composed(1), composed(1), composed(2)
        self.assertEqual(first, second)
        self.assertTrue(all((a == b).all() for a, b in zip(one, same, strict=True)))
        self.assertFalse(len(one) == len(other) and all((a == b).all() for a, b in zip(one, other, strict=True)))

    def test_a_disturbance_leaves_a_margin_and_lies_where_its_label_says(self) -> None:
        random = np.random.default_rng(2)
        texture = random.integers(0, 256, (1, 360, 640, 3)).astype(np.uint8)
        shot = shots.Shot(Source("texture", texture, 25, is_lively=True), 0, 1, 0, ((0.4, 0.5, 0.7), (0.6, 0.5, 0.7)), 60,
                          is_mirrored=False, grade=PLAIN_GRADE)
        frames = np.stack([shot.frame(k) for k in range(60)])
        for kind in disturbances.WEIGHTS:
            changed = frames.copy()
            first, last = disturbances.apply(random, kind, shot, changed, 0, 1.0)
            touched = [k for k in range(60) if (changed[k] != frames[k]).any()]
            self.assertTrue(touched, kind)
            self.assertTrue(set(touched) <= set(range(first, last + 1)), kind)
            self.assertTrue(first >= disturbances.MARGIN_FRAMES and last < 60 - disturbances.MARGIN_FRAMES, kind)


class Files(unittest.TestCase):
    def test_a_truth_file_reads_back_and_names_jump_cuts_as_cuts(self) -> None:
        stored = truth.Truth("a.mp4", 25.0, 90, [truth.Label("jump_cut", 9, 10), truth.Label("wipe", 40, 52)],
                             [truth.Label("flash", 60, 61)])
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "a.truth.json"
            stored.write(file)
            self.assertEqual(truth.read(file), stored)
            self.assertIn('"kind": "cut"', file.read_text())

    def test_the_mean_keeps_the_first_networks_many_hot_head(self) -> None:
        mean = predictions.mean_of(np.array([[0.2, 0.7]]), np.array([[0.6, 0.1]]))
        self.assertEqual(mean.round(9).tolist(), [[0.4, 0.7]])

    def test_the_mean_is_at_most_so_many_times_the_first_networks_answer(self) -> None:
        mean = predictions.mean_of(np.array([[0.01, 0.0]]), np.array([[0.9, 0.0]]), most_raise=10)
        self.assertEqual(mean.round(9).tolist(), [[0.1, 0.0]])

    def test_a_second_network_is_needed_where_the_first_one_leaves_the_decision_open(self) -> None:
        one = np.zeros((250, 2))
        one[20:23] = [[0.1, 0.2], [0.7, 0.2], [0.1, 0.2]]  # certain, with its ends
        one[70], one[120:122, 0] = (0.1, 0.0), (0.7, 0.1)  # open: whether there is one; how far it reaches
        one[170] = (0.0, 0.9)
        needs = candidates.needs_second(one, 25, 0.25, 0.05)
        self.assertEqual(needs.tolist(), [False, True, True, False, False])

    def test_counts_add_up(self) -> None:
        counts = scoring.Counts()
        for true, found, matched, iou in ((4, 5, 3, 0.5), (6, 3, 3, 0.25)):
            counts.add({"true": true, "found": found, "matched": matched, "iou": iou, "start_error_frames": 1.0,
                        "end_error_frames": 0.0})
        self.assertEqual((counts.precision, counts.recall), (6 / 8, 6 / 10))
        self.assertAlmostEqual(counts.f1, 2 * 6 / 18)
        self.assertAlmostEqual(counts.iou, 0.35)
        self.assertAlmostEqual(counts.boundary_error_frames, 0.5)


class Decisions(unittest.TestCase):
    def test_a_run_needs_a_frame_above_the_threshold_and_ends_where_both_heads_are_low(self) -> None:
        probabilities = np.array([[0, 0.9], [0, 0], [0, 0.2], [0.6, 0], [0, 0.3], [0, 0], [0, 0.9], [0.7, 0.9]])
        self.assertEqual(candidates.decide(probabilities, 0.5, 0.1), [(2, 5), (6, 8)])

    def test_a_flash_is_a_return_and_a_cut_and_a_dissolve_are_none(self) -> None:
        random = np.random.default_rng(5)
        one, other = random.integers(0, 200, (2, 27, 48, 3)).astype(np.uint8)
        frames = np.stack([one] * 10 + [np.full_like(one, 255)] * 2 + [one] * 11 + [other] * 10)
        # Frame 2 is ten frames before the end of the flash, frame 19 ten frames after the frame before it.
        self.assertEqual(np.flatnonzero(candidates.is_return(frames)).tolist(), list(range(2, 19)))
        self.assertFalse(candidates.is_return(frames[12:]).any())
        mixed = transitions.dissolve(np.stack([one] * 6), np.stack([other] * 6))
        frames = np.concatenate([np.stack([one] * 10), mixed, np.stack([other] * 10)])
        self.assertFalse(candidates.is_return(frames).any())

    def test_a_slow_transition_is_added_where_none_was_found(self) -> None:
        slow, nothing = np.zeros((60, 2)), np.zeros((60, 2))
        slow[20:40] = 0.8
        self.assertEqual(candidates.decide(candidates.with_slow(nothing, slow), 0.5, 0.1), [(20, 40)])
        found = nothing.copy()
        found[38:45] = 0.6
        self.assertEqual(candidates.decide(candidates.with_slow(found, slow), 0.5, 0.1), [(38, 45)])

    def test_bars_are_what_is_black_in_all_frames(self) -> None:
        frames = np.zeros((2, 27, 48, 3), np.uint8)
        frames[0, 9:18, 12:36] = 200
        self.assertEqual(candidates.bars(frames), "crop=iw*0.5000:ih*0.3333:iw*0.2500:ih*0.3333")
        self.assertIsNone(candidates.bars(np.full((2, 27, 48, 3), 90, np.uint8)))


class Footage(unittest.TestCase):
    def test_development_and_held_out_edits_share_no_source(self) -> None:
        groups = {group: {(source.package, source.member) for source in (*catalogue.CLIPS, *catalogue.PHOTOGRAPHS)
                          if source.group == group and not getattr(source, "is_wide", False)} for group in catalogue.GROUPS}
        self.assertFalse(groups[catalogue.DEVELOPMENT] & groups[catalogue.HELD_OUT])

    def test_no_span_reaches_into_another(self) -> None:
        for one, other in combinations(catalogue.CLIPS, 2):
            if one.member == other.member:
                self.assertTrue(one.last < other.first or other.last < one.first, (one.name, other.name))


if __name__ == "__main__":
    unittest.main()
