# SPDX-License-Identifier: Apache-2.0
"""TransNetV2 in plain PyTorch, for a GPU: the user's own PyTorch runs it, and transnet does the rest.

    import transnet
    import transnet.torch
    extractor = transnet.ClipExtractor(model=transnet.torch.load(device="cuda"))

Source of the network: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .errors import BadWeights, NotFound
from .weights import weights_path

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_STACK_FILTERS = (16, 32, 64)
_DILATIONS = (1, 2, 4, 8)
_BLOCKS_PER_STACK = 2
_NORM_EPSILON = 1e-3
_SIMILARITY_WIDTH = 128
_LOOKUP_FRAMES = 101
_HISTOGRAM_BINS = 512
_HIDDEN_WIDTH = 1024
_POOLED_PIXELS = 3 * 6


class _Branch(nn.Module):
    """A 3x3 convolution inside a frame, then one over three frames."""

    def __init__(self, inputs: int, filters: int, dilation: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv3d(inputs, 2 * filters, (1, 3, 3), padding=(0, 1, 1), bias=False),
            nn.Conv3d(2 * filters, filters, (3, 1, 1), padding=(dilation, 0, 0), dilation=(dilation, 1, 1), bias=False),
        )

    def forward(self, frames: Tensor) -> Tensor:
        result: Tensor = self.layers(frames)
        return result


class _Block(nn.Module):
    def __init__(self, inputs: int, filters: int) -> None:
        super().__init__()
        for dilation in _DILATIONS:
            self.add_module(f"Conv3D_{dilation}", _Branch(inputs, filters, dilation))
        self.bn = nn.BatchNorm3d(filters * len(_DILATIONS), eps=_NORM_EPSILON)

    def forward(self, frames: Tensor) -> Tensor:
        branches = [self.get_submodule(f"Conv3D_{dilation}")(frames) for dilation in _DILATIONS]
        return functional.relu(self.bn(torch.cat(branches, 1)))


class _Stack(nn.Module):
    def __init__(self, inputs: int, filters: int) -> None:
        super().__init__()
        outputs = filters * len(_DILATIONS)
        self.DDCNN = nn.ModuleList(_Block(outputs if block else inputs, filters) for block in range(_BLOCKS_PER_STACK))

    def forward(self, frames: Tensor) -> Tensor:
        shortcut = self.DDCNN[0](frames)
        return functional.avg_pool3d(self.DDCNN[1](shortcut) + shortcut, (1, 2, 2))


def _neighbour_cosines(rows: Tensor) -> Tensor:
    """Cosines of every frame with itself and with 50 frames on each side: [B, T, D] to [B, T, 101]; 0 beyond the window."""
    rows = functional.normalize(rows, dim=2)
    batch, length = rows.shape[:2]
    padded = functional.pad(rows @ rows.transpose(1, 2), (_LOOKUP_FRAMES // 2, _LOOKUP_FRAMES // 2)).contiguous()
    width = length + _LOOKUP_FRAMES - 1
    return padded.as_strided((batch, length, _LOOKUP_FRAMES), (length * width, width + 1, 1))


class _FrameSimilarity(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.projection = nn.Linear(sum(filters * len(_DILATIONS) for filters in _STACK_FILTERS), _SIMILARITY_WIDTH)
        self.fc = nn.Linear(_LOOKUP_FRAMES, _SIMILARITY_WIDTH)

    def forward(self, means: Tensor) -> Tensor:
        return functional.relu(self.fc(_neighbour_cosines(self.projection(means))))


class _ColorSimilarity(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(_LOOKUP_FRAMES, _SIMILARITY_WIDTH)

    def forward(self, frames: Tensor) -> Tensor:
        levels = (frames >> 5).flatten(2, 3).long()
        bins = levels[..., 0] * 64 + levels[..., 1] * 8 + levels[..., 2]
        counts = torch.zeros((*bins.shape[:2], _HISTOGRAM_BINS), device=frames.device)
        counts.scatter_add_(2, bins, torch.ones((1, 1, 1), device=frames.device).expand(bins.shape))
        return functional.relu(self.fc(_neighbour_cosines(counts).to(self.fc.weight.dtype)))


class TransNetV2(nn.Module):
    """The network, with the names of the published state dict."""

    def __init__(self) -> None:
        super().__init__()
        inputs = [3, *(filters * len(_DILATIONS) for filters in _STACK_FILTERS)]
        self.SDDCNN = nn.ModuleList(map(_Stack, inputs, _STACK_FILTERS))
        self.frame_sim_layer = _FrameSimilarity()
        self.color_hist_layer = _ColorSimilarity()
        self.fc1 = nn.Linear(2 * _SIMILARITY_WIDTH + inputs[-1] * _POOLED_PIXELS, _HIDDEN_WIDTH)
        self.cls_layer1 = nn.Linear(_HIDDEN_WIDTH, 1)
        self.cls_layer2 = nn.Linear(_HIDDEN_WIDTH, 1)

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """uint8 [B, T, 27, 48, 3] to the logits of both heads, [B, T, 1]."""
        x = (frames.permute(0, 4, 1, 2, 3).float() / 255).to(self.fc1.weight.dtype)
        means = []
        for stack in self.SDDCNN:
            x = stack(x)
            means.append(x.mean((3, 4)).transpose(1, 2))
        pixels = x.permute(0, 2, 3, 4, 1).flatten(2)
        similarities = self.color_hist_layer(frames), self.frame_sim_layer(torch.cat(means, 2))
        hidden = functional.relu(self.fc1(torch.cat([*similarities, pixels], 2)))
        return self.cls_layer1(hidden), self.cls_layer2(hidden)


class WindowNetwork:
    """A network as `ClipExtractor(model=...)` takes it: windows of NumPy in, probabilities of both heads out.

    Args:
        network: from uint8 [B, T, 27, 48, 3] to logits of both heads, [B, T, 1].
        windows_per_call: windows in one batch.
    """

    has_many_hot = True

    def __init__(self, network: nn.Module, device: torch.device, windows_per_call: int, name: str) -> None:
        self._network = network.to(device).eval()
        self._device = device
        self.windows_per_call = windows_per_call
        self.name = self.__name__ = name

    @torch.inference_mode()
    def __call__(self, windows: npt.NDArray[np.uint8]) -> tuple[Any, Any]:
        # TF32 would round the products of convolutions to 10 bits.
        now = torch.backends.cudnn
        words = {"enabled": now.enabled, "benchmark": now.benchmark, "deterministic": now.deterministic}
        with torch.backends.cudnn.flags(**words, allow_tf32=False):
            single, many_hot = self._network(torch.from_numpy(windows).to(self._device))
        return single.sigmoid().float().cpu().numpy(), many_hot.sigmoid().float().cpu().numpy()


def load(
    weights: str | os.PathLike[str] | None = None,
    device: str | torch.device = "cuda",
    *,
    windows_per_call: int | None = None,
) -> WindowNetwork:
    """Loads TransNetV2 for a device of PyTorch.

    Args:
        weights: the published `.pth`; None: the one that `transnet.fetch_weights` has fetched.
        device: such as "cuda", "cuda:1" or "cpu".
        windows_per_call: windows in one batch; None: 16, on the CPU 1. One takes about 100 MB.

    Raises:
        NotFound: if the weights are missing.
        BadWeights: if the file holds other tensors.
    """
    path = os.fspath(weights) if weights is not None else os.fspath(weights_path())
    place = torch.device(device)
    try:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise NotFound(f"{path} is missing: fetch it with transnet.fetch_weights(), or name a file") from error
    network = TransNetV2()
    try:
        network.load_state_dict(tensors)
    except (RuntimeError, TypeError) as error:
        raise BadWeights(f"{path}: not the weights of TransNetV2: {error}") from error
    per_call = windows_per_call if windows_per_call is not None else 1 if place.type == "cpu" else 16
    return WindowNetwork(network, place, per_call, path)
