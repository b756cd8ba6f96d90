# SPDX-License-Identifier: Apache-2.0
"""Probabilities that Python's PyTorch gives by a TorchScript file: torchscript_probabilities.py MODEL WINDOWS

WINDOWS holds whole windows of 100 frames of 48x27 RGB24. Prints one line per frame, "single many_hot".
"""

import pathlib
import sys

import torch


def main() -> None:
    model = torch.jit.load(sys.argv[1])
    windows = torch.frombuffer(bytearray(pathlib.Path(sys.argv[2]).read_bytes()), dtype=torch.uint8)
    with torch.inference_mode():
        heads = [head.sigmoid().flatten().tolist() for head in model(windows.reshape(-1, 100, 27, 48, 3))]
    for single, many_hot in zip(*heads, strict=True):
        print(single, many_hot)


if __name__ == "__main__":
    main()
