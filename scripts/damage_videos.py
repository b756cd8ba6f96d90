#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Feeds damaged videos to the command: each must end in time as complete, partial or failed, never in a crash.

    scripts/damage_videos.py [COUNT] [--command build-asan/bin/transnet] [--seed N] [--keep DIR]

Needs the ffmpeg command, which makes the videos that are damaged: flipped bits, cut ends, cut starts, removed, repeated
and foreign pieces. Meant for a build with sanitizers (`cmake --workflow --preset asan`). The same seed damages in the same
way. A video that breaks a promise is written to the folder of --keep.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent
# It answers at once, with a frame's first red value: the network is not what is tested here.
MODEL = PROJECT / "tests/data/reference/known_model.pt"
RECIPES = {
    "mp4": ["-c:v", "libx264", "-bf", "2", "-g", "12"],
    "mkv": ["-c:v", "mpeg4"],
    "webm": ["-c:v", "libvpx", "-deadline", "realtime"],
    "ts": ["-c:v", "mpeg2video"],
    "avi": ["-c:v", "mjpeg"],
    "flv": ["-c:v", "flv"],
    "gif": [],
    "nut": ["-c:v", "ffv1"],
    "mov": ["-c:v", "prores"],
}
BATCH = 25
SECONDS_PER_FILE = 20


def make_videos(folder):
    videos = []
    for name, options in RECIPES.items():
        file = folder / f"whole.{name}"
        source = "testsrc2=size=96x64:rate=25:duration=1"
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", source, *options, file], check=True)
        videos.append(file.read_bytes())
    return videos


def damage(video, videos, rng):
    data = bytearray(video)
    for _ in range(rng.choice([1, 1, 2, 4])):
        if not data:
            break
        at = rng.randrange(len(data))
        length = min(rng.choice([1, 16, 188, 1024, 8192]), len(data) - at)
        kind = rng.randrange(7)
        if kind == 0:  # bits, more of them in the headers
            for _ in range(rng.choice([1, 8, 64])):
                where = rng.randrange(min(512, len(data))) if rng.random() < 0.5 else rng.randrange(len(data))
                data[where] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del data[at:]
        elif kind == 2:
            del data[: min(at, 4096)]
        elif kind == 3:
            del data[at : at + length]
        elif kind == 4:
            data[at:at] = data[at : at + length] * rng.choice([1, 2, 50])
        elif kind == 5:
            other = rng.choice(videos)
            start = rng.randrange(len(other))
            data[at : at + length] = other[start : start + length]
        else:
            data[at : at + length] = bytes([rng.choice([0x00, 0x7F, 0xFF])]) * length
    return bytes(data)


def run(command, files):
    """The lines of JSON, and what is wrong with the run as a whole; empty: nothing."""
    words = [command, "clips", "--weights", MODEL, "--threads", "1", "--format", "jsonl", *files]
    try:
        done = subprocess.run(words, capture_output=True, timeout=SECONDS_PER_FILE * len(files), check=False)
    except subprocess.TimeoutExpired:
        return [], "it did not end in time"
    errors = done.stderr.decode(errors="replace")
    if "Sanitizer" in errors or "runtime error:" in errors:
        return [], errors
    if done.returncode not in (0, 1, 3):
        return [], f"exit status {done.returncode}: {errors}"
    return [json.loads(line) for line in done.stdout.splitlines()], ""


def broken_promise(answer):
    if answer["status"] not in ("complete", "partial", "failed"):
        return f"status {answer['status']}"
    if answer["status"] == "failed":
        if not answer["error"]["message"] or answer["error"]["code"] == "internal":
            return f"error {answer['error']}"
        return ""
    if answer["frame_count"] == 0:
        return "an empty success"
    if not answer["clips"] and not answer["warnings"]:
        return "no clip and no reason"
    end_s = 0.0
    for clip in answer["clips"]:
        if not end_s <= clip["start_s"] < clip["end_s"]:
            return f"clip {clip}"
        end_s = clip["end_s"]
    return ""


def findings(command, files):
    answers, problem = run(command, files)
    if not problem and len(answers) == len(files):
        named = [(file, broken_promise(answer)) for file, answer in zip(files, answers, strict=True)]
        return answers, [(file, text) for file, text in named if text]
    if len(files) == 1:
        return answers, [(files[0], problem or f"{len(answers)} answers for one file")]
    alone = [findings(command, [file]) for file in files]
    return [answer for part, _ in alone for answer in part], [finding for _, found in alone for finding in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=2000)
    parser.add_argument("--command", type=pathlib.Path, default=PROJECT / "build-asan/bin/transnet")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, default=PROJECT / "build-asan/damaged")
    arguments = parser.parse_args()

    rng = random.Random(arguments.seed)
    statuses = {}
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        videos = make_videos(folder)
        for first in range(0, arguments.count, BATCH):
            files = []
            for number in range(first, min(first + BATCH, arguments.count)):
                files.append(folder / f"{number:05}")
                files[-1].write_bytes(damage(rng.choice(videos), videos, rng))
            answers, problems = findings(arguments.command, files)
            for answer in answers:
                statuses[answer["status"]] = statuses.get(answer["status"], 0) + 1
            for file, text in problems:
                arguments.keep.mkdir(parents=True, exist_ok=True)
                (arguments.keep / file.name).write_bytes(file.read_bytes())
                print(f"{arguments.keep / file.name}: {text}", flush=True)
            found += problems
            for file in files:
                file.unlink()
    print(f"{arguments.count} damaged videos: {statuses}, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
