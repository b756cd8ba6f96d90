#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a cluster needs for a number of videos, from the speed of one core, and a simulation of the run.

    scripts/size_cluster.py --videos 1000000 --minutes 4 --workers 512 --frames-per-s 124 --mbit-per-s 6

The lengths of the videos are log-normal with the given mean and spread. A share of the videos fails at once, a smaller share
hangs until its limit, and workers die at random and repeat their video. Python's standard library is enough.
"""

import argparse
import heapq
import math
import random


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--videos", type=int, default=1_000_000, help="default: %(default)s")
    add("--minutes", type=float, default=4.0, help="mean length of a video; default: %(default)s")
    add("--spread", type=float, default=1.2, help="sigma of the logarithm of the length; default: %(default)s")
    add("--fps", type=float, default=30.0, help="frames per second of the videos; default: %(default)s")
    add("--mbit-per-s", type=float, default=6.0, help="bit rate of the videos; default: %(default)s")
    add("--workers", type=int, default=512, help="single-threaded workers; default: %(default)s")
    add("--frames-per-s", type=float, default=124.0, help="of one worker, as measured; default: %(default)s (1080p)")
    add("--overhead-s", type=float, default=0.05, help="of Ray and the store for each video; default: %(default)s")
    add("--bad", type=float, default=0.01, help="share of videos that fail at once; default: %(default)s")
    add("--hanging", type=float, default=1e-5, help="share of videos that hang; default: %(default)s")
    add("--max-video-s", type=float, default=3600.0, help="limit of a hanging video; default: %(default)s")
    add("--deaths-per-day", type=float, default=0.2, help="of one worker; default: %(default)s")
    add("--memory-mb", type=float, default=350.0, help="of one worker; default: %(default)s")
    add("--kb-per-video", type=float, default=6.0, help="of the results; default: %(default)s")
    add("--videos-per-file", type=int, default=100, help="default: %(default)s")
    add("--longest-first", action="store_true", help="the manifest is sorted by length")
    add("--seed", type=int, default=1)
    return parser.parse_args()


def simulate(options: argparse.Namespace) -> None:
    rng = random.Random(options.seed)
    mean_of_log = math.log(60 * options.minutes) - options.spread**2 / 2
    lengths_s = [rng.lognormvariate(mean_of_log, options.spread) for _ in range(options.videos)]
    if options.longest_first:
        lengths_s.sort(reverse=True)
    free_at = [0.0] * options.workers  # a heap
    busy_s = repeated_s = 0.0
    failed = deaths = 0
    for length_s in lengths_s:
        draw = rng.random()
        work_s = length_s * options.fps / options.frames_per_s
        if draw < options.bad:
            work_s, failed = 0.0, failed + 1
        elif draw < options.bad + options.hanging:
            work_s, failed = options.max_video_s, failed + 1
        work_s += options.overhead_s
        lost_s = 0.0
        while (until_death_s := rng.expovariate(options.deaths_per_day / 86400)) < work_s:
            lost_s += until_death_s
            deaths += 1
        start_s = heapq.heappop(free_at)
        heapq.heappush(free_at, start_s + lost_s + work_s)
        busy_s += work_s
        repeated_s += lost_s
    end_s = max(free_at)
    first_idle_s = min(free_at)
    files = math.ceil(options.videos / options.videos_per_file)
    hours = sum(lengths_s) / 3600
    print(f"{hours:,.0f} hours of video, the longest {max(lengths_s) / 3600:.1f} hours")
    print(f"{busy_s / 3600:,.0f} core-hours; {end_s / 3600:.1f} hours on {options.workers} workers")
    print(f"{100 * busy_s / (end_s * options.workers):.1f} % of the workers' time is used;", end=" ")
    print(f"the first worker is idle {(end_s - first_idle_s) / 60:.0f} minutes before the end")
    print(f"{failed:,} videos failed; {deaths:,} deaths of workers repeated {repeated_s / 3600:,.1f} core-hours")
    print(f"{hours * 3600 * options.mbit_per_s / 1000 / end_s:.1f} Gbit/s are read;", end=" ")
    print(f"{options.videos / end_s:.0f} videos a second pass the driver")
    print(f"{options.workers * options.memory_mb / 1000:,.0f} GB of memory for the workers;", end=" ")
    print(f"{options.videos * options.kb_per_video / 1e6:.1f} GB of results in 2 x {files:,} files")


if __name__ == "__main__":
    simulate(arguments())
