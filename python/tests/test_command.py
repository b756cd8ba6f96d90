# SPDX-License-Identifier: Apache-2.0
"""The command that comes with the package."""

import os
import shutil
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest

import transnet

COMMAND = [sys.executable, "-m", "transnet"]


def run(*words, **options):
    return subprocess.run([*COMMAND, *words], check=False, capture_output=True, text=True, **options)


def test_version():
    answer = run("--version")
    assert answer.returncode == 0
    assert answer.stdout.splitlines()[0] == f"transnet {transnet.__version__}"
    assert answer.stderr == ""


def test_exit_statuses(tmp_path, weights):
    assert run("clips").returncode == 2
    failed = run("clips", tmp_path / "missing.mp4", "--weights", weights)
    assert failed.returncode == 1
    assert "missing.mp4" in failed.stderr


def test_the_script_of_an_installation():
    script = Path(sys.executable).parent / "transnet"
    if "TRANSNET_TEST_PYTHON" in os.environ:
        assert Path(transnet.__file__).is_relative_to(sys.prefix)
    elif not any(metadata.distributions(name="transnet")):
        pytest.skip("the package is not installed: it comes from a build")
    answer = subprocess.run([script, "--version"], check=True, capture_output=True, text=True).stdout
    assert answer.startswith(f"transnet {transnet.__version__}\n")


def test_an_interruption(weights):
    """A silent pipe as the video: the command ends as a program that the signal has ended."""
    command = [*COMMAND, "clips", "-", "--weights", weights]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(10) in (128 + signal.SIGINT, -signal.SIGINT)
    finally:
        process.kill()
        process.stdin.close()
        process.stderr.close()


def test_names_that_are_no_text(tmp_path, weights):
    name = os.fsencode(tmp_path) + b"/\xff.mp4"
    command = [*map(os.fsencode, [*COMMAND, "clips", "--weights", weights]), name]
    answer = subprocess.run(command, check=False, capture_output=True)
    assert answer.returncode == 1
    assert b"cannot be opened" in answer.stderr


def test_a_closed_standard_output(weights, bikes):
    shell = shutil.which("sh")
    arguments = [*COMMAND, "clips", bikes, "--weights", weights, "--min-length-s", "0.5"]
    words = " ".join(f"'{word}'" for word in arguments)
    answer = subprocess.run([shell, "-c", f"{words} >&-"], check=False, capture_output=True, text=True)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
