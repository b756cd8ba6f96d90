# SPDX-License-Identifier: Apache-2.0
"""The pure functions answer as NeMo Curator's own: tests/data/reference was made by running them."""

import dataclasses
import json

import numpy as np
import pytest

import transnet
from conftest import DATA, red

READ = transnet.VideoFrames(
    frames=np.zeros((1, 27, 48, 3), np.uint8),
    first_frame=0,
    times_s=np.zeros(1),
    durations_s=np.zeros(1),
    metadata=transnet.VideoMetadata(),
    bad_packet_count=0,
    error=None,
)
PREDICTED = transnet.VideoPredictions.from_probabilities([0.5], 25, video="v")


def replaced(**words):
    return dataclasses.replace(PREDICTED, **words)


def golden(file, function):
    cases = json.loads((DATA / "reference" / file).read_text())[function]
    assert len(cases) > 20
    return cases


def expand(runs):
    return np.concatenate([np.full(count, value, np.uint8) for value, count in runs])


def frames_of(values):
    """Frames in which every byte is the value."""
    return np.ascontiguousarray(np.broadcast_to(values.reshape(-1, 1, 1, 1), (len(values), 27, 48, 3)))


def test_get_scenes():
    for case in golden("scenes.json", "get_scenes"):
        predictions = np.array([int(digit) for digit in case["predictions"]], np.uint8)
        for shape in ((-1,), (-1, 1)):
            values = predictions.reshape(shape)
            assert transnet.get_scenes(values, True).tolist() == case["entire_scene"], case
            assert transnet.get_scenes(values, False).tolist() == case["no_entire_scene"], case
    assert transnet.get_scenes([0, 1, 0], True).dtype == np.int64
    assert transnet.get_scenes([], False).shape == (0, 2)


def test_get_filtered_scenes():
    for case in golden("scenes.json", "get_filtered_scenes"):
        words = {key: value for key, value in case.items() if key not in ("scenes", "expected")}
        found = transnet.get_filtered_scenes(np.array(case["scenes"], np.int64).reshape(-1, 2), **words)
        assert found.shape == (len(case["expected"]), 2)
        assert found.tolist() == case["expected"], case


def test_crop_scenes():
    for case in golden("scenes.json", "crop_scenes"):
        assert transnet.crop_scenes(case["scenes"], case["crop_length"]).tolist() == case["expected"], case


def test_create_spans():
    for case in golden("scenes.json", "create_spans"):
        words = {key: value for key, value in case.items() if key != "expected"}
        assert transnet.create_spans(**words).tolist() == case["expected"], case


def test_get_batches():
    for case in golden("windows.json", "windows"):
        count = case["frame_count"]
        frames = np.zeros((count, 27, 48, 3), np.uint8)
        frames[:, 0, 0, 0] = np.arange(count) % 251
        frames[:, 0, 0, 1] = np.arange(count) // 251
        numbers = [
            window[:, 0, 0, 0].astype(int) + 251 * window[:, 0, 0, 1].astype(int) for window in transnet.get_batches(frames)
        ]
        expected = [np.concatenate([first + step * np.arange(n) for first, step, n in runs]) for runs in case["windows"]]
        assert np.array_equal(numbers, expected), case


def test_get_batches_copies_once(monkeypatch):
    frames = np.random.default_rng(1).integers(0, 256, (230, 27, 48, 3), np.uint8)[..., ::-1]
    given = []
    window = transnet._core.window
    monkeypatch.setattr(transnet._core, "window", lambda array, *words: given.append(array) or window(array, *words))
    found = np.stack(list(transnet.get_batches(frames)))
    assert np.array_equal(found[0, 25:], frames[:75])
    assert len(given) == 5
    assert all(array.flags.c_contiguous and array is given[0] for array in given)


def test_get_predictions():
    for case in golden("predictions.json", "get_predictions"):
        frames = frames_of(expand(case["values"]))
        found = transnet.get_predictions(red, frames, case["threshold"])
        assert found.dtype == np.uint8
        assert found.shape == (len(frames), 1)
        assert np.array_equal(found[:, 0], expand(case["expected"])), case


