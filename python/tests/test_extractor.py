# SPDX-License-Identifier: Apache-2.0
"""Clips of videos: from every kind of source, with every kind of option, and of bad input."""

import copy
import io
import json
import logging
import mmap
import os
import pickle
import subprocess
import sys
import uuid
from pathlib import Path

import numpy as np
import pytest

import transnet
from conftest import red

# New shots begin at 30, 76, 137, 187 and 242, so the transitions are at the frames before.
CUTS = [29, 75, 136, 186, 241]


@pytest.fixture(scope="module")
def extractor(weights):
    return transnet.ClipExtractor(weights=weights, min_length_s=0.5)


@pytest.fixture(scope="module")
def clips(extractor, bikes):
    return extractor.extract(bikes)


@pytest.fixture(scope="module")
def predictions(extractor, bikes):
    return extractor.predict(bikes)


def test_clips_of_a_real_video(clips, bikes):
    assert [transition.start_frame for transition in clips.transitions] == CUTS
    assert {transition.kind for transition in clips.transitions} == {"cut"}
    assert clips.status == "complete"
    assert clips.failure is None
    assert (clips.frame_count, clips.framerate, clips.duration_s) == (250, 25.0, 10.0)
    assert [shot.end_frame - 1 for shot in clips.shots][:-1] == CUTS
    assert clips.video == str(bikes)
    assert clips.metadata.width == 640
    assert clips.metadata.audio_streams == ()
    # The rule of the reference: scenes of at least 0.5 s are cropped by 0.5 s on both sides.
    starts = [0, *(cut + 1 for cut in CUTS)]
    scenes = list(zip(starts, [*CUTS, 249], strict=True))
    kept = [(start + 12, end - 12) for start, end in scenes if end - start - 24 >= 12]
    assert [(clip.start_frame, clip.end_frame) for clip in clips.clips] == kept
    for clip in clips.clips:
        assert (clip.start_s, clip.end_s) == (clip.start_frame / 25, clip.end_frame / 25)
        assert clip.uuid == uuid.uuid5(uuid.NAMESPACE_URL, f"{bikes}_{clip.start_frame}_{clip.end_frame}")
        assert clip.source_video == str(bikes)


def test_equals_the_command(clips, bikes, weights):
    command = [sys.executable, "-m", "transnet", "clips", bikes, "--weights", weights, "--min-length-s", "0.5"]
    command += ["--transition-frames", "none", "--format", "json", "--quiet"]
    answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    assert [clip["uuid"] for clip in answer["clips"]] == [str(clip.uuid) for clip in clips.clips]
    for field in ("start_frame", "end_frame", "start_s", "end_s"):
        assert [clip[field] for clip in answer["clips"]] == [getattr(clip, field) for clip in clips.clips]
    assert answer["shots"] == [shot.to_dict() for shot in clips.shots]


def test_a_part_of_a_video(bikes, weights, clips, predictions):
    part = transnet.ClipExtractor(weights=weights, min_length_s=0.5, start_s=4, end_s=9)
    found = part.extract(bikes)
    assert found.analysed == transnet.TimeSpan(100, 225, 4.0, 9.0)
    assert [t.start_frame for t in found.transitions] == [136, 186]
    assert found.frame_count == 250
    assert clips.analysed is None
    answers = part.predict(bikes)
    assert np.array_equal(answers.single[100:225], predictions.single[100:225])
    assert not answers.single[:100].any() and not answers.single[225:].any()
    again = transnet.find_clips(answers, min_length_s=0.5)
    assert again.clips == found.clips and again.analysed == found.analysed
    with pytest.raises(ValueError, match="no frame starts at 20 s or later: the video lasts 10 s"):
        transnet.ClipExtractor(weights=weights, start_s=20).extract(bikes)


class BareReader:
    """An object with nothing but `read`, which gives at most 1000 bytes at a time."""

    def __init__(self, data):
        self._file = io.BytesIO(data)

    def read(self, size):
        return self._file.read(min(size, 1000))


