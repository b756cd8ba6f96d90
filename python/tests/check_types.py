# SPDX-License-Identifier: Apache-2.0
"""Checks the types of the package that is imported, and of the examples, by mypy."""

import subprocess
import sys
from pathlib import Path

import transnet

PYTHON = Path(__file__).resolve().parents[1]
sys.exit(
    subprocess.call(
        [sys.executable, "-m", "mypy", "--config-file", PYTHON / "pyproject.toml", *transnet.__path__, PYTHON / "examples"]
    )
)
