# SPDX-License-Identifier: Apache-2.0
"""The description of the options, which the module has from the library."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import _core

_TABLES = {
    "ClipExtractor": _core.extractor_option_table,
    "find_clips": _core.decision_option_table,
    "read_frames": _core.decode_option_table,
    "ShotModel.load": _core.model_option_table,
}

# Options that the command does not have.
_TEXTS = {
    "end_s": "end of the part to analyse, seconds from the first frame; 0 = the end of the video",
    "margin_frames": "pictures also of this many frames before and after the part, which a network needs",
    "name": "a name for logs",
    "second_look": "add slow transitions from every third frame, and remove flashes",
    "start_s": "start of the part to analyse, seconds from the first frame",
}


def defaults(function: str) -> dict[str, object]:
    """The options of a function and their defaults."""
    return {name: default for name, _, default, _, _, _ in _TABLES[function]()}


def plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with numbers of Python in the place of NumPy's, as results tell them."""
    return {
        name: value.item() if hasattr(value, "item") and getattr(value, "shape", None) == () else value
        for name, value in options.items()
    }


def absolute(path: str | os.PathLike[str]) -> str:
    """The path in the current folder. Unlike `os.path.abspath`, it keeps "..", which a link before it can change."""
    return str(Path.cwd() / os.fsdecode(path))


def unknown_keyword(function: str, name: str, caller: str = "") -> str:
    """The message for a keyword that a function does not have. `caller`: the function that passes its options on."""
    import difflib

    near = difflib.get_close_matches(name, list(defaults(function)), n=1, cutoff=0.5)
    advice = f". Did you mean '{near[0]}'?" if near else ""
    return f"{caller or function}() got an unexpected keyword argument '{name}'{advice}"


def documented(function: str) -> str:
    """A list of the options, for docstrings."""
    lines = []
    for name, kind, default, text, rule, words in _TABLES[function]():
        values = " or ".join(map(repr, words)) if words else kind
        description = _TEXTS.get(name) or text or rule
        lines.append(f"    {name} ({values}, default {default!r}): {description}.")
    return "\n".join(lines)
