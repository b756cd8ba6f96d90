#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How the memory of the driver of transnet.ray grows with the rows of its manifest: it must not.

    PYTHONPATH=build/python .cache/ray/bin/python scripts/ray_memory.py [ROWS]     default: 20000

scripts/test_ray.sh makes the environment. An extractor that answers at once with one made result stands for the videos and the
network, which are not measured here; the manifest, Ray, its actors and the result files are real. Prints a table of the
resident memory of the driver, and fails if it is more than a tenth larger at the end than after a tenth of the rows.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import ray

import transnet
import transnet.ray

MOST_MEMORY = 1.1
VIDEOS_PER_FILE = 500
STEPS = 10


class AnsweringExtractor:
    """In the place of the extractor in a process of its own."""

    def __init__(self, clips):
        self.clips = clips

    def extract(self, *_, **__):
        return self.clips


class AnsweringWorker(transnet.ray._Worker):
    """The actor without a network."""

    answer = None

    def _load(self, *_):
        return AnsweringExtractor(self.answer), transnet.ShotModel.from_function(lambda windows: windows, name="none").info


def made_result():
    """Ten shots and clips of four minutes."""
    single = np.zeros(6000, np.float32)
    single[599::600] = 1.0
    predictions = transnet.VideoPredictions(
        video="made", framerate=25.0, is_constant_rate=True, starts_s=np.arange(6000) / 25.0, last_duration_s=0.04,
        origin_s=0.0, tick_s=0.04, status="complete", failure=None, warnings=(), metadata=transnet.VideoMetadata(),
        analysed=None, single=single, many_hot=None,
    )
    return transnet.find_clips(predictions)


class MemoryLog(threading.Thread):
    """Notes the resident memory of this process each time that another tenth of the rows has results."""

    def __init__(self, folder, rows):
        super().__init__(daemon=True)
        self.samples = []
        self._folder = folder
        self._rows = rows
        self._start_s = time.monotonic()

    def run(self):
        while len(self.samples) < STEPS:
            time.sleep(0.5)
            self.sample()

    def sample(self):
        done = VIDEOS_PER_FILE * len(list(self._folder.glob("videos/*.parquet")))
        if done < self._rows * (len(self.samples) + 1) / STEPS:
            return
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.samples.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
        print(f"| {done} | {time.monotonic() - self._start_s:.0f} | {self.samples[-1]:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="?", default=20000)
    rows = parser.parse_args().rows
    transnet.ray._Worker = AnsweringWorker
    AnsweringWorker.answer = made_result()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        videos = [f"/videos/{number:07}.mp4" for number in range(rows)]
        pq.write_table(pa.table({"video": videos, "licence": ["CC0"] * rows}), folder / "manifest.parquet")
        os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112  # Ray's name
        ray.init(num_cpus=2, include_dashboard=False, logging_level="error", _node_ip_address="127.0.0.1",
                 object_store_memory=400_000_000)
        ray.data.DataContext.get_current().enable_progress_bars = False
        print("| rows | s | driver, MiB |\n|---|---|---|")
        log = MemoryLog(folder / "out", rows)
        log.start()
        summary = transnet.ray.extract_clips(
            str(folder / "manifest.parquet"), str(folder / "out"), workers=2, videos_per_file=VIDEOS_PER_FILE
        )
        while len(log.samples) < STEPS:
            log.sample()
        if summary.complete != rows:
            print(f"{summary.complete} results for {rows} rows")
            return 1
    growth = log.samples[-1] / log.samples[0]
    print(f"{'flat' if growth <= MOST_MEMORY else 'not flat'}: {growth:.2f} times; {rows / summary.elapsed_s:.0f} rows/s; "
          f"transnet {transnet.__version__}, Ray {ray.__version__}")
    return 0 if growth <= MOST_MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())
