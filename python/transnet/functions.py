# SPDX-License-Identifier: Apache-2.0
"""The reference's functions on arrays of NumPy. All lengths are frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import index
from typing import TYPE_CHECKING, Any, Literal

from . import _core
from .errors import InvalidArgument
from .model import ShotModel, ShotStream, model_of
from .results import Evaluation, Transition, VideoClips, VideoFrames, VideoPredictions

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from .model import WindowFunction

    Frames = npt.NDArray[np.uint8]
    Scenes = npt.NDArray[np.int64]
    #: Start frame, end frame, kind, whether it is at an edge of the video.
    _Row = tuple[int, int, str | None, bool]


def get_batches(frames: Frames, frame_size: tuple[int, int] = (48, 27)) -> Iterator[Frames]:
    """The windows of a video, uint8 [100, height, width, 3], one every 50 frames with 25 frames of context on both sides.

    Copies of the first frame pad the front and copies of the last frame pad the end, so that every window is full.

    Args:
        frames: uint8 [n, height, width, 3].
        frame_size: width and height of the frames.
    """
    if not hasattr(frames, "__len__"):
        raise TypeError(
            f"frames must be an array uint8 [n, height, width, 3], not {type(frames).__name__}"
            + (": pass its frames" if isinstance(frames, VideoFrames) else "")
        )
    frames = _in_order(frames)
    count = _core.checked_window_count(frames, frame_size)
    return (_core.window(frames, number, frame_size) for number in range(count))


def _in_order(frames: Frames) -> Frames:
    """The same array, or one copy of it: otherwise each window would copy all of it."""
    import numpy as np

    return np.ascontiguousarray(frames) if isinstance(frames, np.ndarray) else frames


def get_probabilities(model: ShotModel | WindowFunction, frames: Frames) -> npt.NDArray[np.float32]:
    """The probability of every frame that it is the last of its shot, float32 [n].

    Args:
        model: a `ShotModel`, or a function over windows as `ShotModel.from_function` takes it.
        frames: uint8 [n, 27, 48, 3], or the size that the model takes.
    """
    stream = ShotStream(model_of(model))
    stream.push(frames)
    stream.finish()
    return stream.take().single


def get_predictions(model: ShotModel | WindowFunction, frames: Frames, threshold: float) -> npt.NDArray[np.uint8]:
    """uint8 [n, 1]: 1 where the probability is above the threshold, strictly and in single precision; else 0."""
    return _core.apply_threshold(get_probabilities(model, frames), threshold).reshape(-1, 1)


def get_scenes(predictions: npt.ArrayLike, entire_scene_as_clip: bool) -> Scenes:
    """Cuts a video at its transitions: int64 rows [start, end].

    A rise 0 to 1 at frame i != 0 closes the scene (start, i). A fall 1 to 0 at i starts the next scene at i. If a scene was
    closed and the last frame is 0, (start, n - 1) is added. If none was closed and `entire_scene_as_clip`, the whole video
    is (0, n).

    Args:
        predictions: 0 or 1 for each frame, [n] or [n, 1].
    """
    import numpy as np

    values = np.asarray(predictions)
    if values.dtype == object:
        raise TypeError(f"predictions must be 0 or 1 for each frame, not {type(predictions).__name__}")
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise ValueError(f"predictions must have the shape [n] or [n, 1], not {list(values.shape)}")
    if values.dtype.kind not in "biu" and values.size > 0:
        raise TypeError(f"predictions must be 0 or 1, not {values.dtype}")
    if values.size > 0 and not np.isin(values, (0, 1)).all():
        raise ValueError("predictions must be 0 or 1")
    return _core.get_scenes(np.ascontiguousarray(values, np.uint8), entire_scene_as_clip)


def get_filtered_scenes(
    scenes: npt.ArrayLike,
    min_length: int | None = None,
    max_length: int | None = None,
    max_length_mode: Literal["truncate", "stride"] = "truncate",
    crop_length: int | None = None,
) -> Scenes:
    """Brings scenes to the wanted lengths: first `max_length`, then `crop_length` off both ends, then `min_length`.

    None skips a step.

    Args:
        scenes: integer rows [start, end].
    """
    return _core.get_filtered_scenes(_rows(scenes), min_length, max_length, max_length_mode, crop_length)


def crop_scenes(scenes: npt.ArrayLike, crop_length: int) -> Scenes:
    """Crops `crop_length` frames from both ends and drops scenes that become empty."""
    return _core.crop_scenes(_rows(scenes), crop_length)


def create_spans(start: int, end: int, max_length: int, min_length: int | None = None) -> Scenes:
    """Consecutive pieces of `max_length`, int64 rows [start, end]; a last piece shorter than `min_length` is dropped."""
    return _core.create_spans(start, end, max_length, min_length)


def _rows(scenes: npt.ArrayLike) -> Scenes:
    import numpy as np

    rows = np.asarray(scenes)
    if rows.dtype == object:
        raise TypeError(f"scenes must be rows of two frame numbers, not {type(scenes).__name__}")
    if rows.size == 0:
        return np.empty((0, 2), np.int64)
    if rows.ndim != 2 or rows.shape[1] != 2:
        raise ValueError(f"scenes must have the shape [n, 2], not {list(rows.shape)}")
    if rows.dtype.kind not in "iu":
        raise TypeError(f"scenes must be frame numbers, not {rows.dtype}")
    return np.ascontiguousarray(rows, np.int64)


def evaluate(
    truth: Iterable[Transition | Sequence[Any]],
    found: VideoClips | Iterable[Transition | Sequence[Any]],
    *,
    uncertain: Iterable[tuple[int, int]] = (),
    rule: Literal["published", "strict", "clipshots"] = "published",
    tolerance_frames: int = 2,
) -> Evaluation:
    """Scores the found transitions of a video against the true ones.

    Args:
        truth: transitions in order: `Transition`, or tuples (start_frame, end_frame) or (start_frame, end_frame, kind) with
            the frames [start_frame, end_frame), of which the first is the last frame of the shot before.
        found: the same, or the result of `ClipExtractor.extract`.
        uncertain: ranges [start, end) of frames of which the labels say nothing.
        rule: which found transition matches which true one; docs/eval.md describes the rules.
        tolerance_frames: how far apart both may be. "clipshots" does not use it.
    """
    true = list(truth)
    if found is truth:  # an iterator is empty now
        found = true
    labels = [_labelled(transition) for transition in true]
    if isinstance(found, VideoClips):
        last = found.frame_count - 1
        rows: list[_Row] = [
            (t.start_frame, t.end_frame, t.kind, t.start_frame == 0 or t.end_frame > last) for t in found.transitions
        ]
        for start, end, *_ in labels:
            if end > found.frame_count:
                raise InvalidArgument(f"a transition is ({start}, {end}), but the video ends at frame {found.frame_count}")
    elif isinstance(found, VideoPredictions):
        raise TypeError("found must be transitions, not VideoPredictions: find_clips decides about them")
    else:
        rows = [_labelled(transition) for transition in found]
    ranges = [_frames(part, "an uncertain range is (start, end)") for part in uncertain]
    return Evaluation._of(_core.evaluate(labels, ranges, rows, rule, tolerance_frames))


def _labelled(transition: Transition | Sequence[Any]) -> _Row:
    if isinstance(transition, Transition):
        transition = transition.start_frame, transition.end_frame, transition.kind
    rule = "a transition is a Transition or (start_frame, end_frame) with or without a kind"
    try:
        start, end, *kinds = transition
    except (TypeError, ValueError):
        raise TypeError(f"{rule}, not {transition!r}") from None
    kind = kinds[0] if kinds else None
    if len(kinds) > 1 or not isinstance(kind, str | None):
        raise TypeError(f"{rule}, not {transition!r}")
    return *_frames((start, end), rule), kind, False


def _frames(row: Sequence[Any], rule: str) -> tuple[int, int]:
    """A range of frames that is not empty."""
    try:
        start, end = map(index, row)
    except (TypeError, ValueError):
        raise TypeError(f"{rule}, not {row!r}") from None
    if not 0 <= start < end:
        raise InvalidArgument(f"{rule}: the frames {start} to {end} are no range")
    return start, end
