# SPDX-License-Identifier: Apache-2.0
"""Detectors without a network: PySceneDetect's with their defaults, and ffmpeg's scdet. Each writes a list of scenes, a line
`first last` a scene, for every video."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from comparison.processes import output_of


def _scenedetect(*names: str) -> Callable[[Path], list[int]]:
    def first_frames(video: Path) -> list[int]:
        import scenedetect
        from scenedetect import detectors

        stream = scenedetect.open_video(str(video))
        manager = scenedetect.SceneManager()
        for name in names:
            manager.add_detector(getattr(detectors, name)())
        manager.detect_scenes(stream)
        return [start.frame_num for start, _ in manager.get_scene_list()][1:]

    return first_frames


def _scdet(video: Path) -> list[int]:
    text = output_of(["ffmpeg", "-nostdin", "-v", "error", "-i", video, "-vf",
                      "scdet,metadata=mode=print:key=lavfi.scd.time:file=-", "-f", "null", "-"])
    return [int(frame) for frame in re.findall(r"^frame:(\d+)", text, re.MULTILINE)]


RIVALS: dict[str, Callable[[Path], list[int]]] = {
    "PySceneDetect content": _scenedetect("ContentDetector"),
    "PySceneDetect adaptive": _scenedetect("AdaptiveDetector"),
    "PySceneDetect content + threshold": _scenedetect("ContentDetector", "ThresholdDetector"),
    "PySceneDetect hash": _scenedetect("HashDetector"),
    "PySceneDetect histogram": _scenedetect("HistogramDetector"),
    "ffmpeg scdet": _scdet,
}


def detect(name: str, video: Path, frames: int, target: Path) -> Path:
    """Writes `target`, unless it is there."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        firsts = sorted({first for first in RIVALS[name](video) if 0 < first < frames})
        scenes = zip([0, *firsts], [*(first - 1 for first in firsts), frames - 1], strict=True)
        partial = target.with_suffix(".partial")
        partial.write_text("".join(f"{first} {last}\n" for first, last in scenes))
        partial.rename(target)
    return target
