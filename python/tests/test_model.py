# SPDX-License-Identifier: Apache-2.0
"""Models, streams, and arrays from anywhere."""

import copy
import gc
import pickle
import threading
import weakref

import numpy as np
import pytest

import transnet
from conftest import red


@pytest.fixture(scope="module")
def frames(bikes):
    return transnet.read_frames(bikes).frames


def test_model(model, weights):
    info = model.info
    assert info.kind == "transnetv2"
    assert info.sha256 == "a313d0b3bebfa9a71914b375bfdf918a30b5c3b1e6be51972d35dd8078b442de"
    assert info.is_published
    assert info.has_many_hot
    assert info.threshold == transnet.recommended_threshold(weights) == 0.4
    assert "transnetv2" in repr(model)
    assert pickle.loads(pickle.dumps(model)).info == info
    assert transnet.ShotModel.load(weights.read_bytes(), name="bytes").info.file == "bytes"
    with pytest.raises(TypeError, match=r"ShotModel.load"):
        transnet.ShotModel()
    with pytest.raises(TypeError, match=r"'presicion'. Did you mean 'precision'"):
        transnet.ShotModel.load(weights, presicion="fp32")
    with pytest.raises(TypeError, match="bytes cannot be pickled"):
        pickle.dumps(transnet.ShotModel.load(weights.read_bytes()))


def test_predict(model, frames):
    windows = np.stack(list(transnet.get_batches(frames)))
    answer = model.predict(windows)
    assert answer.single.shape == answer.many_hot.shape == (5, 100)
    kept = answer.single[:, 25:75].reshape(-1)
    assert [i for i in range(250) if kept[i] > 0.4] == [29, 75, 136, 186, 241]
    with pytest.raises(ValueError, match=r"\[n, 100, 27, 48, 3\]"):
        model.predict(frames)
    assert model.predict(windows[:0]).single.shape == (0, 100)


@pytest.mark.parametrize("wrong", [np.nan, -0.1, 22.0])
def test_answers_of_a_function_must_be_probabilities(wrong, beginning):
    def network(windows):
        answer = np.full((len(windows), 100), 0.1, np.float32)
        answer[:, 40] = wrong
        return answer

    with pytest.raises(transnet.errors.BadWeights, match=r"network: returned .*, expected probabilities from 0 to 1"):
        transnet.ClipExtractor(model=network).extract(beginning)


def test_answers_of_a_function_have_one_shape():
    windows = np.zeros((100, 100, 27, 48, 3), np.uint8)
    for shape in ((100, 100), (100, 100, 1)):
        assert red_model_of(shape).predict(windows).single.shape == (100, 100)
    for count, shape in ((2, (100, 2)), (2, (200,)), (2, (1, 200)), (1, (100,)), (1, (100, 1)), (2, (2, 100, 1, 1))):
        text = f"returned values of the shape {list(shape)} for {count} windows? of 100 frames, expected".replace("[", r"\[")
        with pytest.raises(transnet.errors.BadShape, match=text):
            red_model_of(shape).predict(windows[:count])


def red_model_of(shape):
    return transnet.ShotModel.from_function(lambda windows: np.zeros(shape), windows_per_call=100)


class Mine(transnet.ShotModel):
    pass


def test_copies_of_models(model, weights, tmp_path, monkeypatch):
    assert copy.copy(model) is model
    assert copy.deepcopy(model) is model
    in_memory = transnet.ShotModel.load(weights.read_bytes())
    assert copy.deepcopy(in_memory) is in_memory
    (tmp_path / "weights.pth").symlink_to(weights.resolve())
    monkeypatch.chdir(tmp_path)
    mine = Mine.load("weights.pth")
    mine.word = "of a subclass"
    monkeypatch.chdir("/")
    for one in (mine, Mine.from_function(red), Mine.mean_of(mine, mine)):
        assert type(pickle.loads(pickle.dumps(one))) is Mine
    assert pickle.loads(pickle.dumps(mine)).word == "of a subclass"


def test_an_object_that_owns_its_model_is_collected(beginning):
    class Detector:
        def __init__(self):
            self.extractor = transnet.ClipExtractor(model=self.predict)
            self.stream = transnet.ShotStream(transnet.ShotModel.from_function(self))

        def __call__(self, windows):
            return np.zeros((len(windows), 100), np.float32)

        predict = __call__

    detector = Detector()
    assert detector.extractor.extract(beginning).status == "complete"
    gone = weakref.ref(detector)
    del detector
    gc.collect()
    assert gone() is None


def test_mean_of(model):
    mean = transnet.ShotModel.mean_of(model, model)
    assert mean.info.kind == "transnetv2+transnetv2"
    assert pickle.loads(pickle.dumps(transnet.ShotModel.mean_of(red_model(), red_model()))).info.kind == "function+function"


def red_model(**words):
    return transnet.ShotModel.from_function(red, **words)


def noise(count):
    return np.random.default_rng(5).integers(0, 256, (count, 27, 48, 3), np.uint8)


@pytest.mark.parametrize("step", [1, 7, 100, 230])
def test_stream(step):
    frames = noise(230)
    stream = transnet.ShotStream(red_model())
    answers = []
    for first in range(0, len(frames), step):
        stream.push(frames[first : first + step])
        answers.append(stream.take().single)
        assert stream.pushed_frames == min(first + step, 230)
        assert stream.pushed_frames - stream.answered_frames <= 75
    stream.finish()
    stream.finish()
    answers.append(stream.take().single)
    assert np.array_equal(np.concatenate(answers), frames[:, 0, 0, 0].astype(np.float32) / np.float32(255))
    assert stream.answered_frames == 230
    assert stream.take().many_hot is None
    with pytest.raises(ValueError, match="finished stream"):
        stream.push(frames)
    assert stream.answered_frames == 230


