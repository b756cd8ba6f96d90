# SPDX-License-Identifier: Apache-2.0
"""The contract of NeMo Curator's stage, without NeMo Curator. tests/data/reference was made by running the reference."""

import copy
import dataclasses
import json
import os
import pickle
import shutil
import uuid
from types import SimpleNamespace

import numpy as np
import pytest

import transnet
import transnet.nemo
from conftest import DATA
from transnet.nemo import TransNetV2, TransNetV2ClipExtractionStage, _create_spans, _crop_scenes, _get_batches, _get_scenes
from transnet.nemo import _get_filtered_scenes as filtered

FIELDS = {
    "model_dir": None,
    "threshold": 0.4,
    "min_length_s": 2.0,
    "max_length_s": 10.0,
    "max_length_mode": "stride",
    "crop_s": 0.5,
    "entire_scene_as_clip": True,
    "gpu_memory_gb": 10,
    "limit_clips": -1,
    "verbose": False,
    "name": "transnetv2_clip_extraction",
}


def task_of(frames=None, framerate=25.0, source=None, path="/videos/a.mp4"):
    metadata = SimpleNamespace(framerate=framerate)
    video = SimpleNamespace(
        input_video=path, metadata=metadata, frame_array=frames, clips=[], source_bytes=source, has_metadata=lambda: True
    )
    return SimpleNamespace(data=video)


