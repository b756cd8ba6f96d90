# SPDX-License-Identifier: Apache-2.0
"""Turns videos into clip spans with TransNetV2.

    import transnet
    for clip in transnet.ClipExtractor(min_length_s=1).extract("video.mp4").clips:
        print(clip.uuid, clip.start_s, clip.end_s)

transnet.fetch_weights() downloads the network's weights once.
"""

from typing import TYPE_CHECKING as _TYPE_CHECKING

from . import _core, errors
from .errors import Error
from .extractor import ClipExtractor, Reader, VideoSource, find_clips, read_frames
from .functions import (
    create_spans,
    crop_scenes,
    evaluate,
    get_batches,
    get_filtered_scenes,
    get_predictions,
    get_probabilities,
    get_scenes,
)
from .model import ShotModel, ShotStream
from .results import (
    AudioStream,
    BorderSnapCounts,
    ClipSpan,
    Evaluation,
    Failure,
    HeadSummary,
    MadeBy,
    ModelInfo,
    Score,
    ShotProbabilities,
    TimeSpan,
    Transition,
    VideoClips,
    VideoFrames,
    VideoMetadata,
    VideoPredictions,
)
from .weights import fetch_weights, recommended_threshold, weights_path

if _TYPE_CHECKING:
    from .isolated import IsolatedExtractor
    from .stores import StoredVideo
    from .stores import open_video as open  # noqa: A004
else:
    # Few programs need them, and what they import takes longer than all other modules together.
    _LATER = {
        "IsolatedExtractor": ("isolated", "IsolatedExtractor"),
        "StoredVideo": ("stores", "StoredVideo"),
        "open": ("stores", "open_video"),
    }

    def __getattr__(name: str) -> object:
        if name not in _LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        module, its_name = _LATER[name]
        value = getattr(import_module(f"{__name__}.{module}"), its_name)
        globals()[name] = value
        return value


__version__ = _core.version()

__all__ = [
    "AudioStream",
    "BorderSnapCounts",
    "ClipExtractor",
    "ClipSpan",
    "Error",
    "Evaluation",
    "Failure",
    "HeadSummary",
    "IsolatedExtractor",
    "MadeBy",
    "ModelInfo",
    "Reader",
    "Score",
    "ShotModel",
    "ShotProbabilities",
    "ShotStream",
    "StoredVideo",
    "TimeSpan",
    "Transition",
    "VideoClips",
    "VideoFrames",
    "VideoMetadata",
    "VideoPredictions",
    "VideoSource",
    "__version__",
    "create_spans",
    "crop_scenes",
    "errors",
    "evaluate",
    "fetch_weights",
    "find_clips",
    "get_batches",
    "get_filtered_scenes",
    "get_predictions",
    "get_probabilities",
    "get_scenes",
    "open",
    "read_frames",
    "recommended_threshold",
    "weights_path",
]
