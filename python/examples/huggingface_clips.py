# SPDX-License-Identifier: Apache-2.0
"""Clips of the videos of a Hugging Face dataset: huggingface_clips.py VIDEO...

The videos come as paths, or as bytes inside of the dataset; `decode=False` leaves the decoding to transnet. Needs:
pip install datasets
"""

import sys
from typing import Any

from datasets import Dataset, Features, List, Value, Video

import transnet

CLIP = {"uuid": Value("string"), "start_frame": Value("int64"), "start_s": Value("float64"), "end_s": Value("float64")}


class FindClips:
    """A new process of `Dataset.map(num_proc=...)` loads the network again."""

    def __init__(self) -> None:
        self.extractor = transnet.ClipExtractor(min_length_s=1.0, crop_s=0.25, threads=1)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        video = row["video"]
        result = self.extractor.extract(video["bytes"] or video["path"], name=video["path"] or "video")
        return {"clips": [{name: clip.to_dict()[name] for name in CLIP} for clip in result.clips]}


def main() -> None:
    transnet.fetch_weights()  # once a machine
    dataset = Dataset.from_dict({"video": sys.argv[1:]}, features=Features({"video": Video(decode=False)}))
    features = Features({**dataset.features, "clips": List(CLIP)})
    for row in dataset.map(FindClips(), features=features, num_proc=2 if len(dataset) > 1 else None):
        for clip in row["clips"]:
            print(row["video"]["path"], clip["start_frame"], clip["start_s"], clip["end_s"], clip["uuid"])


if __name__ == "__main__":
    main()