@pytest.fixture(scope="module")
def stage(weights, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    place = folder / "Sn4kehead" / "TransNetV2"
    place.mkdir(parents=True)
    (place / weights.name).symlink_to(weights.resolve())
    made = TransNetV2ClipExtractionStage(model_dir=str(folder), min_length_s=0.5)
    made.setup()
    return made


def test_fields():
    stage = TransNetV2ClipExtractionStage()
    assert list(stage.__dataclass_fields__)[: len(FIELDS)] == list(FIELDS)
    assert {name: getattr(stage, name) for name in FIELDS} == FIELDS
    assert stage.resources.gpu_memory_gb == 10
    assert TransNetV2ClipExtractionStage(gpu_memory_gb=0, cpus=3).resources.cpus == 3
    assert stage.inputs() == (["data"], [])
    assert stage.outputs() == (["data"], ["clips.extracted_frames"])
    assert copy.deepcopy(stage) == stage == pickle.loads(pickle.dumps(stage))


def test_cpus_are_the_threads_of_the_network(monkeypatch):
    asked = []
    monkeypatch.setattr(transnet.ShotModel, "load", lambda _path, threads: asked.append(threads))
    for cpus in (0, 2):
        TransNetV2ClipExtractionStage(gpu_memory_gb=0, cpus=cpus).setup()
    assert asked == [0, 2]


def test_pure_functions():
    cases = json.loads((DATA / "reference" / "scenes.json").read_text())
    for case in cases["get_scenes"]:
        predictions = np.array([int(digit) for digit in case["predictions"]], np.uint8).reshape(-1, 1)
        found = _get_scenes(predictions, entire_scene_as_clip=False)
        assert found.dtype == np.int32
        assert found.shape == (len(case["no_entire_scene"]), 2)
        assert found.tolist() == case["no_entire_scene"]
    for case in cases["create_spans"]:
        words = {key: value for key, value in case.items() if key != "expected"}
        assert _create_spans(**words) == case["expected"]
    empty = np.empty((0, 2), np.int32)
    assert _crop_scenes(empty, 3).shape == filtered(empty, 1, 2, "stride", 3).shape == (0, 2)
    with pytest.raises(ValueError, match="2D rank matrix"):
        filtered(np.zeros(3, np.int32))
    with pytest.raises(NotImplementedError, match="Method `invalid` not implemented"):
        filtered(np.zeros((1, 2), np.int32), max_length=3, max_length_mode="invalid")


def test_windows_of_the_reference_are_short_at_the_end():
    """As the reference's own, which end with the last frame: the golden windows without the padding at their end."""
    for case in json.loads((DATA / "reference" / "windows.json").read_text())["windows"]:
        count = case["frame_count"]
        batches = [batch.tolist() for batch in _get_batches(np.arange(count))]
        for number, runs in enumerate(case["windows"]):
            full = np.concatenate([first + step * np.arange(n) for first, step, n in runs]).tolist()
            assert batches[number] == full[: count + 25 - 50 * number], case
        assert len(batches) == len(case["windows"])
    assert [len(batch) for batch in _get_batches(np.zeros((100, 27, 48, 3), np.uint8))] == [100, 75]


def test_clips_of_a_video(stage, bikes, raw_frames):
    frames = raw_frames(bikes)
    expected = transnet.ClipExtractor(model_dir=stage.model_dir, min_length_s=0.5).extract(bikes, name="/videos/a.mp4")
    for array in (frames, frames.transpose(0, 2, 1, 3)):
        task = task_of(array)
        assert stage.process(task) is task
        assert task.data.frame_array is None
        assert [clip.uuid for clip in task.data.clips] == [clip.uuid for clip in expected.clips]
        assert [clip.span for clip in task.data.clips] == [(clip.start_s, clip.end_s) for clip in expected.clips]
        assert {clip.source_video for clip in task.data.clips} == {"/videos/a.mp4"}
        assert all(isinstance(clip.uuid, uuid.UUID) for clip in task.data.clips)


def test_it_decodes_what_nobody_has_decoded(stage, bikes):
    source = bikes.read_bytes()
    for task in (task_of(source=source, path=str(bikes)), task_of(path=str(bikes))):
        stage.process(task)
        assert [clip.span for clip in task.data.clips] == [(1.68, 2.52), (3.52, 4.96), (5.96, 6.96), (7.96, 9.16)]
    assert task_of(source=source).data.source_bytes == source


def test_limit(stage, bikes, raw_frames):
    limited = copy.copy(stage)
    limited.limit_clips = 2
    task = task_of(raw_frames(bikes))
    assert len(limited.process(task).data.clips) == 2


def test_bad_tasks(stage):
    without = task_of(np.zeros((3, 27, 48, 3), np.uint8), framerate=None)
    assert stage.process(without) is without
    assert without.data.clips == []
    with pytest.raises(ValueError, match="Expected frames of shape 27x48x3"):
        stage.process(task_of(np.zeros((3, 28, 48, 3), np.uint8)))
    fresh = TransNetV2ClipExtractionStage()
    fresh._model = object()
    with pytest.raises(ValueError, match="Run `FrameExtractionStage` stage prior"):
        fresh.process(task_of(source=b"bytes"))


def test_names_are_looked_up_when_they_are_used(monkeypatch):
    """As NVIDIA's tests replace them."""
    made = []

    class Model:
        def __init__(self, model_dir):
            made.append(model_dir)

        def setup(self):
            made.append("setup")

    monkeypatch.setattr(transnet.nemo, "TransNetV2", Model)
    monkeypatch.setattr(transnet.nemo, "_get_predictions", lambda model, frames, threshold: np.zeros((3, 1), np.uint8))
    monkeypatch.setattr(transnet.nemo, "_get_scenes", lambda predictions, entire_scene_as_clip: "scenes")
    monkeypatch.setattr(transnet.nemo, "_get_filtered_scenes", lambda scenes, **words: np.array([[25, 50]], np.int32))
    stage = TransNetV2ClipExtractionStage(model_dir="folder")
    stage.setup()
    assert made == ["folder", "setup"]
    task = stage.process(task_of(np.zeros((3, 27, 48, 3), np.uint8)))
    assert [clip.span for clip in task.data.clips] == [(1.0, 2.0)]


def test_model():
    model = TransNetV2("folder")
    assert model.model_id_names == ["Sn4kehead/TransNetV2"]
    with pytest.raises(FileNotFoundError):
        model.setup()
    with pytest.raises(AttributeError):
        model.predict_video(np.zeros((3, 27, 48, 3), np.uint8), 0.4)


def test_a_name_that_is_not_utf8(stage, weights, beginning, tmp_path):
    """It gives the UUIDs of the library, which takes the bytes of the name."""
    video = tmp_path / os.fsdecode(b"\xff.mp4")
    shutil.copy(beginning, video)
    extractor = transnet.ClipExtractor(weights=weights, min_length_s=0.5, crop_s=0)
    expected = [clip.uuid for clip in extractor.extract(video).clips]
    assert len(expected) == 2
    found = dataclasses.replace(stage, crop_s=0)
    found.setup()
    assert [clip.uuid for clip in found.process(task_of(path=str(video))).data.clips] == expected
