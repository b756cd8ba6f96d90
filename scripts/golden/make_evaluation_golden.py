#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the published scorers over random and adversarial scenes and writes their answers to tests/data/evaluation/.

The scorers are `evaluate_scenes` and `predictions_to_scenes` of TransNetV2's repository (training/metrics_utils.py) and
`tools/evaluate.py` of ClipShots' repository. Both repositories are MIT-licensed. Their code is run from checkouts that the
user names, and no part of it is in this repository:

    git clone https://github.com/soCzech/TransNetV2 && git -C TransNetV2 checkout 85cef72
    git clone https://github.com/Tangshitao/ClipShots && git -C ClipShots checkout 8d033e2
    python3 -m venv golden-venv
    golden-venv/bin/pip install numpy==2.4.6
    golden-venv/bin/python scripts/golden/make_evaluation_golden.py --transnetv2 TransNetV2 --clipshots ClipShots

The seed is fixed: the same versions write the same bytes.
"""

import argparse
import contextlib
import importlib.util
import io
import json
import pathlib
import random
import sys
import tempfile
import types

import numpy as np
from golden_json import write_json

SEED = 20200811
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def load(file, stubs):
    """Runs a published module. `stubs` replace the modules that it imports but that take no part in the scores."""
    for name, attributes in stubs.items():
        module = types.ModuleType(name)
        for key, value in attributes.items():
            setattr(module, key, value)
        sys.modules[name] = module
        if "." in name:
            parent, child = name.rsplit(".", 1)
            setattr(sys.modules[parent], child, module)
    specification = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


# --- inputs ----------------------------------------------------------------------------------------------------------


def random_scenes(rng, frame_count):
    """Scenes in order; the first ones can have a single frame, and a scene can begin with the last frame of another."""
    gaps = rng.choice([[1], [1, 1, 1, 2, 3], [1, 1, 5, 20, 60], [0, 1, 2]])
    longest = rng.choice([0, 2, 8, 30, 120])
    scenes = []
    start = rng.choice([0, 0, 0, rng.randint(0, 5)])
    while start < frame_count:
        last = min(start + rng.randint(0, longest), frame_count - 1)
        scenes.append([start, last])
        start = last + rng.choice(gaps)
    return scenes or [[0, frame_count - 1]]


def moved(rng, scenes):
    """The same scenes as a detector would find them: borders a few frames off, some lost, some added."""
    offsets = [0, 0, 0, -3, -2, -1, 1, 2, 3]
    result = []
    for first, end in scenes:
        if result and rng.random() < 0.15:
            result[-1][1] = max(end, result[-1][1])
            continue
        start = max(first + rng.choice(offsets), result[-1][1] if result else 0)
        last = end + rng.choice(offsets)
        if last >= start:
            result.append([start, last])
            if last - start > 4 and rng.random() < 0.1:
                middle = rng.randint(start + 1, last - 2)
                result[-1:] = [[start, middle], [middle + rng.choice([1, 2]), last]]
    return result or [[0, 0]]


def scene_pairs(rng):
    cut = [[0, 9], [10, 19]]
    whole = [[0, 19]]
    for truth, found in [(whole, whole), (cut, whole), (whole, cut), (cut, cut)]:
        yield truth, found
    for offset in range(-6, 7):
        yield cut, [[0, 9 + offset], [10 + offset, 19]]
        yield [[0, 4], [15, 19]], [[0, 9 + offset], [10 + offset, 19]]
    yield [[0, 0], [1, 18], [19, 19]], [[0, 0], [1, 18], [19, 19]]  # transitions at the first and the last frame
    yield [[0, 0], [1, 18], [19, 19]], [[0, 2], [3, 16], [17, 19]]
    yield [[i, i] for i in range(20)], [[i, i] for i in range(0, 20, 2)]  # scenes of one frame
    yield [[i, i] for i in range(0, 20, 3)], [[i, i] for i in range(20)]
    yield [[0, 5], [5, 9], [9, 19]], [[0, 5], [6, 9], [9, 19]]  # a scene begins with the last frame of another
    for _ in range(160):
        frame_count = rng.choice([1, 2, 5, rng.randint(1, 60), rng.randint(60, 400)])
        truth = random_scenes(rng, frame_count)
        yield truth, moved(rng, truth) if rng.random() < 0.7 else random_scenes(rng, frame_count)


def random_mask(rng, count):
    mask = []
    while len(mask) < count:
        mask += [0] * rng.choice([0, 1, 2, rng.randint(0, 40)]) + [1] * rng.choice([1, 1, 1, 2, 9])
    return mask[:count] if rng.random() < 0.7 else [1 - value for value in mask[:count]]


def random_transitions(rng, frame_count, least_length=1):
    transitions = []
    position = rng.choice([0, 0, rng.randint(0, 10)])
    while True:
        length = rng.choice([1, 1, 1, least_length, 2, 3, rng.randint(1, 40)])
        if position + length >= frame_count:
            return transitions
        transitions.append([position, position + length])
        position += length + rng.choice([0, 1, 2, rng.randint(0, 50)])


# --- golden data -----------------------------------------------------------------------------------------------------


def evaluate_scenes_cases(metrics):
    rng = random.Random(f"{SEED} evaluate_scenes")
    for truth, found in scene_pairs(rng):
        assert all(start <= last for scenes in (truth, found) for start, last in scenes)
        for tolerance in (rng.choice([0, 1]), 2, rng.choice([3, 5, 10])):
            precision, recall, f1, (tp, fp, fn) = metrics.evaluate_scenes(
                np.array(truth, dtype=np.int32), np.array(found, dtype=np.int32), n_frames_miss_tolerance=tolerance)
            yield {"truth": truth, "found": found, "tolerance": tolerance, "matched": tp, "wrong": fp, "missed": fn,
                   "precision": precision, "recall": recall, "f1": f1}


def masks_cases(metrics):
    """From the 0/1 of every frame to the score, as TransNetV2's training does."""
    rng = random.Random(f"{SEED} masks")
    for _ in range(120):
        count = rng.choice([1, 2, 3, rng.randint(1, 40), rng.randint(40, 400)])
        truth, found = random_mask(rng, count), random_mask(rng, count)
        if rng.random() < 0.7:
            found = [value ^ (rng.random() < 0.03) for value in truth]
        found = [int(value) for value in found]
        scenes = [metrics.predictions_to_scenes(np.array(mask, dtype=np.uint8)) for mask in (truth, found)]
        _, _, _, (tp, fp, fn) = metrics.evaluate_scenes(*scenes)
        yield {"truth": "".join(map(str, truth)), "found": "".join(map(str, found)), "matched": tp, "wrong": fp, "missed": fn}


