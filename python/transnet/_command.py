# SPDX-License-Identifier: Apache-2.0
"""The command ``transnet``."""

import os
import sys

from . import _core


def main() -> int:
    return _core.run_command([b"transnet", *map(os.fsencode, sys.argv[1:])])
