# SPDX-License-Identifier: Apache-2.0
"""Clips in a pipeline of NeMo Curator, on the CPU: nemo_clips.py FOLDER

Needs the ffprobe command, and: pip install "nemo-curator[video-cpu]"
"""

import sys

from nemo_curator.backends.ray_data import RayDataExecutor
from nemo_curator.core.client import RayClient
from nemo_curator.pipeline import Pipeline
from nemo_curator.stages.video.io.video_reader import VideoReader

from transnet.nemo import TransNetV2ClipExtractionStage


def main() -> None:
    client = RayClient()
    client.start()
    try:
        pipeline = Pipeline(name="clips")
        pipeline.add_stage(VideoReader(input_video_path=sys.argv[1]))
        # gpu_memory_gb=0: the reference asks for a part of a GPU, which a cluster without one never has.
        pipeline.add_stage(TransNetV2ClipExtractionStage(min_length_s=1.0, crop_s=0.25, gpu_memory_gb=0, cpus=1))
        for task in pipeline.run(RayDataExecutor()):
            print(task.data.input_video, [clip.span for clip in task.data.clips])
    finally:
        client.stop()


if __name__ == "__main__":
    main()
