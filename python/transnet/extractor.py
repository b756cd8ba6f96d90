# SPDX-License-Identifier: Apache-2.0
"""From a video to clips."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from operator import index
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, Protocol

from . import _core
from ._options import absolute, defaults, documented, plain
from ._progress import Progress, reporting
from .errors import InvalidArgument
from .model import ShotModel
from .results import MadeBy, ModelInfo, VideoClips, VideoFrames, VideoPredictions

if TYPE_CHECKING:
    from typing import Unpack

    from ._keywords import DecisionKeywords, DecodeKeywords, ExtractorKeywords
    from .model import WindowFunction


class Reader(Protocol):
    """An object that reads bytes: a file that is open in binary mode, an object of a store, a pipe.

    If it also has ``seek``, ``tell`` and, if it has ``seekable``, that returns True, it is read from its start in blocks of
    4 MiB, with jumps; otherwise once from front to back. It is called on the thread that called transnet, and its
    exceptions come out unchanged.
    """

    def read(self, size: int, /) -> bytes: ...


#: Options of the weights, which a given network does not need.
_OF_LOADING = ("weights", "second_weights", "model_dir", "device", "precision", "gpu_memory_gb")
_PATH_OPTIONS = tuple(name for name, kind, *_ in _core.extractor_option_table() if kind == "path")

VideoSource = str | os.PathLike[str] | bytes | bytearray | memoryview | Reader


class ClipExtractor:
    __doc__ = f"""Turns a video into clip spans. The options have the names and defaults of NeMo Curator's stage.

    Any number of threads may use one extractor at once. It can be pickled if `model` can; the copy loads the network again
    when it needs it. So does an extractor in a forked process if `model` is a name; with a `ShotModel` or a function, it raises
    `Unsupported` there.

    Args:
        model: "transnetv2", "autoshot" or "both", whose published weights are used; or a `ShotModel`; or a function over
            windows, as `ShotModel.from_function` takes it. None: that of the profile.
        profile: "reference", as NeMo Curator's stage; or "accurate", which finds more transitions with two networks. It sets
            `model`, `threshold`, `many_hot_threshold` and `second_look` where they are not given.

    Options:
{documented("ClipExtractor")}

    Raises:
        TypeError: for an unknown option, and for a value of a wrong type.
        InvalidArgument: for a value out of range.
    """

    def __init__(
        self,
        *,
        model: str | ShotModel | WindowFunction | None = None,
        profile: Literal["reference", "accurate"] = "reference",
        **options: Unpack[ExtractorKeywords],
    ) -> None:
        self._options: dict[str, Any] = {**_core.options_of_profile(profile), **plain(options)}
        profile_model = self._options.pop("model", defaults("ClipExtractor")["model"])
        if model is None:
            model = profile_model
        self._model = model
        # The folder may be another one when the network is loaded.
        self._paths = {
            name: absolute(path)
            for name in _PATH_OPTIONS
            if (path := self._options.get(name)) and not Path(os.fsdecode(path)).is_absolute()
        }
        words = {**self._options, **self._paths}
        given = None
        if isinstance(model, str):
            words["model"] = model
        elif isinstance(model, ShotModel):
            given = model
        elif callable(model):
            given = ShotModel.from_function(model)
        else:
            raise TypeError(f"model must be a name, a ShotModel or a function, not {model!r}")
        self._given = given
        if given is not None:
            for name in _OF_LOADING:
                if self._options.get(name) is not None:
                    raise InvalidArgument(f"{name} has no effect with a model that is loaded")
        self._core = _core.Extractor(words, given._handle if given else None)

    @property
    def options(self) -> dict[str, Any]:
        """All options and their values."""
        return {**defaults("ClipExtractor"), **self._options, "model": self._model}

    @staticmethod
    def inputs() -> tuple[list[str], list[str]]:
        """Attributes that the stage needs, as the reference's stage states them."""
        return ["data"], []

    @staticmethod
    def outputs() -> tuple[list[str], list[str]]:
        """Attributes that the stage makes, as the reference's stage states them."""
        return ["data"], ["clips.extracted_frames"]

    def setup_on_node(self, *, progress: Progress = None) -> None:
        """Fetches missing weights; once per machine. Raises as `fetch_weights`."""
        with reporting(progress, "B") as report:
            self._core.setup_on_node(report)

    def setup(self) -> None:
        """Loads the model. The other methods call it if nobody has. Raises NotFound if the weights are missing."""
        self._core.setup()

    def extract(
        self,
        video: VideoSource,
        *,
        name: str | None = None,
        progress: Progress = None,
        snap_to: Iterable[int] = (),
        snap_frames: int = _core.snap_frames,
    ) -> VideoClips:
        """The transitions, scenes, shots and clips of a video, in one pass.

        Ctrl-C works at any moment.

        Args:
            video: a path, the bytes of a file, or an object with ``read``.
            name: of the video in the result; the UUIDs of the clips contain it. Default: the path, or the attribute ``name``
                of the object.
            progress: called with the numbers of finished and of expected frames (0: unknown); True shows a bar of tqdm.
            snap_to: frames, ascending, on which shots should begin. The border between two shots moves to its nearest one.
            snap_frames: a border moves by this many frames at most.

        Raises:
            Error: if no frame can be read. A video that breaks off gives a result with the status "partial".
        """
        start_s = time.monotonic()
        with reporting(progress, "frame") as report:
            values = self._core.extract(video, name, report, [*map(index, snap_to)], snap_frames)
        return VideoClips._of(values, _made_by(self._model_info(), self.options, start_s))

    def predict(self, video: VideoSource, *, name: str | None = None, progress: Progress = None) -> VideoPredictions:
        """The probability of every frame, with which `find_clips` can try any options. Arguments as `extract`."""
        with reporting(progress, "frame") as report:
            return VideoPredictions._of(self._core.predict(video, name, report))

    def _model_info(self) -> ModelInfo:
        return self._given.info if self._given else ModelInfo(**self._core.model().info())

    def __repr__(self) -> str:
        words = ", ".join(f"{name}={value!r}" for name, value in {"model": self._model, **self._options}.items())
        return f"transnet.ClipExtractor({words})"

    def __reduce__(self) -> tuple[Any, ...]:
        of_subclass = {name: value for name, value in vars(self).items() if name not in _FIELDS}
        return _rebuilt, (type(self), self._model, {**self._options, **self._paths}), of_subclass or None