def test_published_network(model, bikes):
    """The published PyTorch network's answers on a video, from its own code."""
    expected = np.loadtxt(DATA / "model" / "bikes.predictions.txt")
    frames = transnet.read_frames(bikes, timing="constant-rate").frames
    assert np.abs(transnet.get_probabilities(model, frames) - expected[:, 0]).max() < 1e-4


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: transnet.create_spans(0, 10, 0), ValueError, "max_length is 0"),
        (lambda: transnet.crop_scenes([[0, 5]], -1), ValueError, "crop_length is -1"),
        (lambda: transnet.get_filtered_scenes([[0, 5]], max_length_mode="cut"), ValueError, "'stride' or 'truncate'"),
        (lambda: transnet.get_filtered_scenes([0, 5]), ValueError, r"shape \[n, 2\]"),
        (lambda: transnet.get_filtered_scenes([[0.0, 5.0]]), TypeError, "frame numbers"),
        (lambda: transnet.get_filtered_scenes(None), (TypeError, ValueError), "scenes"),
        (lambda: transnet.get_scenes([0, 2], True), ValueError, "0 or 1"),
        (lambda: transnet.get_scenes([0.5], True), TypeError, "0 or 1"),
        (lambda: transnet.get_scenes(np.zeros((2, 2), np.uint8), True), ValueError, "shape"),
        (lambda: transnet.get_predictions(red, np.zeros((3, 28, 48, 3), np.uint8), 0.4), ValueError, r"\[n, 27, 48, 3\]"),
        (lambda: transnet.get_predictions(red, np.zeros((3, 27, 48, 3), np.float32), 0.4), TypeError, "uint8, not float32"),
        (lambda: transnet.get_predictions(red, None, 0.4), TypeError, "array"),
        (lambda: transnet.get_predictions(None, np.zeros((3, 27, 48, 3), np.uint8), 0.4), TypeError, "model"),
        (lambda: transnet.get_batches(np.zeros((3, 27, 48), np.uint8)), ValueError, r"\[n, 27, 48, 3\]"),
        (lambda: transnet.get_batches(np.zeros((3, 27, 48, 3), np.int8)), TypeError, "uint8, not int8"),
        (lambda: transnet.get_batches([[1, 2]]), TypeError, "frames must be an array"),
        (lambda: transnet.get_batches(READ), TypeError, "frames must be an array .*, not VideoFrames: pass its frames"),
        (lambda: transnet.get_batches(5), TypeError, "frames must be an array .*, not int$"),
        (lambda: transnet.get_probabilities(red, READ), TypeError, "VideoFrames: pass its frames"),
        (lambda: transnet.get_scenes(READ, True), TypeError, "0 or 1 for each frame, not VideoFrames"),
        (lambda: transnet.crop_scenes(READ, 1), TypeError, "rows of two frame numbers, not VideoFrames"),
        (lambda: transnet.evaluate([29], []), TypeError, r"\(start_frame, end_frame\) with or without a kind, not 29"),
        (lambda: transnet.evaluate([(29,)], []), TypeError, r"with or without a kind, not \(29,\)"),
        (lambda: transnet.evaluate([(29.9, 30)], []), TypeError, "with or without a kind"),
        (lambda: transnet.evaluate([], [(1, 2, "cut", 4)]), TypeError, "with or without a kind"),
        (lambda: transnet.evaluate([(1, 2, 3)], []), TypeError, "with or without a kind"),
        (lambda: transnet.evaluate([(1, "2")], []), TypeError, "with or without a kind"),
        (lambda: transnet.evaluate([(30, 30)], []), ValueError, "30 to 30"),
        (lambda: transnet.evaluate([], [(31, 30)]), ValueError, "31 to 30"),
        (lambda: transnet.evaluate([], [], uncertain=[(1, 2, 3)]), TypeError, "uncertain range"),
        (lambda: transnet.evaluate([], [], uncertain=[(1.5, 2)]), TypeError, "uncertain range"),
        (lambda: transnet.evaluate([(0, 1), (1, 2)], transnet.find_clips(PREDICTED)), ValueError, r"\(1, 2\), .* frame 1$"),
        (lambda: transnet.find_clips(replaced(framerate="25")), TypeError, "framerate must be a number, not '25'"),
        (lambda: transnet.find_clips(replaced(status=3)), TypeError, "status must be text, not 3"),
        (lambda: transnet.find_clips(replaced(video=3)), TypeError, "video must be text, not 3"),
        (lambda: transnet.find_clips(PREDICTED, snap_frames="12"), TypeError, "snap_frames must be a whole number, not '12'"),
        (lambda: transnet.find_clips(PREDICTED, snap_to=[2**70]), ValueError, r"snap_to is 11.*too large"),
        (lambda: transnet.evaluate([], PREDICTED), TypeError, "transitions, not VideoPredictions: find_clips decides"),
    ],
)
def test_refuses_bad_input(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_evaluate():
    """Worked by hand."""
    truth = [(29, 30), (75, 76), (100, 120, "gradual")]
    found = [(28, 29), (80, 81), (105, 118), (200, 201)]
    score = transnet.evaluate(truth, found, tolerance_frames=2)
    assert (score.all.truth, score.all.found, score.all.matched) == (3, 4, 2)
    assert score.all.precision == 0.5
    assert score.all.recall == pytest.approx(2 / 3)
    assert score.missed == (1,)
    assert score.wrong == (1, 3)
    assert score.gradual.iou == pytest.approx(13 / 20)
    assert transnet.evaluate(truth, found, tolerance_frames=2, uncertain=[(195, 210)]).uncertain == 1
    assert transnet.evaluate(iter(truth), iter(found), tolerance_frames=2) == score
    same = iter(truth)
    assert transnet.evaluate(same, same).all.f1 == 1.0
    assert transnet.evaluate(truth, [(np.int64(28), np.int64(29))]).all.matched == 1
    with pytest.raises(ValueError, match="rule is 'best'"):
        transnet.evaluate(truth, found, rule="best")
    with pytest.raises(ValueError, match="tolerance_frames"):
        transnet.evaluate(truth, found, tolerance_frames=-1)
    with pytest.raises(ValueError, match="kind"):
        transnet.evaluate([(1, 2, "wipe")], found)
