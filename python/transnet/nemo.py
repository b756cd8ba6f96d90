# SPDX-License-Identifier: Apache-2.0
"""A stage for NeMo Curator in the place of its `TransNetV2ClipExtractionStage`: the same fields, defaults, errors and clips.

    from transnet.nemo import TransNetV2ClipExtractionStage

Two things differ from the reference. Every window of the network is full, as the reference documents it, while its code leaves
the last one short: probabilities of the last frames of a video differ. And the network runs in transnet, on the CPU by
default; `gpu_memory_gb=0` asks for CPUs instead of a part of a GPU, which a cluster without a GPU never has.

Without NeMo Curator the module can be imported, and the stage works on any objects with the attributes of its tasks.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import functions
from .extractor import read_frames
from .model import ShotModel, ShotStream
from .weights import fetch_weights, weights_path

if TYPE_CHECKING:
    from typing import Generic, TypeVar

    import numpy as np
    import numpy.typing as npt

    _Input = TypeVar("_Input")
    _Output = TypeVar("_Output")

    class ProcessingStage(Generic[_Input, _Output]): ...

    VideoTask = Any
    Clip = Any
    Resources = Any
    HAS_NEMO = True
else:
    try:
        from nemo_curator.stages.base import ProcessingStage
        from nemo_curator.stages.resources import Resources
        from nemo_curator.tasks.video import Clip, VideoTask

        HAS_NEMO = True
    except ModuleNotFoundError as error:
        if error.name != "nemo_curator":
            raise  # its installation lacks something
        HAS_NEMO = False
        VideoTask = Any

        class ProcessingStage:
            """Stands for NeMo Curator's base class, which is missing."""

            def __class_getitem__(cls, _types):
                return cls

        @dataclass
        class Resources:
            """As NeMo Curator's."""

            cpus: float = 1.0
            gpu_memory_gb: float = 0.0

        @dataclass
        class Clip:
            """As NeMo Curator's: the fields that the stage sets."""

            uuid: uuid.UUID
            source_video: str
            span: tuple[float, float]


_LOG = logging.getLogger("transnet.nemo")
_WINDOW_FRAMES = 100
_WINDOW_STRIDE = 50
_WINDOW_CONTEXT = 25


class TransNetV2:
    """The network behind the interface of NeMo Curator's model of the same name."""

    #: The stage asks it about whole videos instead of windows.
    takes_videos = True

    def __init__(self, model_dir: str | None = None, *, threads: int = 0) -> None:
        self.model_dir = model_dir
        self._threads = threads
        self._model: ShotModel | None = None

    @property
    def model_id_names(self) -> list[str]:
        """The folder of the weights below `model_dir`."""
        return ["Sn4kehead/TransNetV2"]

    def setup(self) -> None:
        """Loads the network. Raises FileNotFoundError if the weights are missing."""
        self._model = ShotModel.load(weights_path(self.model_dir), threads=self._threads)

    @classmethod
    def download_weights_on_node(cls, model_dir: str | None = None) -> None:
        """Fetches missing weights."""
        fetch_weights(model_dir)

    def __call__(self, windows: Any) -> Any:
        """The first head: windows [n, T, 27, 48, 3] to probabilities [n, T, 1], both of PyTorch, T at most 100.

        A shorter window is continued with copies of its last frame.
        """
        import numpy as np
        import torch

        frames = np.asarray(windows.cpu())
        length = frames.shape[1]
        missing = np.repeat(frames[:, -1:], _WINDOW_FRAMES - length, axis=1)
        full = np.ascontiguousarray(np.concatenate([frames, missing], axis=1), np.uint8)
        return torch.from_numpy(self._loaded().predict(full).single[:, :length, None])

    def predict_video(self, frames: npt.NDArray[np.uint8], threshold: float) -> npt.NDArray[np.uint8]:
        """0 or 1 for each frame, uint8 [n, 1], of frames [n, 27, 48, 3]."""
        from . import _core

        stream = ShotStream(self._loaded(), decides_at=threshold)
        stream.push(frames)
        stream.finish()
        return _core.apply_threshold(stream.take().single, threshold).reshape(-1, 1)

    def _loaded(self) -> ShotModel:
        if self._model is None:
            raise AttributeError("the model is not loaded: call setup() first")
        return self._model


