# SPDX-License-Identifier: Apache-2.0
"""The form of golden data in JSON."""

import json


def write_json(file, sets):
    """One case a line, so that a change shows as the lines that it changes."""
    def compact(value):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)

    blocks = [f"{compact(name)}:[\n" + ",\n".join(map(compact, cases)) + "\n]" for name, cases in sets.items()]
    file.write_text("{" + ",\n".join(blocks) + "}\n", encoding="ascii")
    print(f"{file}: {file.stat().st_size} bytes,", ", ".join(f"{len(cases)} {name}" for name, cases in sets.items()))
