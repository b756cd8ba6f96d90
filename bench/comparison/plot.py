# SPDX-License-Identifier: Apache-2.0
"""The plot of RESULTS.md: bars of frames a second, as SVG that reads on a light and on a dark page."""

from __future__ import annotations

from html import escape

from .rounds import Experiment

ROW, LABEL_WIDTH, BAR_WIDTH, FIGURE_WIDTH = 22, 290, 380, 90
OWN, OTHER, TEXT = "#2a78d6", "#898781", "#7a7974"


def _text(x: float, y: float, text: str, extra: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{TEXT}" {extra}>{escape(text)}</text>'


def _bar(y: int, name: str, figure: float, best: float) -> list[str]:
    width = max(1.0, BAR_WIDTH * figure / best)
    colour = OWN if name.startswith("transnet") and "pytorch" not in name else OTHER
    return [_text(LABEL_WIDTH - 8, y + 15, name, 'text-anchor="end"'),
            f'<rect x="{LABEL_WIDTH}" y="{y + 3}" width="{width:.1f}" height="{ROW - 6}" rx="2" fill="{colour}"/>',
            _text(LABEL_WIDTH + width + 6, y + 15, f"{figure:.3g}")]


def draw(experiments: list[Experiment]) -> str:
    parts, y = [], 8
    for experiment in experiments:
        figures = {name: experiment.frames_a_second(name).median for name, samples in experiment.samples.items()
                   if samples[0].gflops is None}
        parts.append(_text(8, y + 15, f"{experiment.title}: frames a second", 'font-weight="bold"'))
        y += ROW
        for name, figure in sorted(figures.items(), key=lambda item: item[1]):
            parts += _bar(y, name, figure, max(figures.values()))
            y += ROW
        y += ROW // 2
    width = LABEL_WIDTH + BAR_WIDTH + FIGURE_WIDTH
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" '
            'font-family="sans-serif" font-size="13">\n' + "\n".join(parts) + "\n</svg>\n")
