# SPDX-License-Identifier: Apache-2.0
"""Starts and times programs. All of them inherit the driver's cores."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .rounds import Sample

Command = Sequence[str | Path]


class Failed(RuntimeError):
    """A program that was to be measured did not do its work."""


def environment(threads: int, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """What makes libraries that take no option use the same number of threads."""
    return {**os.environ, "OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads), **(extra or {})}


def start(command: Command, log: Path, env: Mapping[str, str], stdout: int | None = None) -> subprocess.Popen[bytes]:
    with log.open("ab") as stream:
        return subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                stdout=stream if stdout is None else stdout, stderr=stream, env=env, cwd=log.parent)


def finish(process: subprocess.Popen[bytes], log: Path) -> resource.struct_rusage:
    """Waits, and returns what the program used. `peak_bytes` has its memory."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"{process.args} ended with {process.returncode}:\n{tail(log)}")
    return usage


def peak_bytes(usage: resource.struct_rusage) -> int:
    """The peak memory of a program or of the largest of the programs it ran."""
    return usage.ru_maxrss * 1024


def tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])


def run_timed(command: Command, log: Path, env: Mapping[str, str]) -> Sample:
    begin = time.perf_counter()
    usage = finish(start(command, log, env), log)
    return Sample(time.perf_counter() - begin, peak_bytes(usage), cpu_seconds=usage.ru_utime + usage.ru_stime)


def run_together(commands: Sequence[Command], log: Path, env: Mapping[str, str]) -> Sample:
    """All at once. The memory is the sum."""
    begin = time.perf_counter()
    processes = [start(command, log, env) for command in commands]
    peaks = [peak_bytes(finish(process, log)) for process in processes]
    return Sample(time.perf_counter() - begin, sum(peaks))


def run_in_turn(commands: Sequence[Command], log: Path, env: Mapping[str, str]) -> Sample:
    samples = [run_timed(command, log, env) for command in commands]
    return Sample(sum(sample.seconds for sample in samples), max(sample.peak_rss_bytes or 0 for sample in samples))


def output_of(command: Command, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=env, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


class Worker:
    """A program that keeps a network loaded and answers one line of JSON for each command (see network.cpp)."""

    # Threads of OpenMP keep a core busy for a while after their work: the next one measured shall not suffer from it.
    SETTLE_S = 0.3

    def __init__(self, command: Command, log: Path, env: Mapping[str, str]) -> None:
        self._log = log
        begin = time.perf_counter()
        with log.open("ab") as stream:
            self._process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE,
                                             stdout=subprocess.PIPE, stderr=stream, env=env, text=True)
        answer = self._read()
        self.seconds_to_first_window = time.perf_counter() - begin
        self.unsupported: str | None = answer.get("unsupported")
        self.facts: dict[str, Any] = answer.get("ready", {})
        if self.unsupported:
            print(f"  skipped: {self.unsupported}", file=sys.stderr)
            self.close()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        # Libraries print lines of their own, too.
        for line in self._process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        self._process.wait()
        raise Failed(f"{self._process.args} ended with {self._process.returncode}:\n{tail(self._log)}")

    def ask(self, command: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        answer = self._read()
        time.sleep(self.SETTLE_S)
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