#: The attributes that `ClipExtractor.__init__` sets.
_FIELDS = ("_options", "_paths", "_model", "_given", "_core")


def _rebuilt(kind: type[ClipExtractor], model: Any, options: dict[str, Any]) -> ClipExtractor:
    extractor = kind.__new__(kind)
    ClipExtractor.__init__(extractor, model=model, **options)  # that of a subclass may have other arguments
    return extractor


def find_clips(
    predictions: VideoPredictions,
    *,
    snap_to: Iterable[int] = (),
    snap_frames: int = _core.snap_frames,
    **options: Unpack[DecisionKeywords],
) -> VideoClips:
    """Decides: probabilities to transitions, scenes, shots and clips. It does not run the network.

    `snap_to` and `snap_frames` as of `ClipExtractor.extract`. `VideoPredictions.from_probabilities` makes predictions of an
    array.
    """
    if not isinstance(predictions, VideoPredictions):
        raise TypeError(
            f"predictions must be VideoPredictions, not {type(predictions).__name__}: ClipExtractor.predict gives them, "
            "VideoPredictions.from_probabilities makes them of an array"
        )
    start_s = time.monotonic()
    values = _core.find_clips(predictions, plain(options), [*map(index, snap_to)], snap_frames)
    return VideoClips._of(values, _made_by(None, {**defaults("find_clips"), **plain(options)}, start_s))


def _made_by(model: ModelInfo | None, options: dict[str, Any], start_s: float) -> MadeBy:
    """Of a result that began at `start_s` and is complete now."""
    kinds = (bool, int, float, str, NoneType)
    if model is not None and not isinstance(options["model"], str):
        options = {**options, "model": model.file}
    texts = {name: value if isinstance(value, kinds) else str(value) for name, value in options.items()}
    return MadeBy(_core.version(), model, texts, time.monotonic() - start_s)


def read_frames(
    video: VideoSource,
    *,
    name: str | None = None,
    frame_size: tuple[int, int] = (48, 27),
    progress: Progress = None,
    **options: Unpack[DecodeKeywords],
) -> VideoFrames:
    """All frames of a video as the network sees them, uint8 [n, height, width, 3]: 4 kB for each frame of 48x27.

    The bytes equal the output of ``ffmpeg -i FILE -f rawvideo -pix_fmt rgb24 -s 48x27 -``. `frame_size` is (width, height) for
    another network than the published ones. Other arguments as `ClipExtractor.extract`.
    """
    with reporting(progress, "frame") as report:
        return VideoFrames._of(_core.read_frames(video, name, frame_size, report, plain(options)))


for _function in (find_clips, read_frames):
    _function.__doc__ = f"{_function.__doc__}\n\n    Options:\n{documented(_function.__name__)}\n"
