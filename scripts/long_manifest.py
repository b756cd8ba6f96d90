#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How time and memory of a batch grow with the number of its videos: they must not, a few bytes a video aside.

    scripts/long_manifest.py [--few 1000] [--many 10000] [--command build/bin/transnet]

Needs the ffmpeg command, which makes five tiny videos; hard links give them as many names as are wanted. For each number of
videos, a manifest of that many lines is worked off in one run: into lines of one file, into a file for each video, into one
document, and with a cache, twice. Prints a table, and fails where the peak of memory for many is more than a tenth above
that for few, or a video costs more than one and a half times as much time.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
# It answers at once, with a frame's first red value: the network is not what is measured here.
MODEL = PROJECT / "tests/data/reference/known_model.pt"
MOST_MEMORY = 1.1
MOST_TIME = 1.5


def make_videos(folder):
    videos = []
    for number in range(5):
        video = folder / f"made-{number}.mkv"
        source = "nullsrc=size=48x27:rate=25,format=gbrp,geq=r='255*eq(mod(N,7),2)':g=0:b=0"
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-frames:v",
                        str(20 + number), "-c:v", "ffv1", video], check=True)
        videos.append(video)
    return videos


def write_manifest(folder, videos, count):
    names = folder / f"videos-{count}"
    names.mkdir()
    manifest = folder / f"{count}.txt"
    with manifest.open("w") as lines:
        for number in range(count):
            name = names / f"{number:06}.mkv"
            os.link(videos[number % len(videos)], name)
            lines.write(f"{name}\n")
    return manifest


def measure(command, folder, manifest, options):
    """Seconds and the peak of memory in bytes."""
    words = [command, "clips", "--weights", MODEL, "--files-from", manifest, "--min-length-s", "0", "--crop-s", "0",
             "--quiet", *options]
    started = time.monotonic()
    process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: exit status {process.returncode}")
    return time.monotonic() - started, usage.ru_maxrss * 1024


def count_results(folder, way, count):
    if way == "file":
        return len(list((folder / f"files-{count}").iterdir()))
    ending = "json" if way == "document" else "jsonl"
    return (folder / f"{way}-{count}.{ending}").read_text().count('"status": "complete"' if way == "document"
                                                                  else '"status":"complete"')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=1000)
    parser.add_argument("--many", type=int, default=10000)
    parser.add_argument("--command", type=pathlib.Path, default=PROJECT / "build/bin/transnet")
    arguments = parser.parse_args()
    command = arguments.command.resolve()
    is_good = True
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        videos = make_videos(folder)
        counts = (arguments.few, arguments.many)
        manifests = {count: write_manifest(folder, videos, count) for count in counts}
        measure(command, folder, manifests[arguments.few], ["-o", "warm.jsonl"])
        print("| output | videos | s | ms a video | peak, MiB |\n|---|---|---|---|---|")
        for way, options in (("lines", ["-o", "lines-{}.jsonl"]), ("file", ["-o", "files-{}/{{stem}}.csv"]),
                             ("document", ["-o", "document-{}.json"]),
                             ("cache", ["-o", "cache-{}.jsonl", "--cache", "answers-{}"]),
                             ("cache", ["-o", "cache-{}.jsonl", "--cache", "answers-{}"])):
            measured = {}
            for count in counts:
                (folder / f"files-{count}").mkdir(exist_ok=True)
                words = [option.format(count) for option in options]
                measured[count] = measure(command, folder, manifests[count], words)
                seconds, peak = measured[count]
                found = count_results(folder, way, count)
                print(f"| {way} | {count} | {seconds:.1f} | {1000 * seconds / count:.2f} | {peak / 2**20:.1f} |", flush=True)
                if found != count:
                    print(f"{found} results for {count} videos")
                    is_good = False
            (few_s, few_peak), (many_s, many_peak) = (measured[count] for count in counts)
            memory = many_peak / few_peak
            time_a_video = (many_s / arguments.many) / (few_s / arguments.few)
            if way == "document":
                continue  # it is held until it is whole
            if memory > MOST_MEMORY or time_a_video > MOST_TIME:
                print(f"{way}: {memory:.2f} times the memory, {time_a_video:.2f} times the time of a video")
                is_good = False
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
