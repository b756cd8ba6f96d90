# SPDX-License-Identifier: Apache-2.0
"""Pieces of plots as SVG that reads on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

OWN, OTHER, TEXT = "#2a78d6", "#898781", "#7a7974"
COLOURS = (OWN, "#d1602b", "#2e9a63", "#8a5cc4", OTHER)
ROW, LABEL_WIDTH, BAR_WIDTH, FIGURE_WIDTH = 22, 290, 380, 90


def text(x: float, y: float, content: str, extra: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{TEXT}" {extra}>{escape(content)}</text>'


def title(y: int, content: str) -> str:
    return text(8, y + 15, content, 'font-weight="bold"')


def bar(y: int, name: str, figure: float, best: float, colour: str, shown: str) -> list[str]:
    width = max(1.0, BAR_WIDTH * figure / best)
    return [text(LABEL_WIDTH - 8, y + 15, name, 'text-anchor="end"'),
            f'<rect x="{LABEL_WIDTH}" y="{y + 3}" width="{width:.1f}" height="{ROW - 6}" rx="2" fill="{colour}"/>',
            text(LABEL_WIDTH + width + 6, y + 15, shown)]


def document(width: int, height: int, parts: Iterable[str]) -> str:
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'font-family="sans-serif" font-size="13">\n' + "\n".join(parts) + "\n</svg>\n")


class Chart:
    """Curves over two axes, with a line of explanation for each."""

    PLOT, LEFT, TOP, KEY_WIDTH = 360, 60, 56, 300

    def __init__(self, heading: str, names: tuple[str, str], x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        """`names`: of the axes x and y."""
        self._x_range, self._y_range = x_range, y_range
        self._curves = 0
        right, bottom = self.LEFT + self.PLOT, self.TOP + self.PLOT
        self._parts = [title(4, heading), text(self.LEFT + self.PLOT / 2, bottom + 38, names[0], 'text-anchor="middle"'),
                       text(12, self.TOP - 14, names[1])]
        for k in range(6):
            share = k / 5
            x, y = self.LEFT + self.PLOT * share, bottom - self.PLOT * share
            values = [f"{low + share * (high - low):.2g}" for low, high in (x_range, y_range)]
            lines = f"M{x:g} {self.TOP}V{bottom}M{self.LEFT} {y:g}H{right}"
            self._parts += [f'<path d="{lines}" stroke="{OTHER}" stroke-opacity="0.25"/>',
                            text(x, bottom + 18, values[0], 'text-anchor="middle"'),
                            text(self.LEFT - 8, y + 4, values[1], 'text-anchor="end"')]

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        shares = [min(1.0, max(0.0, (value - low) / (high - low)))
                  for value, (low, high) in zip(point, (self._x_range, self._y_range), strict=True)]
        return self.LEFT + self.PLOT * shares[0], self.TOP + self.PLOT * (1 - shares[1])

    def add(self, name: str, points: Mapping[str, tuple[float, float]], marked: Sequence[str] = ()) -> None:
        """A curve through points that have names; the marked ones get a dot."""
        colour = COLOURS[self._curves % len(COLOURS)]
        places = {key: self._at(point) for key, point in points.items()}
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in places.values())
        self._parts.append(f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for key, (x, y) in places.items():
            radius = 5 if key in marked else 2.5
            self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}"><title>{escape(name)}, '
                               f'{escape(key)}</title></circle>')
        y = self.TOP + 14 + ROW * self._curves
        x = self.LEFT + self.PLOT + 16
        self._parts += [f'<path d="M{x} {y - 4}h18" stroke="{colour}" stroke-width="3"/>', text(x + 26, y, name)]
        self._curves += 1

    def draw(self) -> str:
        return document(self.LEFT + self.PLOT + self.KEY_WIDTH, self.TOP + self.PLOT + 50, self._parts)
