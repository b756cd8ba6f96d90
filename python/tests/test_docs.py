# SPDX-License-Identifier: Apache-2.0
"""The pages and the example do what they say: each block ```python run, all blocks of a page in order in one folder."""

import json
import re
import subprocess
import sys

import pytest

from conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "docs" / "python.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page(page, environment):
    blocks = re.findall(r"^```python run\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    command = [sys.executable, "-c", "\n".join(blocks)]
    finished = subprocess.run(command, check=False, capture_output=True, text=True, **environment)
    assert finished.returncode == 0, finished.stderr


def test_example(environment):
    example = ROOT / "python" / "examples" / "clips.py"
    finished = subprocess.run(
        [sys.executable, example, "bikes.mp4", "missing.mp4"], check=False, capture_output=True, text=True, **environment
    )
    assert finished.returncode == 1
    assert finished.stderr.startswith("not_found: missing.mp4")
    lines = [json.loads(line) for line in finished.stdout.splitlines()]
    assert [line["start_frame"] for line in lines] == [42, 88, 149, 199]


def test_the_package_page_shows_the_same_example():
    block = re.search(r"```python run\n(.*?)```", PAGES[0].read_text(), re.DOTALL)[1]
    assert f"```python\n{block}```" in (ROOT / "python" / "README.md").read_text()
