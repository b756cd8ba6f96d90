# SPDX-License-Identifier: Apache-2.0
"""Videos to measure with. Videos from the sample stay below .deps/bench/videos/; videos from others are gone
after the run."""

from __future__ import annotations

import sys
from pathlib import Path

from .processes import output_of
from .settings import Settings

HEIGHTS = {"720p": 720, "1080p": 1080, "4k": 2160}
FFMPEG = ("ffmpeg", "-nostdin", "-v", "error", "-y")


def _made(target: Path, *arguments: str | Path) -> Path:
    """`ffmpeg ARGUMENTS target`, unless it is there."""
    if not target.exists():
        print(f"making {target.name}", file=sys.stderr)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"partial-{target.name}")
        output_of([*FFMPEG, *arguments, partial])
        partial.rename(target)
    return target


def scaled_up(settings: Settings, resolution: str) -> Path:
    """Real content, scaled up and repeated: 25 frames a second, H.264."""
    height = HEIGHTS[resolution]
    return _made(settings.work / "videos" / f"{resolution}-{settings.video_seconds}s.mp4", "-stream_loop", "-1",
                 "-i", settings.bikes, "-t", str(settings.video_seconds),
                 "-vf", f"scale={height * 16 // 9}:{height},setsar=1", "-an",
                 "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p")


def beginning(settings: Settings, video: Path, seconds: int) -> Path:
    return _made(settings.scratch / f"{video.stem}-{seconds}s.mp4", "-i", video, "-t", str(seconds),
                 "-map", "0:v:0", "-c", "copy")


def ten_times(settings: Settings, video: Path) -> Path:
    return _made(settings.work / "videos" / f"{video.stem}-x10.mp4", "-stream_loop", "9", "-i", video, "-c", "copy")


def raw_frames(settings: Settings, video: Path, count: int) -> Path:
    """The first frames as 48x27 RGB24."""
    return _made(settings.scratch / f"{video.stem}-{count}.rgb", "-i", video, "-frames:v", str(count),
                 "-s", "48x27", "-pix_fmt", "rgb24", "-f", "rawvideo")


def frame_count(video: Path) -> int:
    return int(output_of(["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v:0", "-show_entries",
                          "stream=nb_read_packets", "-of", "csv=p=0", video]).strip().rstrip(","))
