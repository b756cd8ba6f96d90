# SPDX-License-Identifier: Apache-2.0
"""Writes transnet/_keywords.pyi, the types of all keyword arguments, from the module's own description of the options.

make_keywords.py OUTPUT, with the folder of the module in PYTHONPATH.
"""

import sys
from pathlib import Path

import _core

TABLES = {
    "ExtractorKeywords": [row for row in _core.extractor_option_table() if row[0] != "model"],
    "DecisionKeywords": _core.decision_option_table(),
    "DecodeKeywords": _core.decode_option_table(),
    "ModelKeywords": _core.model_option_table(),
}
TYPES = {"path": "str | os.PathLike[str] | None"}

lines = ["import os", "from typing import Literal, TypedDict"]
for name, table in TABLES.items():
    lines += ["", f"class {name}(TypedDict, total=False):"]
    for option, kind, _, _, _, words in table:
        annotation = f"Literal[{', '.join(map(repr, words))}]" if kind == "word" else TYPES.get(kind, kind)
        lines.append(f"    {option}: {annotation}")
Path(sys.argv[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")
