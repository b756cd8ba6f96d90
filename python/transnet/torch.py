# SPDX-License-Identifier: Apache-2.0
"""TransNetV2 and AutoShot in plain PyTorch, for a GPU: the user's own PyTorch runs them, and transnet does the rest.

    import transnet
    import transnet.torch
    extractor = transnet.ClipExtractor(model=transnet.torch.load(device="cuda"))

Sources of the networks: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838; Zhu et al.: "AutoShot", arXiv:2304.06116.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .errors import BadWeights, NotFound
from .weights import weights_path

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_NORM_EPSILON = 1e-3
_SIMILARITY_WIDTH = 128
_LOOKUP_FRAMES = 101
_HISTOGRAM_BINS = 512
_HIDDEN_WIDTH = 1024
_POOLED_PIXELS = 3 * 6
_FRAME_CHANNELS = 3


def _spatial(inputs: int, outputs: int) -> nn.Conv3d:
    """A 3x3 convolution inside a frame."""
    return nn.Conv3d(inputs, outputs, (1, 3, 3), padding=(0, 1, 1), bias=False)


def _temporal(inputs: int, outputs: int, dilation: int) -> nn.Conv3d:
    """A convolution over three frames."""
    return nn.Conv3d(inputs, outputs, (3, 1, 1), padding=(dilation, 0, 0), dilation=(dilation, 1, 1), bias=False)


class _Branch(nn.Module):
    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, frames: Tensor) -> Tensor:
        result: Tensor = self.layers(frames)
        return result


#: The numbers of inputs and outputs to a layer.
_MakeLinear = Callable[[int, int], nn.Module]


def _type_of(module: nn.Module) -> torch.dtype:
    return next(module.parameters()).dtype


def _neighbour_cosines(rows: Tensor) -> Tensor:
    """Cosines of every frame with itself and with 50 frames on each side: [B, T, D] to [B, T, 101]; 0 beyond the window."""
    rows = functional.normalize(rows, dim=2)
    batch, length = rows.shape[:2]
    padded = functional.pad(rows @ rows.transpose(1, 2), (_LOOKUP_FRAMES // 2, _LOOKUP_FRAMES // 2)).contiguous()
    width = length + _LOOKUP_FRAMES - 1
    return padded.as_strided((batch, length, _LOOKUP_FRAMES), (length * width, width + 1, 1))


class _FrameSimilarity(nn.Module):
    def __init__(self, inputs: int, linear: _MakeLinear) -> None:
        super().__init__()
        self.projection = linear(inputs, _SIMILARITY_WIDTH)
        self.fc = linear(_LOOKUP_FRAMES, _SIMILARITY_WIDTH)

    def forward(self, means: Tensor) -> Tensor:
        return functional.relu(self.fc(_neighbour_cosines(self.projection(means))))


class _ColorSimilarity(nn.Module):
    def __init__(self, linear: _MakeLinear) -> None:
        super().__init__()
        self.fc = linear(_LOOKUP_FRAMES, _SIMILARITY_WIDTH)

    def forward(self, frames: Tensor) -> Tensor:
        levels = (frames >> 5).flatten(2, 3).long()
        bins = levels[..., 0] * 64 + levels[..., 1] * 8 + levels[..., 2]
        counts = torch.zeros((*bins.shape[:2], _HISTOGRAM_BINS), device=frames.device)
        counts.scatter_add_(2, bins, torch.ones((1, 1, 1), device=frames.device).expand(bins.shape))
        return functional.relu(self.fc(_neighbour_cosines(counts).to(_type_of(self))))


class _ShotNetwork(nn.Module):
    """Three stacks of two blocks, two similarity branches and a classifier. The networks differ in their blocks."""

    #: That the network's authors publish with it.
    threshold: float

    def __init__(self, stack_channels: tuple[int, ...], linear: _MakeLinear, hidden: str) -> None:
        super().__init__()
        self.frame_sim_layer = _FrameSimilarity(sum(stack_channels), linear)
        self.color_hist_layer = _ColorSimilarity(linear)
        self._hidden = hidden
        self.add_module(hidden, linear(2 * _SIMILARITY_WIDTH + stack_channels[-1] * _POOLED_PIXELS, _HIDDEN_WIDTH))
        self.cls_layer1 = linear(_HIDDEN_WIDTH, 1)
        self.cls_layer2 = linear(_HIDDEN_WIDTH, 1)

    def _stacks(self) -> list[tuple[nn.Module, nn.Module]]:
        raise NotImplementedError

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """uint8 [B, T, 27, 48, 3] to the logits of both heads, [B, T, 1]."""
        x = (frames.permute(0, 4, 1, 2, 3).float() / 255).to(_type_of(self))
        means = []
        for first, second in self._stacks():
            shortcut = first(x)
            x = functional.avg_pool3d(second(shortcut) + shortcut, (1, 2, 2))
            means.append(x.mean((3, 4)).transpose(1, 2))
        pixels = x.permute(0, 2, 3, 4, 1).flatten(2)
        similarities = self.color_hist_layer(frames), self.frame_sim_layer(torch.cat(means, 2))
        hidden = functional.relu(self.get_submodule(self._hidden)(torch.cat([*similarities, pixels], 2)))
        return self.cls_layer1(hidden), self.cls_layer2(hidden)


class _Block(nn.Module):
    """A block of TransNetV2: each branch has a 3x3 convolution of its own."""

    _DILATIONS = (1, 2, 4, 8)

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        filters = outputs // len(self._DILATIONS)
        for dilation in self._DILATIONS:
            branch = _Branch(_spatial(inputs, 2 * filters), _temporal(2 * filters, filters, dilation))
            self.add_module(f"Conv3D_{dilation}", branch)
        self.bn = nn.BatchNorm3d(outputs, eps=_NORM_EPSILON)

    def forward(self, frames: Tensor) -> Tensor:
        branches = [self.get_submodule(f"Conv3D_{dilation}")(frames) for dilation in self._DILATIONS]
        return functional.relu(self.bn(torch.cat(branches, 1)))


class _Stack(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.DDCNN = nn.ModuleList([_Block(inputs, outputs), _Block(outputs, outputs)])


class TransNetV2(_ShotNetwork):
    """The network, with the names of the published state dict."""

    threshold = 0.4

    def __init__(self) -> None:
        channels = (64, 128, 256)
        super().__init__(channels, nn.Linear, hidden="fc1")
        self.SDDCNN = nn.ModuleList(map(_Stack, (_FRAME_CHANNELS, *channels), channels))

    def _stacks(self) -> list[tuple[nn.Module, nn.Module]]:
        return [(stack.DDCNN[0], stack.DDCNN[1]) for stack in self.SDDCNN]


class _AutoShotBlock(nn.Module):
    """A block of AutoShot: the branches have a 3x3 convolution each, or one together."""

    def __init__(self, inputs: int, spatial: int, outputs: int, branches: int, *, shares_spatial: bool) -> None:
        super().__init__()
        self.share = _spatial(inputs, spatial) if shares_spatial else None
        filters = [outputs // branches] * (branches - 1)
        filters.append(outputs - sum(filters))
        self.conv_blocks = nn.ModuleList()
        for number, count in enumerate(filters):
            own = [] if shares_spatial else [_spatial(inputs, spatial)]
            self.conv_blocks.append(_Branch(*own, _temporal(spatial, count, 2**number)))
        self.batch_norm = nn.BatchNorm3d(outputs, eps=_NORM_EPSILON)

    def forward(self, frames: Tensor) -> Tensor:
        if self.share is not None:
            frames = self.share(frames)
        return functional.relu(self.batch_norm(torch.cat([branch(frames) for branch in self.conv_blocks], 1)))


class _NamedLinear(nn.Module):
    """A layer whose tensors are named as AutoShot's are."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)

    def forward(self, rows: Tensor) -> Tensor:
        result: Tensor = self.linear(rows)
        return result