def test_every_kind_of_source(beginning, raw_frames, tmp_path, ffmpeg):
    extractor = transnet.ClipExtractor(model=red)
    expected = raw_frames(beginning)[:, 0, 0, 0].astype(np.float32) / np.float32(255)
    data = beginning.read_bytes()
    with (
        beginning.open("rb") as file,
        beginning.open("rb") as other,
        mmap.mmap(other.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        for source in (data, bytearray(data), memoryview(data), io.BytesIO(data), np.frombuffer(data, np.uint8), mapped):
            assert np.array_equal(extractor.predict(source, name="name").single, expected), type(source)
        for source in (beginning, str(beginning), file):
            found = extractor.extract(source)
            assert found.video == str(beginning)
            assert found.frame_count == 50
        assert found == extractor.extract(data, name=str(beginning))
    # A pipe has no index to jump to.
    stream = tmp_path / "beginning.ts"
    ffmpeg("-i", beginning, "-c", "copy", stream)
    assert np.array_equal(extractor.predict(BareReader(stream.read_bytes()), name="stream").single, expected)
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as pipe, subprocess.Popen(["cat", stream], stdout=write_end):
        os.close(write_end)
        assert np.array_equal(extractor.predict(pipe, name="stream").single, expected)


def test_a_video_needs_a_name(extractor, bikes):
    for source in (b"bytes", io.BytesIO(b"bytes"), os.fdopen(os.dup(0), "rb")):
        with pytest.raises(TypeError, match="name="):
            extractor.extract(source)
    assert extractor.extract(bikes, name="other").clips[0].source_video == "other"
    with pytest.raises(TypeError, match="text"):
        extractor.extract(bikes, name=3)


def test_a_name_that_is_no_text(extractor, beginning, tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.mp4"))
    path.symlink_to(beginning)
    found = extractor.extract(path)
    assert found.video == str(path)
    assert [transition.start_frame for transition in found.transitions] == [29]
    assert transnet.find_clips(extractor.predict(path), min_length_s=0.5).video == found.video


class Broken(Exception):
    pass


@pytest.mark.parametrize("after", [0, 1, 50])
def test_exceptions_of_a_reader_come_out_unchanged(extractor, bikes, after):
    error = Broken("the store is closed")

    class Reader(io.BytesIO):
        calls = 0

        def read(self, size):
            self.calls += 1
            if self.calls > after:
                raise error
            return super().read(min(size, 4000))

    with pytest.raises(Broken) as caught:
        extractor.extract(Reader(bikes.read_bytes()), name="broken")
    assert caught.value is error


def test_bad_readers(extractor, bikes):
    closed = bikes.open("rb")
    closed.close()
    with pytest.raises(ValueError, match="closed file"):
        extractor.extract(closed)
    with bikes.open(encoding="latin-1") as file, pytest.raises(TypeError, match="binary mode"):
        extractor.extract(file)

    class Reader:
        def __init__(self, answer):
            self.answer = answer

        def read(self, size):
            return self.answer(size)

    with pytest.raises(TypeError, match="None"):
        extractor.extract(Reader(lambda size: None), name="none")
    with pytest.raises(ValueError, match="returned"):
        extractor.extract(Reader(lambda size: bytes(size + 1)), name="long")
    with pytest.raises((TypeError, BufferError)):
        extractor.extract(Reader(lambda size: 3), name="number")
    with pytest.raises(transnet.errors.InvalidMedia):
        extractor.extract(Reader(lambda size: b""), name="empty")

    class Lost(io.BytesIO):
        def tell(self):
            return None

    with pytest.raises(TypeError, match=r"tell\(\) must be a whole number, not None"):
        extractor.extract(Lost(b"bytes"), name="lost")
    with pytest.raises(transnet.errors.InvalidMedia):
        extractor.extract(b"", name="empty")


@pytest.mark.parametrize("video", [None, 3, [], object()])
def test_what_is_no_video(extractor, video):
    with pytest.raises(TypeError, match="a path, bytes, or an object with read"):
        extractor.extract(video, name="name")


def test_errors_are_those_of_python(extractor, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"missing.mp4") as caught:
        extractor.extract(tmp_path / "missing.mp4")
    assert isinstance(caught.value, transnet.Error)
    assert caught.value.code == "not_found"
    restored = pickle.loads(pickle.dumps(caught.value))
    assert type(restored) is type(caught.value)
    assert str(restored) == str(caught.value)
    with pytest.raises(OSError, match=str(tmp_path)):
        extractor.extract(tmp_path)
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(ValueError, match=r"text\.mp4") as caught:
        extractor.extract(tmp_path / "text.mp4")
    assert caught.value.code == "invalid_media"
    with pytest.raises(FileNotFoundError, match="setup_on_node"):
        transnet.ClipExtractor(model_dir=tmp_path).extract("video.mp4")
    (tmp_path / "bad.pth").write_bytes(b"x" * 1000)
    with pytest.raises(transnet.errors.BadWeights):
        transnet.ClipExtractor(weights=tmp_path / "bad.pth").setup()


def test_a_video_that_breaks_off(extractor, bikes, tmp_path, ffmpeg):
    stream = tmp_path / "bikes.mkv"
    ffmpeg("-i", bikes, "-c", "copy", stream)
    found = extractor.extract(stream.read_bytes()[: stream.stat().st_size * 2 // 3], name="broken")
    assert found.status == "partial"
    assert found.failure.code == "invalid_media"
    assert 30 < found.frame_count < 250
    assert "good up to frame" in found.failure.message


def test_options_are_those_of_the_library():
    options = transnet.ClipExtractor().options
    # The reference's fields and defaults, from its source.
    expected = {
        "model_dir": None,
        "threshold": 0.4,
        "min_length_s": 2.0,
        "max_length_s": 10.0,
        "max_length_mode": "stride",
        "crop_s": 0.5,
        "entire_scene_as_clip": True,
        "gpu_memory_gb": 10.0,
        "limit_clips": -1,
        "verbose": False,
        "name": "transnetv2_clip_extraction",
    }
    assert expected.items() <= options.items()
    for name in options:
        assert f"    {name} (" in transnet.ClipExtractor.__doc__ or name == "model"


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"treshold": 0.3}, TypeError, "'treshold'. Did you mean 'threshold'"),
        ({"min_length": 3}, TypeError, "Did you mean 'min_length_s'"),
        ({"zzz": 3}, TypeError, "unexpected keyword argument 'zzz'"),
        ({"threshold": 1.5}, ValueError, "threshold is 1.5"),
        ({"threshold": float("nan")}, ValueError, "threshold is nan"),
        ({"threshold": "0.4"}, TypeError, "threshold must be a number, not '0.4'"),
        ({"threshold": b"0.4"}, TypeError, "threshold must be a number, not b'0.4'"),
        ({"threshold": bytearray(b"1")}, TypeError, "threshold must be a number, not bytearray"),
        ({"threshold": np.bool_(True)}, TypeError, "threshold must be a number, not True"),
        ({"decoder": "\udcff"}, ValueError, r"decoder is '\\udcff'"),
        ({"device": "\udcff"}, ValueError, r"device is '\\udcff'"),
        ({"max_length_mode": "\udcff"}, ValueError, r"max_length_mode is '\\udcff'"),
        ({"profile": None}, TypeError, "profile must be 'reference' or 'accurate', not None"),
        ({"profile": "\udcff"}, ValueError, "profile is"),
        ({"model": red, "weights": "a.pth"}, ValueError, "weights has no effect with a model that is loaded"),
        ({"model": red, "second_weights": "a.pth"}, ValueError, "second_weights has no effect"),
        ({"model": red, "model_dir": "a"}, ValueError, "model_dir has no effect"),
        ({"model": red, "device": "cpu"}, ValueError, "device has no effect"),
        ({"model": red, "precision": "fp32"}, ValueError, "precision has no effect"),
        ({"model": red, "gpu_memory_gb": 1}, ValueError, "gpu_memory_gb has no effect"),
        ({"threshold": True}, TypeError, "threshold must be a number, not True"),
        ({"threshold": None}, TypeError, "threshold must be a number, not None"),
        ({"frame_step": 1.5}, TypeError, "frame_step must be a whole number, not 1.5"),
        ({"frame_step": 0}, ValueError, "frame_step is 0"),
        ({"limit_clips": 2**70}, ValueError, "too large"),
        ({"threads": 2**40}, ValueError, "too large"),
        ({"verbose": 1}, TypeError, "verbose must be True or False, not 1"),
        ({"max_length_mode": "cut"}, ValueError, "'stride' or 'truncate'"),
        ({"max_length_mode": 3}, TypeError, "'stride' or 'truncate', not 3"),
        ({"device": "gpu"}, ValueError, "gpu"),
        ({"model": "yolo"}, ValueError, "'transnetv2' or 'autoshot'"),
        ({"model": 3}, TypeError, "model must be"),
        ({"weights": 3}, TypeError, "int"),
    ],
)
def test_options_are_checked(options, error, text):
    with pytest.raises(error, match=text):
        transnet.ClipExtractor(**options)


def test_numbers_of_numpy_are_numbers(beginning):
    transnet.ClipExtractor(threshold=np.float32(0.5), min_length_s=1, frame_step=np.int64(2), verbose=np.bool_(False))
    predictions = transnet.VideoPredictions.from_probabilities([0.5], 25, video="v")
    words = {"threshold": np.array(0.5), "entire_scene_as_clip": np.bool_(True)}
    assert transnet.find_clips(predictions, snap_frames=np.int32(3), **words).transitions == ()
    with pytest.raises(TypeError, match="threshold must be a number, not True"):
        transnet.find_clips(predictions, threshold=np.bool_(True))
    assert transnet.read_frames(beginning, start_s=np.float32(1)).first_frame == 25


def test_decisions_without_the_network(predictions, clips):
    assert predictions.single.shape == predictions.many_hot.shape == predictions.starts_s.shape == (250,)
    assert predictions.single.dtype == np.float32
    assert [i for i in range(250) if predictions.single[i] > 0.4] == CUTS
    assert np.array_equal(predictions.starts_s, np.arange(250) / 25)
    again = pickle.loads(pickle.dumps(predictions))
    assert transnet.find_clips(again, min_length_s=0.5).clips == clips.clips
    assert transnet.find_clips(predictions, threshold=1.0).transitions == ()
    with pytest.raises(TypeError, match=r"find_clips.*'treshold'.*'threshold'"):
        transnet.find_clips(predictions, treshold=1.0)
    for wrong in (None, predictions.single):
        with pytest.raises(TypeError, match=r"predictions must be VideoPredictions, not .*: ClipExtractor\.predict gives"):
            transnet.find_clips(wrong)


def test_decisions_about_an_array(predictions, bikes, clips):
    both = np.stack([predictions.single, predictions.many_hot], axis=1)
    for array in (predictions.single, predictions.single.tolist(), both):
        made = transnet.VideoPredictions.from_probabilities(array, 25, video=str(bikes))
        found = transnet.find_clips(made, min_length_s=0.5)
        assert found.clips == clips.clips
        assert found.duration_s == clips.duration_s
    soft = {"many_hot_threshold": 0.1, "min_length_s": 0.5}
    assert transnet.find_clips(made, **soft).transitions == transnet.find_clips(predictions, **soft).transitions
    assert transnet.find_clips(transnet.VideoPredictions.from_probabilities([], 25, video="v")).frame_count == 0
    for array, rate, error, text in [
        ([0.1, 1.5], 25, ValueError, "between 0 and 1"),
        ([float("nan")], 25, ValueError, "between 0 and 1"),
        ([[0.1, 0.2, 0.3]], 25, ValueError, r"\[n\] or \[n, 2\], not \[1, 3\]"),
        (["0.1"], 25, TypeError, "array of numbers, not list"),
        (predictions, 25, TypeError, "array of numbers, not VideoPredictions"),
        ([0.1], 0, ValueError, "framerate must be a number above 0, not 0"),
    ]:
        with pytest.raises(error, match=text):
            transnet.VideoPredictions.from_probabilities(array, rate, video="v")


def test_an_array_is_no_video(extractor, beginning):
    with pytest.raises(TypeError, match="not an array: a ShotStream takes frames"):
        extractor.extract(np.zeros((5, 27, 48, 3), np.uint8), name="v")
    whole = np.fromfile(beginning, np.uint8)
    assert extractor.extract(whole, name="beginning.mp4").frame_count == 50


def test_shots_begin_on_given_frames(extractor, bikes, predictions):
    """The video's own cuts are at 30, 76, 137, 187 and 242."""

    def begins(found):
        return [shot.start_frame for shot in found.shots]

    found = extractor.extract(bikes, snap_to=np.array([0, 32, 76, 130]))
    assert begins(found) == [0, 32, 76, 130, 187, 242]
    assert found.snapped == transnet.BorderSnapCounts(moved=2, elsewhere=2)
    assert found.to_dict()["snapped"] == {"moved": 2, "elsewhere": 2}
    assert begins(transnet.find_clips(predictions, snap_to=iter([32, 130]), snap_frames=2)) == [0, 32, 76, 137, 187, 242]
    assert transnet.find_clips(predictions).snapped is None
    with pytest.raises(transnet.errors.InvalidArgument, match="frame 7 follows frame 7"):
        extractor.extract(bikes, snap_to=[7, 7])
    with pytest.raises(TypeError, match="float"):
        transnet.find_clips(predictions, snap_to=[1.5])


def test_decisions_keep_the_unit_of_the_stamps(weights, tmp_path, ffmpeg, beginning):
    """Every other frame is half a millisecond late: less than the unit of other containers, but not of this one."""
    video = tmp_path / "late.mp4"
    late = ["-vf", "settb=1/90000,setpts=N*3600+45*mod(N\\,2)", "-fps_mode", "passthrough", "-enc_time_base", "1:90000"]
    ffmpeg("-i", beginning, *late, "-video_track_timescale", "90000", "-c:v", "libx264", "-an", video)
    extractor = transnet.ClipExtractor(weights=weights, min_length_s=0.5, crop_s=0)
    found = extractor.extract(video)
    assert not found.is_constant_rate
    assert len(found.clips) == 2
    predictions = pickle.loads(pickle.dumps(extractor.predict(video)))
    again = transnet.find_clips(predictions, min_length_s=0.5, crop_s=0)
    assert not again.is_constant_rate
    assert again.clips == found.clips


def test_times_of_a_variable_rate(extractor, tmp_path, ffmpeg, bikes):
    """Frame times are those that ffprobe prints, also after a journey through pickle."""
    video = tmp_path / "variable.mkv"
    ffmpeg("-i", bikes, "-vf", "select='lt(n,100)+not(mod(n,3))',setpts=PTS", "-fps_mode", "vfr", "-c:v", "mpeg4", video)
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=best_effort_timestamp_time"]
    answer = subprocess.run([*command, "-of", "csv=p=0", video], check=True, stdout=subprocess.PIPE, text=True).stdout
    stamps = np.array([float(line.strip(",")) for line in answer.split()])
    predictions = pickle.loads(pickle.dumps(extractor.predict(video)))
    assert not predictions.is_constant_rate
    assert np.allclose(predictions.starts_s, stamps - stamps[0], atol=1e-9)
    found = extractor.extract(video)
    assert transnet.find_clips(predictions, min_length_s=0.5).clips == found.clips
    assert not found.is_constant_rate
    assert len(found.clips) >= 3
    for clip in found.clips:
        assert clip.start_s == pytest.approx(stamps[clip.start_frame] - stamps[0], abs=1e-9)


def test_results_are_values(clips):
    assert copy.deepcopy(clips) == clips
    assert pickle.loads(pickle.dumps(clips)) == clips
    assert hash(clips.clips[0]) == hash(pickle.loads(pickle.dumps(clips.clips[0])))
    assert "start_s=" in repr(clips.clips[0])
    plain = json.loads(json.dumps(clips.to_dict()))
    assert plain["clips"][0]["uuid"] == str(clips.clips[0].uuid)
    with pytest.raises(AttributeError):
        clips.clips[0].start_s = 3


def test_extractors_can_be_pickled(extractor, beginning):
    expected = extractor.extract(beginning)
    for copied in (pickle.loads(pickle.dumps(extractor)), copy.deepcopy(extractor)):
        assert copied.options == extractor.options
        assert copied.extract(beginning) == expected
    assert "min_length_s=0.5" in repr(extractor)


class Mine(transnet.ClipExtractor):
    def __init__(self, file):
        super().__init__(weights=file)
        self.file = file


def test_a_copy_is_of_the_same_class_and_finds_its_weights(weights, beginning, tmp_path, monkeypatch):
    (tmp_path / "weights.pth").symlink_to(weights.resolve())
    monkeypatch.chdir(tmp_path)
    mine = Mine("weights.pth")
    assert mine.options["weights"] == "weights.pth"
    monkeypatch.chdir("/")
    copied = pickle.loads(pickle.dumps(mine))
    assert type(copied) is Mine
    assert copied.file == "weights.pth"
    assert copied.extract(beginning) == mine.extract(beginning)


def test_progress(extractor, beginning):
    calls = []
    extractor.extract(beginning, progress=lambda done, expected: calls.append((done, expected)))
    assert calls[-1] == (50, 50)
    assert calls == sorted(calls)
    with pytest.raises(Broken):
        extractor.extract(beginning, progress=lambda done, expected: raise_broken())
    with pytest.raises(TypeError, match="progress"):
        extractor.extract(beginning, progress=3)


def raise_broken():
    raise Broken


def test_progress_of_tqdm(extractor, beginning, capsys):
    pytest.importorskip("tqdm")
    extractor.extract(beginning, progress=True)
    assert "50/50" in capsys.readouterr().err


def test_a_function_as_the_network(bikes, raw_frames):
    found = transnet.ClipExtractor(model=red, threshold=0.5).predict(bikes)
    expected = raw_frames(bikes)[:, 0, 0, 0].astype(np.float32) / np.float32(255)
    assert np.array_equal(found.single, expected)
    assert found.many_hot is None

    def both(windows):
        return red(windows)[:, :, None], 1 - red(windows)

    both.has_many_hot = True
    both.windows_per_call = 3
    found = transnet.ClipExtractor(model=both).predict(bikes)
    assert np.array_equal(found.single, expected)
    assert np.array_equal(found.many_hot, 1 - expected)


def test_a_network_with_frames_of_another_size(bikes, ffmpeg):
    raw = ffmpeg("-i", bikes, "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "96x54", "-")
    frames = np.frombuffer(raw, np.uint8).reshape(-1, 54, 96, 3)
    expected = frames[:, -1, -1, 0].astype(np.float32) / np.float32(255)
    assert np.array_equal(transnet.read_frames(bikes, frame_size=(96, 54)).frames, frames)

    def last_red(windows):
        assert windows.shape[1:] == (100, 54, 96, 3)
        return windows[:, :, -1, -1, 0] / np.float32(255)

    last_red.frame_size = (96, 54)
    assert np.array_equal(transnet.ClipExtractor(model=last_red).predict(bikes).single, expected)
    model = transnet.ShotModel.from_function(last_red)
    assert model.info.frame_size == (96, 54)
    assert np.array_equal(transnet.get_probabilities(model, frames), expected)
    windows = list(transnet.get_batches(frames, frame_size=(96, 54)))
    assert [window.shape for window in windows] == [(100, 54, 96, 3)] * 5
    assert np.array_equal(np.concatenate([model.predict(window[None]).single[0, 25:75] for window in windows]), expected)
    with pytest.raises(ValueError, match=r"shape \[n, 54, 96, 3\]"):
        transnet.get_probabilities(model, frames[:, :27, :48])
    extracted = transnet.ClipExtractor(model=last_red).extract(bikes)
    assert extracted.made_by.model.frame_size == (96, 54)
    assert not any("frame_" in name and "step" not in name for name in extracted.made_by.options if name != "margin_frames")
    with pytest.raises(TypeError, match="frame_size"):
        transnet.ClipExtractor(model=last_red, frame_size=(96, 54))


@pytest.mark.parametrize("size", [5, (96,), (96, 54, 3), "ab", (96.5, 54), ("96", "54"), {96: 1, 54: 2}, (10**30, 54)])
def test_a_frame_size_that_is_none(size, bikes):
    for call in (
        lambda: transnet.ShotModel.from_function(red, frame_size=size),
        lambda: list(transnet.get_batches(np.zeros((1, 27, 48, 3), np.uint8), frame_size=size)),
        lambda: transnet.read_frames(bikes, frame_size=size),
    ):
        with pytest.raises(TypeError, match=r"frame_size must be \(width, height\)"):
            call()


@pytest.mark.parametrize("size", [(0, 54), (96, -1), (513, 54)])
def test_a_frame_size_out_of_range(size):
    with pytest.raises(ValueError, match=r"frame_size .*: expected sides of 1 to 512 pixels"):
        transnet.ShotModel.from_function(red, frame_size=size)


@pytest.mark.parametrize(
    ("function", "error", "text"),
    [
        (lambda windows: windows, ValueError, "1 window of 100 frames"),
        (lambda windows: None, (TypeError, ValueError), None),
        (lambda windows: "text", (TypeError, ValueError), None),
        (lambda windows: raise_broken(), Broken, None),
        (lambda windows, other: windows, TypeError, "other"),
    ],
)
def test_bad_functions_as_the_network(function, error, text, bikes):
    with pytest.raises(error, match=text):
        transnet.ClipExtractor(model=function).extract(bikes)


def test_warnings_reach_the_log(extractor, bikes, caplog, weights):
    with caplog.at_level(logging.INFO, "transnet"):
        transnet.ClipExtractor(weights=weights, verbose=True, min_length_s=9).extract(bikes)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "no clip" in caplog.text


def test_frames_are_those_of_ffmpeg(bikes, raw_frames):
    video = transnet.read_frames(bikes, timing="constant-rate")
    assert np.array_equal(video.frames, raw_frames(bikes))
    assert np.array_equal(video.times_s, np.arange(250) / 25)
    assert video.metadata.num_frames == 250
    assert video.error is None
    part = transnet.read_frames(bikes, timing="constant-rate", start_s=4, end_s=9)
    assert part.first_frame == 100
    assert np.array_equal(part.frames, video.frames[100:225])
    assert np.array_equal(part.times_s, video.times_s[100:225])
    for options in ({"start_s": 20}, {"start_s": 4.01, "end_s": 4.02}):
        text = rf"bikes\.mp4: no frame starts at {options['start_s']} s or later"
        for call in (transnet.read_frames, transnet.ClipExtractor(model=red, **options).extract):
            with pytest.raises(transnet.errors.InvalidArgument, match=text + ".*: the video lasts 10 s"):
                call(bikes, **(options if call is transnet.read_frames else {}))
    with pytest.raises(TypeError, match=r"'timming'. Did you mean 'timing'"):
        transnet.read_frames(bikes, timming="constant-rate")


def test_stage_attributes():
    assert transnet.ClipExtractor.inputs() == (["data"], [])
    assert transnet.ClipExtractor.outputs() == (["data"], ["clips.extracted_frames"])


def test_profiles():
    """A profile is no more than options: the command names them in its results."""
    assert transnet.ClipExtractor(profile="reference").options == transnet.ClipExtractor().options
    found = transnet.ClipExtractor(profile="accurate").options
    command = [sys.executable, "-m", "transnet", "clips", "--profile", "accurate", "--print-config"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    stated = dict(line.split(" = ", 1) for line in lines if " = " in line)
    assert found["model"] == stated["model"].strip('"')
    assert found["threshold"] == float(stated["threshold"])
    assert found["many_hot_threshold"] == float(stated["many-hot-threshold"])
    assert found["second_look"] is True
    mine = transnet.ClipExtractor(profile="accurate", model="transnetv2", threshold=0.5).options
    assert (mine["model"], mine["threshold"], mine["many_hot_threshold"]) == (
        "transnetv2",
        0.5,
        found["many_hot_threshold"],
    )
    with pytest.raises(transnet.errors.InvalidArgument, match="'reference' or 'accurate'"):
        transnet.ClipExtractor(profile="best")
