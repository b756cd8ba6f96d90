#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two workers of Ray against two processes of the command, with one thread each: how much does a cluster cost?

    bench/cluster.py COMMAND WEIGHTS VIDEO [--videos 20] [--repeat 10] [--rounds 1]

COMMAND is build/bin/transnet. VIDEO is repeated without a new encoding, and processed under as many names as --videos says:
by `transnet.ray.extract_clips`, and by two processes of `transnet clips --shard`. A ratio is processes / Ray, so that 1 means
that Ray costs nothing. The start of Ray's workers does not count: the time of a run over two short videos is subtracted from
both. Run it with a Python that has transnet and ray[data], as scripts/test_ray.sh makes it, on an idle machine of two cores.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq
import ray

import transnet.ray

OPTIONS = {"min_length_s": 0.5, "crop_s": 0.0}


def repeated(video: str, times: int, target: Path) -> Path:
    words = ["ffmpeg", "-nostdin", "-v", "error", "-stream_loop", str(times - 1), "-i", video, "-map", "0:v:0", "-c", "copy"]
    subprocess.run([*words, target], check=True)
    return target


def linked(video: Path, count: int, folder: Path) -> list[str]:
    folder.mkdir()
    names = [folder / f"{number:03}{video.suffix}" for number in range(count)]
    for name in names:
        name.symlink_to(video)
    return [str(name) for name in names]


def seconds_of_processes(command: str, weights: str, videos: list[str], folder: Path) -> float:
    words = [command, "clips", "--weights", weights, "--threads", "1", "--jobs", "1", "--quiet"]
    for name, value in OPTIONS.items():
        words += [f"--{name.replace('_', '-')}", str(value)]
    begin = time.monotonic()
    processes = [
        subprocess.Popen([*words, "--shard", f"{part}/2", "-o", folder / f"{part}.jsonl", *videos]) for part in (1, 2)
    ]
    if any(process.wait() != 0 for process in processes):
        sys.exit("transnet clips failed")
    return time.monotonic() - begin


def seconds_of_ray(weights: str, videos: list[str], folder: Path) -> float:
    begin = time.monotonic()
    summary = transnet.ray.extract_clips(videos, str(folder), workers=2, cpus_per_worker=1, weights=weights, **OPTIONS)
    elapsed_s = time.monotonic() - begin
    if summary.complete != len(videos):
        sys.exit(f"transnet.ray: {summary}")
    return elapsed_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command")
    parser.add_argument("weights")
    parser.add_argument("video")
    parser.add_argument("--videos", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    ray.init(num_cpus=2, include_dashboard=False, logging_level="error", _node_ip_address="127.0.0.1")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        videos = linked(repeated(options.video, options.repeat, work / "long.mp4"), options.videos, work / "videos")
        short = linked(Path(options.video).resolve(), 2, work / "short")
        ratios = []
        for number in range(options.rounds):
            of_both = []
            for kind, run in (
                ("processes", lambda *words: seconds_of_processes(options.command, options.weights, *words)),
                ("Ray", lambda *words: seconds_of_ray(options.weights, *words)),
            ):
                seconds = []
                for length, names in (("short", short), ("long", videos)):
                    folder = work / f"{length}-{kind}-{number}"
                    folder.mkdir()
                    seconds.append(run(names, folder))
                print(f"{kind}: {seconds[1]:.1f} s, and {seconds[0]:.1f} s for two short videos", flush=True)
                of_both.append(seconds[1] - seconds[0])
            ratios.append(of_both[0] / of_both[1])
            rows = pq.read_table(work / f"long-Ray-{number}" / "videos").num_rows
            assert rows == options.videos
        ray.shutdown()
    print(f"processes / Ray: {statistics.median(ratios):.3f} ({min(ratios):.3f} .. {max(ratios):.3f})")


if __name__ == "__main__":
    main()