class AutoShot(_ShotNetwork):
    """The network that a search over relatives of TransNetV2 found, with the names of the published state dict."""

    threshold = 0.296
    #: Tensors of the published file for a candidate with attention, which the search did not choose.
    UNUSED = ("fc1.linear.weight", "fc1.linear.bias")

    def __init__(self) -> None:
        super().__init__((64, 128, 256), _NamedLinear, hidden="fc1_0")
        self.Layer_0_3 = _AutoShotBlock(_FRAME_CHANNELS, 16, 64, 4, shares_spatial=False)
        self.Layer_1_8 = _AutoShotBlock(64, 64, 64, 5, shares_spatial=True)
        self.Layer_2_8 = _AutoShotBlock(64, 128, 128, 5, shares_spatial=True)
        self.Layer_3_8 = _AutoShotBlock(128, 128, 128, 5, shares_spatial=True)
        self.Layer_4_13 = _AutoShotBlock(128, 192, 256, 5, shares_spatial=False)
        self.Layer_5_12 = _AutoShotBlock(256, 128, 256, 5, shares_spatial=False)

    def _stacks(self) -> list[tuple[nn.Module, nn.Module]]:
        return [(self.Layer_0_3, self.Layer_1_8), (self.Layer_2_8, self.Layer_3_8), (self.Layer_4_13, self.Layer_5_12)]