def clipshots_cases(evaluate):
    rng = random.Random(f"{SEED} clipshots")
    for _ in range(80):
        truth, found = {}, {}
        for video in range(rng.randint(1, 4)):
            frame_count = rng.choice([30, 100, 400])
            transitions = random_transitions(rng, frame_count, rng.choice([1, 1, 1, 0]))
            answer = random_transitions(rng, frame_count)
            if rng.random() < 0.6:
                answer = [[max(start + rng.choice([0, 0, 1, -1, 2]), 0), end + rng.choice([0, 0, 1, 2])]
                          for start, end in transitions if rng.random() < 0.9]
                answer = [pair for i, pair in enumerate(answer)
                          if pair[0] < pair[1] and (i == 0 or answer[i - 1][1] <= pair[0])]
            # The evaluated list is in order and does not overlap, also across the kinds.
            kept, end = [], 0
            for pair in answer:
                if pair[0] >= end:
                    kept.append(pair)
                    end = pair[1]
            truth[f"{video}.mp4"] = {"transitions": transitions, "frame_num": float(frame_count)}
            found[f"{video}.mp4"] = {"cut": [pair for pair in kept if pair[1] - pair[0] == 1],
                                     "gradual": [pair for pair in kept if pair[1] - pair[0] > 1]}
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("truth", truth), ("found", found)):
                pathlib.Path(folder, name).write_text(json.dumps(content), encoding="ascii")
            output = io.StringIO()
            try:
                with contextlib.redirect_stdout(output):
                    evaluate.eval(f"{folder}/found", f"{folder}/truth")
            except ZeroDivisionError:
                continue  # the scorer divides by precision + recall
        scores = {line.split("\t")[0]: [float(value) for value in line.split("\t")[1:]]
                  for line in output.getvalue().splitlines()[1:]}
        yield {"truth": truth, "found": found, "scores": scores}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transnetv2", type=pathlib.Path, required=True, help="a checkout of TransNetV2's repository")
    parser.add_argument("--clipshots", type=pathlib.Path, required=True, help="a checkout of ClipShots' repository")
    parser.add_argument("--output-dir", type=pathlib.Path, default=REPOSITORY / "tests/data/evaluation")
    arguments = parser.parse_args()
    arguments.output_dir.mkdir(parents=True, exist_ok=True)
    metrics = load(arguments.transnetv2 / "training/metrics_utils.py",
                   {"tensorflow": {}, "matplotlib": {}, "matplotlib.pyplot": {"switch_backend": lambda _name: None}})
    evaluate = load(arguments.clipshots / "tools/evaluate.py", {"opts": {"parse_eval_args": None}})
    write_json(arguments.output_dir / "scores.json", {
        "evaluate_scenes": list(evaluate_scenes_cases(metrics)),
        "masks": list(masks_cases(metrics)),
        "clipshots": list(clipshots_cases(evaluate)),
    })


if __name__ == "__main__":
    main()
