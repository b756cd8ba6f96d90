# SPDX-License-Identifier: Apache-2.0
"""The same videos as ports of the network feed them by mistake. A video of 48x27 RGB passes the command unchanged, so each
mistake is a conversion by ffmpeg before it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from . import predictions
from .networks import Networks

FFMPEG = ("ffmpeg", "-nostdin", "-v", "error", "-y")
# Frames as the command itself makes them, in lossless files.
CONVERSIONS = {
    "as it is": "scale=48:27:flags=bicubic,format=rgb24",
    "blue and red exchanged": "scale=48:27:flags=bicubic,format=rgb24,colorchannelmixer=rr=0:rb=1:bb=0:br=1",
    "nearest neighbour": "scale=48:27:flags=neighbor,format=rgb24",
    "mean over areas": "scale=48:27:flags=area,format=rgb24",
}
WINDOW_FRAMES = 100


def _slug(name: str) -> str:
    return name.replace(" ", "-")


def _converted(name: str, videos: Sequence[Path], folder: Path) -> list[Path]:
    target_folder = folder / _slug(name)
    target_folder.mkdir(parents=True, exist_ok=True)
    targets = []
    for video in videos:
        target = target_folder / f"{video.stem}.avi"
        if not target.exists():
            partial = target.with_name(f"partial-{target.name}")
            subprocess.run([*FFMPEG, "-i", video, "-vf", CONVERSIONS[name], "-c:v", "rawvideo", "-pix_fmt", "bgr24", partial],
                           check=True)
            partial.rename(target)
        targets.append(target)
    return targets


def converted(networks: Networks, name: str, network: str, videos: Sequence[Path], folder: Path) -> list[Path]:
    """The network's probabilities for the videos after a conversion."""
    return networks.probabilities(network, _converted(name, videos, folder), name=f"-{_slug(name)}")


def without_context(networks: Networks, network: str, videos: Sequence[Path], folder: Path) -> list[Path]:
    """Each window of 100 frames is run alone: nothing is known about the frames on its other side."""
    pieces_folder = folder / "pieces"
    pieces_folder.mkdir(parents=True, exist_ok=True)
    joined_folder = networks.folder / f"{network}-fp32-without-context"
    files = []
    for video, raw in zip(videos, _converted("as it is", videos, folder), strict=True):
        file = joined_folder / f"{video.stem}.txt"
        files.append(file)
        if file.exists():
            continue
        pattern = pieces_folder / f"{video.stem}-%04d.avi"
        frames = ",".join(str(begin) for begin in range(WINDOW_FRAMES, 100_000, WINDOW_FRAMES))
        subprocess.run([*FFMPEG, "-i", raw, "-c", "copy", "-f", "segment", "-segment_frames", frames,
                        "-reset_timestamps", "1", pattern], check=True)
        pieces = sorted(pieces_folder.glob(f"{video.stem}-*.avi"))
        parts = networks.probabilities(network, pieces, name="-pieces")
        predictions.write(file, np.concatenate([predictions.read(part) for part in parts]))
    return files
