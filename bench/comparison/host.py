# SPDX-License-Identifier: Apache-2.0
"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import re
import time
from pathlib import Path

from .processes import output_of
from .settings import PROJECT, Settings

INSTRUCTION_SETS = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd", "bf16", "sve")


def processor() -> str:
    return _first(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text()) or platform.machine()


def facts(settings: Settings) -> dict[str, str]:
    cpuinfo = Path("/proc/cpuinfo").read_text()
    flags = set((_first(r"^(?:flags|Features)\s*:\s*(.*)$", cpuinfo) or "").split())
    memory = _first(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {
        "processor": processor(),
        "cores used": f"{settings.threads} of {os.cpu_count()}, {settings.threads} threads for everybody",
        "instruction sets": " ".join(name for name in INSTRUCTION_SETS if name in flags) or "unknown",
        "memory": f"{int(memory or 0) / 2**20:.0f} GiB",
        "load at the start": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "busy before the start": _busy(),
        "kernel": platform.release(),
        "ffmpeg": output_of(["ffmpeg", "-version"]).split()[2],
        "transnet": _revision(),
    }


def _busy() -> str:
    """The share of all cores that somebody used for a second. The load counts what ran a minute ago, too."""
    before = _processor_times()
    time.sleep(1)
    spent = [now - then for now, then in zip(_processor_times(), before, strict=True)]
    idle = spent[3] + spent[4]  # waiting for a disk is idle as well
    share = 1 - idle / max(1, sum(spent))
    return f"{share:.0%}" + (" (others were at work: these figures prove nothing)" if share > 0.1 else "")


def _processor_times() -> list[int]:
    return [int(ticks) for ticks in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]


def _first(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1].strip() if found else None


def _revision() -> str:
    try:
        return output_of(["git", "-C", str(PROJECT), "describe", "--always", "--dirty"]).strip()
    except Exception:  # a source archive has no git
        return "unknown"
