# SPDX-License-Identifier: Apache-2.0
"""True transitions as they are written beside a video, in the format that `transnet eval` reads."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Label:
    """`first` is the last frame of the shot before, `last` the first frame of the shot after: the frames between them are
    mixed. For a disturbance, `first` and `last` are its own frames."""

    kind: str
    first: int
    last: int

    @property
    def scored_kind(self) -> str:
        """`transnet eval` takes every other word than `cut` for a gradual transition."""
        return "cut" if self.kind == "jump_cut" else self.kind


@dataclass
class Truth:
    video: str
    framerate: float
    frames: int = 0
    transitions: list[Label] = field(default_factory=list)
    disturbances: list[Label] = field(default_factory=list)  # no transitions; `transnet eval` passes over them

    def write(self, file: Path) -> None:
        stored = asdict(self)
        for label, written in zip(self.transitions, stored["transitions"], strict=True):
            written |= {"kind": label.scored_kind, "finer_kind": label.kind}
        file.write_text(json.dumps(stored, indent=1) + "\n")


def read(file: Path) -> Truth:
    stored = json.loads(file.read_text())
    labels = {key: [Label(label.get("finer_kind", label["kind"]), label["first"], label["last"]) for label in stored.get(key, [])]
              for key in ("transitions", "disturbances")}
    return Truth(stored["video"], stored["framerate"], stored["frames"], **labels)
