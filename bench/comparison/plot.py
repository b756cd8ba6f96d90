# SPDX-License-Identifier: Apache-2.0
"""The plot of RESULTS.md: bars of frames a second."""

from __future__ import annotations

import svg

from .rounds import Experiment


def _colour(name: str) -> str:
    return svg.OWN if name.startswith("transnet") and "pytorch" not in name else svg.OTHER


def draw(experiments: list[Experiment]) -> str:
    parts, y = [], 8
    for experiment in experiments:
        figures = {name: experiment.frames_a_second(name).median for name, samples in experiment.samples.items()
                   if samples[0].gflops is None}
        parts.append(svg.title(y, f"{experiment.title}: frames a second"))
        y += svg.ROW
        for name, figure in sorted(figures.items(), key=lambda item: item[1]):
            parts += svg.bar(y, name, figure, max(figures.values()), _colour(name), f"{figure:.3g}")
            y += svg.ROW
        y += svg.ROW // 2
    return svg.document(svg.LABEL_WIDTH + svg.BAR_WIDTH + svg.FIGURE_WIDTH, y, parts)
