# SPDX-License-Identifier: Apache-2.0
"""What was measured, in results.json beside the report: an experiment that is run again takes the place of its older self,
and the others stay."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

from .rounds import Experiment, Sample
from .targets import Results

FILE_NAME = "results.json"


def load(folder: Path) -> Results:
    file = folder / FILE_NAME
    if not file.exists():
        return {}
    return {key: _experiment(stored) for key, stored in json.loads(file.read_text()).items()}


def _experiment(stored: dict) -> Experiment:
    samples = {name: [Sample(**sample) for sample in rounds] for name, rounds in stored["samples"].items()}
    return Experiment(**stored | {"samples": samples})


def write(folder: Path, results: Results) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stored = {key: dataclasses.asdict(experiment) for key, experiment in results.items()}
    (folder / FILE_NAME).write_text(json.dumps(stored, indent=1) + "\n")


def in_order(results: Results, keys: Iterable[str]) -> Results:
    return {key: results[key] for key in keys if key in results}
