# SPDX-License-Identifier: Apache-2.0
"""Clips on a cluster of Ray: ray_clips.py MANIFEST OUTPUT

MANIFEST is a folder of videos, or a file (.parquet, .jsonl, .csv) with a column "video". Without RAY_ADDRESS in the
environment, a cluster is started on this machine. Needs: pip install "ray[data]"
"""

import sys

import pyarrow.parquet as pq

import transnet.ray


def main() -> int:
    manifest, output = sys.argv[1:]
    summary = transnet.ray.extract_clips(manifest, output, min_length_s=1.0, crop_s=0.25, max_video_s=600)
    print(f"{summary.complete} complete, {summary.failed} failed, {summary.skipped} done before, {summary.clips} clips")
    for row in pq.read_table(f"{output}/videos").to_pylist():
        print(row["id"], row["status"], row["error"] or [clip["start_frame"] for clip in row["clips"]])
    return 1 if summary.failed else 0


if __name__ == "__main__":
    sys.exit(main())