def test_a_finished_stream_keeps_its_answers():
    stream = transnet.ShotStream(red_model())
    stream.push(noise(60))
    stream.finish()
    with pytest.raises(ValueError, match="finished stream"):
        stream.push(noise(1))
    assert stream.take().single.shape == (60,)


def test_stream_equals_the_extractor(model, frames, bikes):
    stream = transnet.ShotStream(model)
    stream.push(frames)
    stream.finish()
    answers = stream.take()
    expected = transnet.ClipExtractor(model=model).predict(bikes)
    assert np.array_equal(answers.single, expected.single)
    assert np.array_equal(answers.many_hot, expected.many_hot)


def test_answers_own_their_memory():
    stream = transnet.ShotStream(red_model())
    frames = noise(120)
    stream.push(frames)
    stream.finish()
    answer = stream.take().single
    copied = answer.copy()
    del stream
    noise(1000)
    assert np.array_equal(answer, copied)
    assert answer.flags.writeable


@pytest.mark.parametrize(
    "view",
    [
        lambda frames: frames,
        lambda frames: frames[::2],
        lambda frames: frames[::-1],
        np.asfortranarray,
        lambda frames: frames[..., ::-1],
        lambda frames: np.pad(frames, ((0, 0), (2, 3), (1, 4), (0, 1)))[:, 2:-3, 1:-4, :-1],
        lambda frames: frames.transpose(0, 2, 1, 3).copy().transpose(0, 2, 1, 3),
        lambda frames: np.broadcast_to(frames[0], frames.shape),
        lambda frames: frames[:0],
    ],
)
def test_arrays_in_any_order(view):
    frames = view(noise(110))
    frames.flags.writeable = False
    seen = []

    def first_window(windows):
        seen.append(windows)
        return np.zeros((len(windows), 100))

    stream = transnet.ShotStream(transnet.ShotModel.from_function(first_window))
    stream.push(frames)
    stream.finish()
    expected = np.array(list(transnet.get_batches(np.ascontiguousarray(frames))))
    assert np.array_equal(np.concatenate(seen) if seen else np.empty((0,)), expected)


class DLPack:
    """An array of another library, which has nothing but DLPack."""

    def __init__(self, array):
        self._array = array

    def __dlpack__(self, **words):
        return self._array.__dlpack__(**words)

    def __dlpack_device__(self):
        return self._array.__dlpack_device__()


def test_arrays_of_other_libraries():
    frames = noise(100)
    stream = transnet.ShotStream(red_model())
    stream.push(DLPack(frames))
    stream.finish()
    assert np.array_equal(stream.take().single, red(frames[None])[0])


@pytest.mark.parametrize(
    ("frames", "error", "text"),
    [
        (None, TypeError, "array of NumPy"),
        (b"bytes", TypeError, "array of NumPy"),
        ([[1, 2]], TypeError, "array of NumPy"),
        (np.zeros((1, 27, 48, 3)), TypeError, "uint8, not float64"),
        (np.zeros((1, 27, 48, 3), np.int8), TypeError, "uint8, not int8"),
        (np.zeros((1, 27, 48, 3), bool), TypeError, "uint8, not bool8"),
        (np.zeros((27, 48, 3), np.uint8), ValueError, r"\[n, 27, 48, 3\], not \[27, 48, 3\]"),
        (np.zeros((1, 48, 27, 3), np.uint8), ValueError, r"not \[1, 48, 27, 3\]"),
        (np.uint8(3), (TypeError, ValueError), None),
    ],
)
def test_bad_frames(frames, error, text):
    stream = transnet.ShotStream(red_model())
    with pytest.raises(error, match=text):
        stream.push(frames)
    stream.push(noise(10))  # a refused array leaves the stream as it was
    assert stream.pushed_frames == 10


def test_bad_streams():
    with pytest.raises(TypeError, match="ShotModel"):
        transnet.ShotStream(None)
    with pytest.raises(ValueError, match="frame_step 0"):
        transnet.ShotStream(red_model(), frame_step=0)
    for step in (1.5, None, "2", True):
        with pytest.raises(TypeError, match="frame_step must be a whole number"):
            transnet.ShotStream(red_model(), frame_step=step)
    with pytest.raises(ValueError, match=r"frame_step is .*too large"):
        transnet.ShotStream(red_model(), frame_step=2**40)
    with pytest.raises(TypeError, match="decides_at must be a number"):
        transnet.ShotStream(red_model(), decides_at=b"0.4")
    with pytest.raises(TypeError, match="two ShotModels, not 1"):
        transnet.ShotModel.mean_of(1, 2)

    def broken(windows):
        raise KeyError("network")

    stream = transnet.ShotStream(transnet.ShotModel.from_function(broken))
    with pytest.raises(KeyError, match="network"):
        stream.push(noise(100))
    with pytest.raises(ValueError, match="ended with an error"):
        stream.push(noise(1))
    with pytest.raises(TypeError, match="callable"):
        transnet.ShotModel.from_function(3)
    with pytest.raises(ValueError, match="windows_per_call"):
        red_model(windows_per_call=0)


def test_a_stream_belongs_to_one_thread_at_a_time():
    entered, leave = threading.Event(), threading.Event()

    def slow(windows):
        entered.set()
        assert leave.wait(20)
        return np.zeros((len(windows), 100))

    stream = transnet.ShotStream(transnet.ShotModel.from_function(slow))
    thread = threading.Thread(target=stream.push, args=(noise(100),))
    thread.start()
    assert entered.wait(20)
    with pytest.raises(ValueError, match="another thread"):
        stream.take()
    leave.set()
    thread.join()
    assert stream.take().single.shape == (50,)
