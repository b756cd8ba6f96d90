#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills batches at random moments, goes on with them, and compares with a run that nothing disturbed.

    scripts/kill_batches.py [KILLS] [--videos N] [--command build/bin/transnet] [--seed N] [--cache]

Needs the ffmpeg command, which makes the videos. Every batch is killed once, with SIGKILL, at a moment between its start and
the time that an undisturbed run takes; then the same command with --resume must end well, with one result for every video,
each equal to that of the undisturbed run, as lines in one file and as a file for each. A batch that is through before its
moment has come is no kill and begins again. --cache keeps the network's answers as well (docs/cache.md).
"""

import argparse
import collections
import json
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
# It answers at once, with a frame's first red value: the network is not what is tested here.
MODEL = PROJECT / "tests/data/reference/known_model.pt"


def make_videos(folder, count):
    videos = []
    for number in range(count):
        video = folder / f"{number:02}.mkv"
        source = (f"nullsrc=size=64x48:rate=25,format=gbrp,"
                  f"geq=r='mod(N*{91 + 2 * number},256)*eq(mod(N,{9 + number % 5}),2)':g=0:b=0")
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-frames:v",
                        str(100 + 20 * (number % 10)), "-c:v", "ffv1", video], check=True)
        videos.append(video)
    return videos


class Batch:
    """One command, whose outputs begin empty for every attempt."""

    def __init__(self, command, folder, videos, with_cache):
        self.folder = folder
        self.out = folder / "out"
        self.cache = folder / "cache"
        self.words = [command, "clips", "--weights", MODEL, "--min-length-s", "0.2", "--crop-s", "0.04", "--jobs", "2",
                      "--quiet", "--resume", "-o", "out/all.jsonl", "-o", "out/{stem}.csv", *videos]
        if with_cache:
            self.words += ["--cache", "cache"]

    def begin(self):
        for folder in (self.out, self.cache):
            shutil.rmtree(folder, ignore_errors=True)
        self.out.mkdir()

    def run(self):
        started = time.monotonic()
        subprocess.run(self.words, cwd=self.folder, check=True)
        return time.monotonic() - started

    def is_killed_after(self, seconds):
        process = subprocess.Popen(self.words, cwd=self.folder)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        return process.wait() == -signal.SIGKILL

    def done_before(self):
        """How many videos the part file holds, its torn last line aside."""
        part = self.out / "all.jsonl.part"
        return max(part.read_bytes().count(b"\n") - 1, 0) if part.exists() else 0

    def results(self):
        files = [file for file in self.out.iterdir() if not file.name.startswith(".transnet-")]
        return {file.name: without_elapsed(file.read_bytes()) for file in files if file.suffix != ".resume"}


def without_elapsed(result):
    """Two runs of one command take different times."""
    return re.sub(rb',"elapsed_s":[0-9.e-]+}', b"}", result)


def check(batch, expected, videos):
    found = batch.results()
    lines = [json.loads(line)["video"] for line in found["all.jsonl"].splitlines()]
    if lines != [str(video) for video in videos]:
        return f"{len(lines)} lines for {len(videos)} videos"
    if found.keys() != expected.keys():
        return f"other files: {sorted(found.keys() ^ expected.keys())}"
    different = [name for name, content in expected.items() if found[name] != content]
    return f"other results: {different}" if different else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kills", nargs="?", type=int, default=50)
    parser.add_argument("--videos", type=int, default=40)
    parser.add_argument("--command", type=pathlib.Path, default=PROJECT / "build/bin/transnet")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", action="store_true")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        videos = make_videos(folder, arguments.videos)
        batch = Batch(arguments.command.resolve(), folder, videos, arguments.cache)
        batch.begin()
        batch.run()
        batch.begin()  # the first run of a command is slower than others
        longest_s = batch.run()
        expected = batch.results()
        print(f"{len(videos)} videos, {longest_s:.2f} s undisturbed", flush=True)

        kills, too_late, failures = 0, 0, 0
        progress = collections.Counter()
        while kills < arguments.kills:
            batch.begin()
            moment_s = rng.uniform(0.0, longest_s)
            if not batch.is_killed_after(moment_s):
                too_late += 1
                longest_s = moment_s  # the machine is quicker than it was
                continue
            kills += 1
            done = batch.done_before()
            progress["none" if done == 0 else "all" if done >= len(videos) else "some"] += 1
            batch.run()
            problem = check(batch, expected, videos)
            if problem:
                failures += 1
                print(f"kill {kills} at {moment_s:.3f} s, {done} videos done: {problem}", flush=True)
        print(f"{kills} kills ({too_late} runs were through before): {progress['none']} before the first result, "
              f"{progress['some']} between results, {progress['all']} after the last; {failures} with another outcome")
        return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
