#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/data/model/torchscript/: toy models in the forms that tests/model/shot_model_test.cpp loads.

Needs a Python with torch. Use: make_torchscript_fixtures.py [OUTPUT_FOLDER]

Every toy answers by brightness: its logit for a frame is mean / 16 - 8 (the many-hot head's is one higher).
"""

import pathlib
import sys
from typing import Dict, Tuple

import torch
from torch import Tensor, nn


def logits(frames: Tensor) -> Tensor:
    return frames.float().mean([2, 3, 4]).unsqueeze(2) / 16 - 8


class TensorOfLogits(nn.Module):
    def forward(self, frames: Tensor) -> Tensor:
        return logits(frames)


class TensorOfProbabilities(nn.Module):
    def forward(self, frames: Tensor) -> Tensor:
        return logits(frames).sigmoid()


class TupleOfLogits(nn.Module):
    def forward(self, frames: Tensor) -> Tuple[Tensor, Tensor]:
        return logits(frames), logits(frames) + 1


class TupleWithDict(nn.Module):
    """The form of the published code."""

    def forward(self, frames: Tensor) -> Tuple[Tensor, Dict[str, Tensor]]:
        return logits(frames), {"many_hot": logits(frames) + 1}


class DictOfProbabilities(nn.Module):
    def forward(self, frames: Tensor) -> Dict[str, Tensor]:
        return {"many_hot": (logits(frames) + 1).sigmoid(), "single": logits(frames).sigmoid()}


class WithoutLastAxis(nn.Module):
    def forward(self, frames: Tensor) -> Tensor:
        return logits(frames).squeeze(2)


class OneAnswerPerWindow(nn.Module):
    def forward(self, frames: Tensor) -> Tensor:
        return logits(frames).mean(1)


class Text(nn.Module):
    def forward(self, frames: Tensor) -> str:
        return "shot"


class NotANumber(nn.Module):
    def forward(self, frames: Tensor) -> Tensor:
        return logits(frames) / 0 * 0


class FloatFrames(nn.Module):
    """Takes [B, 3, T, 27, 48] and so fails on the frames it is given."""

    def forward(self, frames: Tensor) -> Tensor:
        return frames.reshape([frames.size(0), 3, frames.size(1), 9, 9])


def main() -> None:
    repository = pathlib.Path(__file__).resolve().parents[2]
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else repository / "tests" / "data" / "model" / "torchscript"
    output.mkdir(parents=True, exist_ok=True)
    modules = {
        "tensor_of_logits": TensorOfLogits(),
        "tensor_of_probabilities": TensorOfProbabilities(),
        "tuple_of_logits": TupleOfLogits(),
        "tuple_with_dict": TupleWithDict(),
        "dict_of_probabilities": DictOfProbabilities(),
        "without_last_axis": WithoutLastAxis(),
        "one_answer_per_window": OneAnswerPerWindow(),
        "text": Text(),
        "not_a_number": NotANumber(),
        "float_frames": FloatFrames(),
    }
    for name, module in modules.items():
        torch.jit.script(module).save(output / f"{name}.pt")


if __name__ == "__main__":
    main()
