# SPDX-License-Identifier: Apache-2.0
"""The network, and a stream of frames through it."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import _core
from ._options import absolute, documented
from .results import ModelInfo, ShotProbabilities

if TYPE_CHECKING:
    from typing import Self, Unpack

    import numpy as np
    import numpy.typing as npt

    from ._keywords import ModelKeywords

    Windows = npt.NDArray[np.uint8]
    #: uint8 windows [n, 100, height, width, 3] to probabilities [n, 100] or [n, 100, 1], or a tuple of both heads.
    WindowFunction = Callable[[Windows], Any]


class _Held:
    """A function that a model runs. The library refers to it weakly, so that Python can collect an object that owns a model
    over one of its own methods."""

    __slots__ = ("__weakref__", "function")

    def __init__(self, function: WindowFunction) -> None:
        self.function = function

    def caller(self) -> WindowFunction:
        held = weakref.ref(self)

        def call(windows: Windows) -> Any:
            alive = held()
            if alive is None:
                raise ReferenceError("the model of this function is gone")
            return alive.function(windows)

        return call


class ShotModel:
    """A loaded network. It is immutable: any number of threads and streams may use it at once.

    A model keeps no connection to a process that is forked from this one: there, every use raises `Unsupported`.
    """

    __slots__ = ("_handle", "_held", "_origin")
    _handle: _core.Model
    _held: _Held | None
    #: A function and its arguments that load the model again.
    _origin: tuple[Any, ...] | None

    def __init__(self) -> None:
        raise TypeError("use ShotModel.load, ShotModel.from_function or ShotModel.mean_of")

    @classmethod
    def _made(cls, core: _core.Model, origin: tuple[Any, ...] | None, held: _Held | None = None) -> Self:
        self = object.__new__(cls)
        self._handle = core
        self._held = held
        self._origin = origin
        return self

    @classmethod
    def load(
        cls,
        weights: str | os.PathLike[str] | bytes | bytearray | memoryview,
        *,
        name: str = "weights in memory",
        **options: Unpack[ModelKeywords],
    ) -> Self:
        """Loads a `.pth` of TransNetV2 or AutoShot, or a TorchScript file, from a path or from its bytes.

        Reading a `.pth` runs no code. `name` takes the place of the path for bytes. The wheel's build has no LibTorch: for a
        GPU, pass a function over your own PyTorch, such as `transnet.torch.load`.

        """
        origin = None
        if isinstance(weights, (str, os.PathLike)):
            origin = _load, (cls, absolute(weights), dict(options))
        return cls._made(_core.Model.load(weights, name, dict(options)), origin)

    @classmethod
    def from_function(
        cls,
        function: WindowFunction,
        *,
        name: str | None = None,
        has_many_hot: bool | None = None,
        windows_per_call: int | None = None,
        frame_size: tuple[int, int] | None = None,
    ) -> Self:
        """A model whose network is a function.

        It gets windows, uint8 [n, 100, height, width, 3], n at most `windows_per_call`, and returns the probability of every
        frame in anything that `numpy.asarray` takes, of shape [n, 100] or [n, 100, 1]; with `has_many_hot` a tuple of both heads.
        `frame_size` is (width, height) of the frames in the windows, 1 to 512 pixels each.
        Arguments that are None are taken from attributes of the function with these names, and are otherwise its
        `__name__`, False, 1 and (48, 27).
        """
        if not callable(function):
            raise TypeError(f"a model must be callable, not {type(function).__name__}")
        name = name if name is not None else str(getattr(function, "__name__", type(function).__name__))
        many_hot = has_many_hot if has_many_hot is not None else bool(getattr(function, "has_many_hot", False))
        per_call = windows_per_call if windows_per_call is not None else int(getattr(function, "windows_per_call", 1))
        size = frame_size if frame_size is not None else getattr(function, "frame_size", None) or (48, 27)
        held = _Held(function)
        core = _core.Model.from_function(held.caller(), name, many_hot, per_call, size)
        return cls._made(core, (_from_function, (cls, function, name, many_hot, per_call, size)), held)

    @classmethod
    def mean_of(cls, first: ShotModel, second: ShotModel) -> Self:
        """A model that runs both: its first head is the mean of both, but at most 50 times the answer of `first`; its
        many-hot head comes from `first`. Both take frames of the same size."""
        for model in (first, second):
            if not isinstance(model, ShotModel):
                raise TypeError(f"a mean is of two ShotModels, not {model!r}")
        return cls._made(_core.Model.mean_of(first._handle, second._handle), (cls.mean_of, (first, second)))

    def predict(self, windows: Windows) -> ShotProbabilities:
        """Runs the network on windows, uint8 [n, 100, height, width, 3] as `info.frame_size`: float32 [n, 100] for each head.

        For the frames of a video, `ShotStream` is faster.
        """
        return ShotProbabilities(*self._handle.predict(windows))

    @property
    def info(self) -> ModelInfo:
        """Description of the model."""
        return ModelInfo(**self._handle.info())

    def __repr__(self) -> str:
        info = self.info
        return f"<transnet.ShotModel {info.kind} from {info.file!r} on {info.device}>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Loads the model again where it is unpickled."""
        if self._origin is None:
            raise TypeError("a model that was loaded from bytes cannot be pickled: load it from a file")
        return *self._origin, getattr(self, "__dict__", None)  # of a subclass


