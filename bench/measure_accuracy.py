#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Composes edits with known transitions and scores everything that finds transitions; writes ACCURACY.md. See README.md."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from comparison import environments
from comparison.settings import PROJECT

ENVIRONMENTS = PROJECT / ".deps" / "bench"


def enter_environment() -> None:
    """Goes on in PySceneDetect's own environment, which has numpy, unless this is it."""
    python = environments.scenedetect_python(ENVIRONMENTS)
    if Path(sys.prefix) != python.parent.parent:
        os.execv(python, [str(python), *sys.argv])


def measure() -> None:
    from accuracy import catalogue, composer, experiments, report, settings
    from accuracy.sources import Library

    options = settings.parse()
    subprocess.run([sys.executable, Path(__file__).with_name("accuracy_test.py")], check=True)
    groups = []
    for name in catalogue.GROUPS:
        Library(options.work).group(name)  # fetched and decoded once, before the processes below read it
        edits = composer.edits(name, options.share)
        print(f"{name}: {len(edits)} edits", file=sys.stderr, flush=True)
        with ProcessPoolExecutor(options.jobs) as pool:
            made = [pool.submit(composer.compose_alone, edit, options.work, options.edits(name), options.seed) for edit in edits]
            videos = [future.result() for future in made]
        groups.append(experiments.measure(options, name, videos))
        print(report.summary(groups[-1]), flush=True)
    real = experiments.measure_real(options)
    footage = (f"{len(catalogue.CLIPS)} shots of {len({clip.member for clip in catalogue.CLIPS})} videos and "
               f"{len(catalogue.PHOTOGRAPHS)} photographs, {composer.GENERATED_SHARE + composer.SCREEN_SHARE:.0%} of the shots "
               "generated")
    report.write(options.output, groups, real, footage, composer.LEAST_DIFFERENCE)


if __name__ == "__main__":
    enter_environment()
    measure()
