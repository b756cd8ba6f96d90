# SPDX-License-Identifier: Apache-2.0
"""The examples for other packages find the clips. Each is skipped without its packages: scripts/test_examples.sh has most of
them, scripts/test_ray.sh has Ray."""

import importlib.util
import re
import subprocess
import sys

import pytest

from conftest import ROOT

# The clips of bikes.mp4: its shots from 30 to 242, 6 frames shorter on both sides; 25 frames per second.
FRAMES = [36, 82, 143, 193]
SECONDS = [1.44, 3.28, 5.72, 7.72]


@pytest.mark.parametrize(
    ("example", "packages", "words", "expected"),
    [
        ("tables.py", ["pyarrow", "pandas", "duckdb"], [".", "bikes.mp4"], FRAMES),
        ("daft_clips.py", ["daft"], ["bikes.mp4", "missing.mp4"], [*FRAMES, "NotFound"]),
        ("huggingface_clips.py", ["datasets"], ["bikes.mp4", "video.mp4"], FRAMES),
        ("ray_clips.py", ["ray", "pyarrow"], [".", "out"], FRAMES),
        ("nemo_clips.py", ["nemo_curator"], ["."], SECONDS),
    ],
)
def test_example(example, packages, words, expected, environment):
    for package in packages:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"needs the package {package}")
    environment["env"]["RAY_worker_niceness"] = "0"  # children of other programs would take all the time
    command = [sys.executable, ROOT / "python" / "examples" / example, *words]
    finished = subprocess.run(command, check=False, capture_output=True, text=True, **environment)
    assert finished.returncode == 0, finished.stderr
    for number in expected:
        assert re.search(rf"\b{re.escape(str(number))}\b", finished.stdout), finished.stdout