#: For the flags of cuDNN, which two threads must not change at once.
_FLAGS_LOCK = threading.Lock()


class WindowNetwork:
    """A network as `ClipExtractor(model=...)` takes it: windows of NumPy in, probabilities of both heads out.

    Args:
        network: from uint8 [B, T, height, width, 3] to logits of both heads, [B, T, 1].
        windows_per_call: windows in one batch.
        frame_size: width and height of the frames.
    """

    has_many_hot = True

    def __init__(
        self,
        network: nn.Module,
        device: torch.device,
        windows_per_call: int,
        name: str,
        frame_size: tuple[int, int] = (48, 27),
    ) -> None:
        self._network = network.to(device).eval()
        self._device = device
        self.windows_per_call = windows_per_call
        self.frame_size = frame_size
        #: That the network's authors publish with it.
        self.threshold = float(getattr(network, "threshold", TransNetV2.threshold))
        self.name = self.__name__ = name

    @torch.inference_mode()
    def __call__(self, windows: npt.NDArray[np.uint8]) -> tuple[Any, Any]:
        frames = torch.from_numpy(windows).to(self._device)
        single, many_hot = self._without_tf32(frames) if self._device.type == "cuda" else self._network(frames)
        return single.sigmoid().float().cpu().numpy(), many_hot.sigmoid().float().cpu().numpy()

    def _without_tf32(self, frames: Tensor) -> Any:
        """TF32 would round the products of convolutions to 10 bits. The flags belong to the process."""
        now = torch.backends.cudnn
        with _FLAGS_LOCK:
            words = {"enabled": now.enabled, "benchmark": now.benchmark, "deterministic": now.deterministic}
            with now.flags(**words, allow_tf32=False):
                return self._network(frames)


def load(
    weights: str | os.PathLike[str] | None = None,
    device: str | torch.device = "cuda",
    *,
    windows_per_call: int | None = None,
) -> WindowNetwork:
    """Loads TransNetV2 or AutoShot, which the names of the tensors tell apart, for a device of PyTorch.

    The attribute `threshold` of the result is the one that the network's authors publish, 0.4 or 0.296. `ClipExtractor`
    takes 0.4 unless it is given:

        network = transnet.torch.load(transnet.weights_path(model="autoshot"))
        extractor = transnet.ClipExtractor(model=network, threshold=network.threshold)

    Args:
        weights: a published `.pth`; None: TransNetV2's, which `transnet.fetch_weights` has fetched.
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
    except (UnpicklingError, EOFError, RuntimeError) as error:
        raise BadWeights(f"{path}: not the weights of TransNetV2 or AutoShot: {error}") from error
    network = _network_of(tensors, path)
    per_call = windows_per_call if windows_per_call is not None else 1 if place.type == "cpu" else 16
    return WindowNetwork(network, place, per_call, path)


def _network_of(tensors: Any, path: str) -> _ShotNetwork:
    """The network whose tensors have the most names in common with a file's."""
    if isinstance(tensors, dict) and [*tensors] == ["net"]:
        tensors = tensors["net"]  # AutoShot's checkpoint holds its state dict in a dictionary
    if not isinstance(tensors, dict):
        raise BadWeights(f"{path}: not the weights of TransNetV2 or AutoShot: no dictionary of tensors")
    networks: list[_ShotNetwork] = [TransNetV2(), AutoShot()]
    network = max(networks, key=lambda one: len(one.state_dict().keys() & tensors.keys()))
    is_autoshot = isinstance(network, AutoShot)
    if is_autoshot:
        tensors = {name: tensor for name, tensor in tensors.items() if name not in AutoShot.UNUSED}
    try:
        network.load_state_dict(tensors)
    except (RuntimeError, TypeError, AttributeError) as error:
        raise BadWeights(f"{path}: not the weights of {type(network).__name__}: {error}") from error
    return network
