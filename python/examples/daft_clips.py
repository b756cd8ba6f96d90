# SPDX-License-Identifier: Apache-2.0
"""Clips in a data frame of Daft, a row each: daft_clips.py VIDEO...

A video that crashes, hangs or fills the memory fails alone, because each worker has its network in a child process. Needs:
pip install daft
"""

import sys

import daft
from daft import DataType

import transnet

CLIP = DataType.struct(
    {"uuid": DataType.string(), "start_frame": DataType.int64(), "start_s": DataType.float64(), "end_s": DataType.float64()}
)
FOUND = DataType.struct({"error": DataType.string(), "clips": DataType.list(CLIP)})


@daft.cls(max_concurrency=2)
class FindClips:
    """Each worker loads the network once."""

    def __init__(self) -> None:
        self.extractor = transnet.IsolatedExtractor(max_video_s=600, threads=1, min_length_s=1.0, crop_s=0.25)

    @daft.method(return_dtype=FOUND)
    def __call__(self, video: str) -> dict[str, object]:
        try:
            clips = self.extractor.extract(video).clips
        except Exception as error:  # of transnet or of a store; no video may end the query
            return {"error": f"{type(error).__name__}: {error}", "clips": []}
        names = ("start_frame", "start_s", "end_s")
        return {"error": None, "clips": [{"uuid": str(c.uuid), **{n: getattr(c, n) for n in names}} for c in clips]}


def main() -> None:
    transnet.fetch_weights()  # once a machine
    videos = daft.from_pydict({"video": sys.argv[1:]})
    found = videos.with_column("found", FindClips()(videos["video"])).collect()
    error, clips = found["found"].get("error"), found["found"].get("clips")
    found.where(error.not_null()).select("video", error).show()
    found.select("video", clips.alias("clip")).explode("clip").select("video", daft.col("clip").unnest()).show(20)


if __name__ == "__main__":
    main()