def _get_batches(frames: Any) -> Iterator[Any]:
    """The reference's windows, of which the last one is short; `transnet.get_batches` gives full ones."""
    count = len(frames)
    for first in range(0, count, _WINDOW_STRIDE):
        begin = first - _WINDOW_CONTEXT
        yield frames[[max(0, number) for number in range(begin, min(begin + _WINDOW_FRAMES, count))]]


def _get_predictions(model: Any, frames: Any, threshold: float) -> npt.NDArray[np.uint8]:
    """0 or 1 for each frame, uint8 [n, 1]. A model of another kind gets windows of PyTorch, as the reference's does."""
    import numpy as np

    if getattr(type(model), "takes_videos", False):
        return np.asarray(model.predict_video(np.ascontiguousarray(frames), threshold))
    import torch

    tensor = torch.as_tensor(frames)
    if tensor.ndim != 4:
        raise ValueError(f"Expected frames tensor to have rank 4, got {tensor.ndim}")
    rows = []
    for batch in _get_batches(tensor):
        answer = model(batch.unsqueeze(0))[0]
        rows.append(np.asarray(answer.cpu())[_WINDOW_CONTEXT : _WINDOW_CONTEXT + _WINDOW_STRIDE])
    return (np.concatenate(rows)[: len(tensor)] > threshold).astype(np.uint8)


def _get_scenes(predictions: npt.NDArray[np.uint8], entire_scene_as_clip: bool = True) -> npt.NDArray[np.int32]:
    return _narrow(functions.get_scenes(predictions, entire_scene_as_clip))


def _get_filtered_scenes(
    scenes: npt.NDArray[np.int32],
    min_length: int | None = None,
    max_length: int | None = None,
    max_length_mode: Literal["truncate", "stride"] = "truncate",
    crop_length: int | None = None,
) -> npt.NDArray[np.int32]:
    if scenes.ndim != 2:
        raise ValueError("Scenes numpy array needs to be a 2D rank matrix")
    if max_length is not None and max_length_mode not in ("truncate", "stride"):
        raise NotImplementedError(f"Method `{max_length_mode}` not implemented")
    mode: Literal["truncate", "stride"] = max_length_mode if max_length is not None else "truncate"
    return _narrow(functions.get_filtered_scenes(scenes, min_length, max_length, mode, crop_length))


def _crop_scenes(scenes: npt.NDArray[np.int32], crop_length: int) -> npt.NDArray[np.int32]:
    return _narrow(functions.crop_scenes(scenes, crop_length))


def _create_spans(start: int, end: int, max_length: int, min_length: int | None = None) -> list[list[int]]:
    spans: list[list[int]] = functions.create_spans(start, end, max_length, min_length).tolist()
    return spans


