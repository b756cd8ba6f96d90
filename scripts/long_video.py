#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Feeds the command videos of many hours: every cut must be found at its frame and its time, in memory that stays flat.

    scripts/long_video.py [HOURS] [--command build/bin/transnet] [--seed N]

Default: 10 hours at 25 frames a second, once at a constant rate and once with frames of 30 and of 40 ms, each against ten
minutes of the same. Frames are tiny and black; the last one of every shot is white, and the network is the known model of
the tests, which answers with a frame's first pixel: the cuts are known by construction, and so are all times. Needs the
ffmpeg command and, for 10 hours, some minutes and 200 MB of disk.
"""

import argparse
import itertools
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
MODEL = PROJECT / "tests/data/reference/known_model.pt"
SIZE = (48, 28)
RATE = 25
BLACK = bytes(SIZE[0] * SIZE[1])
WHITE = b"\xff" * len(BLACK)
MINUTES = 10  # of the short video
LONGEST_S = 10.0  # max_length_s by default
TOLERANCE_S = 1e-6
# The memory of the answer itself, which is kept to the end: a time stamp and two probabilities a frame, in arrays that double.
BYTES_A_FRAME = 3 * (8 + 4 + 4)


def shots(frame_count, rng):
    """Lengths of shots, in frames: without a period, and with cuts close to the end."""
    lengths = []
    left = frame_count
    while left > 4000:
        lengths.append(rng.randrange(2, 2000))
        left -= lengths[-1]
    while left > 12:
        lengths.append(max(2, left // 2))
        left -= lengths[-1]
    return lengths, left


def make(file, lengths, tail, variable):
    """Writes the video; the frames go through a pipe."""
    words = ["ffmpeg", "-v", "error", "-nostdin", "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{SIZE[0]}x{SIZE[1]}",
             "-r", str(RATE), "-i", "pipe:0"]
    if variable:  # 1,000 frames of 40 ms, 1,000 of 30 ms, and so on
        stamp = "floor(N/2000)*70000+min(mod(N,2000),1000)*40+max(mod(N,2000)-1000,0)*30"
        words += ["-vf", f"settb=1/1000,setpts='{stamp}'", "-vsync", "passthrough", "-enc_time_base", "1:1000"]
    words += ["-c:v", "mpeg4", "-g", "250", "-pix_fmt", "yuv420p", file]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as ffmpeg:
        for length in lengths:
            ffmpeg.stdin.write(BLACK * (length - 1) + WHITE)
        ffmpeg.stdin.write(BLACK * tail)
        ffmpeg.stdin.close()
        if ffmpeg.wait() != 0:
            raise RuntimeError(f"ffmpeg could not make {file}")


def time_s(frame, variable):
    if not variable:
        return frame / RATE
    whole, rest = divmod(frame, 2000)
    return (whole * 70000 + min(rest, 1000) * 40 + max(rest - 1000, 0) * 30) / 1000


def run(command, video, output):
    """The answer, the most memory that the command held in bytes, and the seconds that it took."""
    words = [command, "clips", "--weights", MODEL, "--threads", "1", "--min-length-s", "0", "--crop-s", "0", "--format",
             "json", "-o", output, video]
    begin = time.monotonic()
    process = subprocess.Popen(words)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"exit status {os.waitstatus_to_exitcode(status)} for {video}")
    return json.loads(output.read_text()), usage.ru_maxrss * 1024, time.monotonic() - begin


def cuts_of(lengths):
    """The last frame of each shot."""
    return [end - 1 for end in itertools.accumulate(lengths)]


def problems(answer, lengths, tail, variable):
    frame_count = sum(lengths) + tail
    cuts = cuts_of(lengths)
    scenes = [list(scene) for scene in zip([0, *(cut + 1 for cut in cuts)], [*cuts, frame_count - 1], strict=True)]
    clips = answer["clips"]
    found = []
    if (answer["status"], answer["frame_count"]) != ("complete", frame_count):
        found.append(f"{answer['status']}, {answer['frame_count']} frames instead of {frame_count}")
    if answer["is_constant_rate"] == variable:
        found.append(f"is_constant_rate is {answer['is_constant_rate']}")
    if [[t["first_frame"], t["last_frame"]] for t in answer["transitions"]] != [[cut, cut] for cut in cuts]:
        found.append("the transitions are not the cuts")
    if answer["scenes"] != scenes:
        found.append("the scenes do not lie between the cuts")
    if sum(clip["end_frame"] - clip["start_frame"] for clip in clips) != sum(end - start for start, end in scenes):
        found.append("the clips do not make up the scenes")
    if max(clip["end_s"] - clip["start_s"] for clip in clips) > LONGEST_S + TOLERANCE_S:
        found.append(f"a clip is longer than {LONGEST_S} s")

    times = [(span[f"{side}_frame"], span[f"{side}_s"]) for span in clips + answer["shots"] for side in ("start", "end")]
    times += [(transition["first_frame"], transition["start_s"]) for transition in answer["transitions"]]
    # How long the last frame of a file is shown, the file itself may not know.
    wrong = [(frame, at_s) for frame, at_s in times
             if frame < frame_count and abs(at_s - time_s(frame, variable)) > TOLERANCE_S]
    if wrong:
        found.append(f"{len(wrong)} of {len(times)} times are wrong, the first of them {wrong[0]}")
    return found


def check(command, hours, variable, seed, folder):
    file = folder / ("video.mkv" if variable else "video.mp4")
    output = folder / "answer.json"
    peaks = []
    found = []
    for frame_count in (MINUTES * 60 * RATE, round(hours * 3600 * RATE)):
        lengths, tail = shots(frame_count, random.Random(seed))
        make(file, lengths, tail, variable)
        answer, peak, seconds = run(command, file, output)
        found += problems(answer, lengths, tail, variable)
        peaks.append(peak)
        print(f"{'variable' if variable else 'constant'} rate: {frame_count} frames, the last at "
              f"{time_s(frame_count - 1, variable):.3f} s, {len(lengths)} cuts; {seconds:.0f} s, "
              f"{peak / 2**20:.1f} MiB", flush=True)
        file.unlink()
    more_frames = round(hours * 3600 * RATE) - MINUTES * 60 * RATE
    print(f"{(peaks[1] - peaks[0]) / more_frames:.1f} bytes of memory for each further frame", flush=True)
    if peaks[1] - peaks[0] > BYTES_A_FRAME * more_frames:
        found.append(f"memory grew from {peaks[0]} to {peaks[1]} bytes")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hours", nargs="?", type=float, default=10.0)
    parser.add_argument("--command", type=pathlib.Path, default=PROJECT / "build/bin/transnet")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as name:
        for variable in (False, True):
            found += check(arguments.command, arguments.hours, variable, arguments.seed, pathlib.Path(name))
    for text in found:
        print(f"wrong: {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