def _load(kind: type[ShotModel], weights: str, options: Any) -> ShotModel:
    return kind.load(weights, **options)


def _from_function(
    kind: type[ShotModel],
    function: WindowFunction,
    name: str,
    has_many_hot: bool,
    windows_per_call: int,
    frame_size: tuple[int, int],
) -> ShotModel:
    return kind.from_function(
        function,
        name=name,
        has_many_hot=has_many_hot,
        windows_per_call=windows_per_call,
        frame_size=frame_size,
    )


class ShotStream:
    """Runs a network on the frames of one video, which the caller pushes: from a camera, a pipe, another decoder.

    A frame has its answer after at most 75 pushed frames times `frame_step`, itself included. One thread may use a stream at a
    time. After an error, other than Ctrl-C between two frames and refused frames, the stream must not be used again.

    Args:
        model: the network; any number of streams can share one.
        frame_step: the network sees every N-th frame; its answer also counts for the next N - 1 frames.
        decides_at: the threshold at which a model of precision "auto" must decide as fp32: windows run in bf16, and again
            in fp32 if a probability is near. The second model of a mean runs only where it can change a decision. None:
            all windows run in fp32.
        many_hot_decides_at: the same for the second head. None: no decision uses that head.
    """

    __slots__ = ("_handle", "_model")

    def __init__(
        self,
        model: ShotModel,
        *,
        frame_step: int = 1,
        decides_at: float | None = None,
        many_hot_decides_at: float | None = None,
    ) -> None:
        if not isinstance(model, ShotModel):
            raise TypeError(f"a stream needs a ShotModel, not {type(model).__name__}")
        self._model = model
        self._handle = _core.Stream(model._handle, frame_step, decides_at, many_hot_decides_at)

    def push(self, frames: Windows) -> None:
        """Adds frames, uint8 [n, height, width, 3] in RGB: an array of NumPy, or any on the CPU with DLPack. Nothing is copied
        that lies in order in memory. Runs the network whenever a window is full."""
        self._handle.push(frames)

    def finish(self) -> None:
        """Ends the video: all remaining frames get their answers. A second call does nothing."""
        self._handle.finish()

    def take(self) -> ShotProbabilities:
        """The answers since the last call, float32 [n] for each head, in the order of the frames."""
        return ShotProbabilities(*self._handle.take())

    @property
    def pushed_frames(self) -> int:
        """Number of pushed frames."""
        return self._handle.pushed_frames

    @property
    def answered_frames(self) -> int:
        """Number of pushed frames that have an answer, taken or not."""
        return self._handle.answered_frames


ShotModel.__dict__["load"].__func__.__doc__ = f"{ShotModel.load.__doc__}\n        Options:\n{documented('ShotModel.load')}\n"


def model_of(model: Any) -> ShotModel:
    """A ShotModel from one, or from a function."""
    if isinstance(model, ShotModel):
        return model
    if callable(model):
        return ShotModel.from_function(model)
    raise TypeError(f"a model is a ShotModel or a function over windows, not {model!r}")