def _narrow(scenes: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    import numpy as np

    return scenes.astype(np.int32)


@dataclass
class TransNetV2ClipExtractionStage(ProcessingStage[VideoTask, VideoTask]):
    """Adds the clips of a video to its task.

    Args: as the reference's stage. `gpu_memory_gb`: 0 asks for CPUs (`cpus`) instead of a part of a GPU.
    `model_dir`: None is the user's cache folder. `cpus`: threads of the network, and the CPUs to ask for with
    `gpu_memory_gb=0`; 0 means 4 and all cores.
    """

    model_dir: str | None = None
    threshold: float = 0.4
    min_length_s: float | None = 2.0
    max_length_s: float | None = 10.0
    max_length_mode: Literal["truncate", "stride"] = "stride"
    crop_s: float | None = 0.5
    entire_scene_as_clip: bool = True
    gpu_memory_gb: float = 10
    limit_clips: int = -1
    verbose: bool = False
    name: str = "transnetv2_clip_extraction"
    cpus: int = 0

    def __post_init__(self) -> None:
        if self.gpu_memory_gb:
            self.resources = Resources(gpu_memory_gb=self.gpu_memory_gb)
        else:
            self.resources = Resources(cpus=float(self.cpus or 4))
        self._model: Any = None

    def inputs(self) -> tuple[list[str], list[str]]:
        return ["data"], []

    def outputs(self) -> tuple[list[str], list[str]]:
        return ["data"], ["clips.extracted_frames"]

    def setup_on_node(self, _node_info: Any = None, _worker_metadata: Any = None) -> None:
        """Fetches missing weights."""
        TransNetV2.download_weights_on_node(self.model_dir)

    def setup(self, _worker_metadata: Any = None) -> None:
        """Loads the network."""
        self._model = TransNetV2(self.model_dir, **({"threads": self.cpus} if self.cpus else {}))
        self._model.setup()

    def process(self, task: Any) -> Any:
        video = task.data
        if not video.has_metadata() or video.metadata is None or video.metadata.framerate is None:
            _LOG.warning("Incomplete metadata for %s. Skipping...", video.input_video)
            return task
        frames = self._frames_of(video)
        framerate = video.metadata.framerate
        predictions = _get_predictions(self._model, frames, self.threshold)
        scenes = _get_scenes(predictions, entire_scene_as_clip=self.entire_scene_as_clip)
        filtered = _get_filtered_scenes(
            scenes,
            min_length=_frames_in(self.min_length_s, framerate),
            max_length=_frames_in(self.max_length_s, framerate),
            max_length_mode=self.max_length_mode,
            crop_length=_frames_in(self.crop_s, framerate),
        )
        self._add_clips(video, filtered, framerate)
        video.frame_array = None
        if not video.clips:
            _LOG.warning("No scene cuts predicted for %s.", video.input_video)
        elif self.verbose:
            _LOG.info("%s: %d scenes, %d clips", video.input_video, len(scenes), len(video.clips))
        return task

    def _frames_of(self, video: Any) -> Any:
        frames = video.frame_array
        if frames is None:
            return self._decoded(video)
        if tuple(frames.shape[1:]) == (48, 27, 3):
            frames = frames.transpose(0, 2, 1, 3)
        if tuple(frames.shape[1:]) != (27, 48, 3):
            raise ValueError(f"Expected frames of shape 27x48x3, got {'x'.join(map(str, frames.shape[1:]))}")
        return frames

    def _decoded(self, video: Any) -> Any:
        """Frames of a video that no earlier stage has decoded, if the model is transnet's own."""
        source = getattr(video, "source_bytes", None)
        if not getattr(type(self._model), "takes_videos", False) or (
            source is None and not Path(video.input_video).exists()
        ):
            raise ValueError("Run `FrameExtractionStage` stage prior to this one")
        # The bytes stay for the stages after this one.
        name = str(video.input_video)
        return read_frames(bytes(source) if source is not None else Path(name), name=name, timing="constant-rate").frames

    def _add_clips(self, video: Any, scenes: Any, framerate: float) -> None:
        for start, end in scenes.tolist():
            if 0 < self.limit_clips <= len(video.clips):
                return
            video.clips.append(
                Clip(
                    uuid=_uuid_of(f"{video.input_video}_{start}_{end}"),
                    source_video=str(video.input_video),
                    span=(start / framerate, end / framerate),
                )
            )


def _uuid_of(name: str) -> uuid.UUID:
    """As ``uuid.uuid5(uuid.NAMESPACE_URL, name)``, also of a file's name that is not UTF-8."""
    data = uuid.NAMESPACE_URL.bytes + name.encode("utf-8", "surrogateescape")
    return uuid.UUID(bytes=hashlib.sha1(data, usedforsecurity=False).digest()[:16], version=5)


def _frames_in(seconds: float | None, framerate: float) -> int | None:
    """As the reference: no length, and 0, skip a step."""
    return int(seconds * framerate) if seconds else None
