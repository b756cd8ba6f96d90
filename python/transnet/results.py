# SPDX-License-Identifier: Apache-2.0
"""The results: immutable values with the fields of the C++ structs. They can be compared, copied and pickled.

Times are seconds from the first frame, or on the container's clock with ``absolute_times``. Spans of frames and of seconds
are half open: ``end_frame`` and ``end_s`` belong to the next frame.
"""

from __future__ import annotations

import dataclasses
import uuid as _uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from typing import Self

    import numpy as np
    import numpy.typing as npt

Status = Literal["complete", "partial", "failed"]


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, _uuid.UUID):
        return str(value)
    return value.tolist() if hasattr(value, "tolist") else value


class _Result:
    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Dictionaries, lists, texts and numbers, which ``json.dumps`` can write."""
        plain: dict[str, Any] = _plain(self)
        return plain


@dataclass(frozen=True, slots=True)
class TimeSpan(_Result):
    """Frames [start_frame, end_frame) and their time, [start_s, end_s) in seconds."""

    start_frame: int
    end_frame: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class HeadSummary(_Result):
    """The probabilities of one head over the frames of a transition."""

    peak: float
    mean: float


@dataclass(frozen=True, slots=True)
class Transition(TimeSpan):
    """A transition from one shot to the next. A hard cut is one frame: the last of the outgoing shot."""

    kind: Literal["cut", "gradual"]
    single: HeadSummary
    #: None if the model has no such head.
    many_hot: HeadSummary | None


@dataclass(frozen=True, slots=True)
class ClipSpan(TimeSpan):
    """A clip with its name: UUID version 5 of ``{source_video}_{start_frame}_{end_frame}`` in the URL namespace."""

    uuid: _uuid.UUID
    source_video: str


@dataclass(frozen=True, slots=True)
class Failure(_Result):
    """The reason why a video is partial."""

    #: As ``Error.code``.
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class AudioStream(_Result):
    """The container's statements about sound."""

    #: FFmpeg's number of the stream in the file.
    stream: int
    channels: int
    sample_rate_hz: int


@dataclass(frozen=True, slots=True)
class VideoMetadata(_Result):
    """The container's statements about its video; None where it states nothing."""

    #: Bytes of the whole file.
    size: int | None = None
    height: int | None = None
    width: int | None = None
    #: Degrees clockwise by which players turn the picture: 90, 180 or 270.
    rotation: int | None = None
    #: With ``pixel_height``: the shape of a pixel before the rotation; None = square.
    pixel_width: int | None = None
    pixel_height: int | None = None
    #: Average, frames per second.
    framerate: float | None = None
    num_frames: int | None = None
    #: Seconds.
    duration: float | None = None
    video_codec: str | None = None
    pixel_format: str | None = None
    audio_codec: str | None = None
    #: 1024 bit/s.
    bit_rate_k: int | None = None
    #: Of the first frame: "01:00:00:00"; "01:00:00;00" if numbers are left out (drop-frame).
    timecode: str | None = None
    #: FFmpeg's name: "mov,mp4,m4a,3gp,3g2,mj2".
    container: str | None = None
    #: When the first stream begins, on the container's clock.
    start_s: float | None = None
    #: The same with the sound before ``start_s`` that decoders need and players skip.
    first_packet_s: float | None = None
    #: In the order of the file, without the sound of other programs of a transport stream.
    audio_streams: tuple[AudioStream, ...] = ()

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        streams = tuple(AudioStream(**stream) for stream in values["audio_streams"])
        return cls(**{**values, "audio_streams": streams})


@dataclass(frozen=True, slots=True)
class BorderSnapCounts(_Result):
    """The borders between shots, where frames were given with `snap_to`."""

    #: Borders that moved to a given frame.
    moved: int
    #: Borders that stayed and are on no given frame.
    elsewhere: int


@dataclass(frozen=True, slots=True)
class MadeBy(_Result):
    """How a result was made."""

    #: The version of the package.
    transnet: str
    #: None if no network ran: by `find_clips`.
    model: ModelInfo | None
    #: All options by their names, with the values that were used.
    options: dict[str, Any]
    #: Wall time for this video.
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class VideoClips(_Result):
    """Everything that is decided about a video."""

    video: str
    #: "partial": read up to an error, before which all results lie.
    status: Status
    failure: Failure | None
    frame_count: int
    framerate: float
    #: Whether frame k is shown at k / framerate.
    is_constant_rate: bool
    #: From the first frame to the end of the last.
    duration_s: float
    #: The first frame's time stamp in the container.
    origin_s: float
    #: When the first frame is shown, on the clock of the spans: 0, or `origin_s`.
    start_s: float
    #: The part of the video that was analysed; None: the whole video. All spans lie in it.
    analysed: TimeSpan | None
    transitions: tuple[Transition, ...]
    #: The reference's scenes, before the length rules.
    scenes: tuple[TimeSpan, ...]
    #: One shot for each scene, with the frames of transitions that the option `transition_frames` gives it.
    shots: tuple[TimeSpan, ...]
    clips: tuple[ClipSpan, ...]
    warnings: tuple[str, ...]
    metadata: VideoMetadata
    #: None unless frames were given with `snap_to`.
    snapped: BorderSnapCounts | None
    #: Two results are equal whatever this is.
    made_by: MadeBy | None = field(default=None, compare=False, repr=False)

    @classmethod
    def _of(cls, values: dict[str, Any], made_by: MadeBy) -> Self:
        return cls(
            **{
                **values,
                "failure": _failure(values["failure"]),
                "analysed": _analysed(values["analysed"]),
                "transitions": tuple(map(_transition, values["transitions"])),
                "scenes": tuple(TimeSpan(**span) for span in values["scenes"]),
                "shots": tuple(TimeSpan(**span) for span in values["shots"]),
                "clips": tuple(ClipSpan(**{**clip, "uuid": _uuid.UUID(clip["uuid"])}) for clip in values["clips"]),
                "warnings": tuple(values["warnings"]),
                "metadata": VideoMetadata._of(values["metadata"]),
                "snapped": BorderSnapCounts(**values["snapped"]) if values["snapped"] else None,
                "made_by": made_by,
            }
        )


@dataclass(frozen=True, slots=True, eq=False)
class VideoPredictions(_Result):
    """The network's probabilities for a video, before any decision. `find_clips` decides."""

    video: str
    #: Frames per second.
    framerate: float
    is_constant_rate: bool
    #: float64 [n]: when each frame is shown, seconds from the first.
    starts_s: npt.NDArray[np.float64]
    #: Duration of the last frame; 0 = unknown.
    last_duration_s: float
    #: The first frame's time stamp in the container.
    origin_s: float
    #: The unit of the container's time stamps, seconds.
    tick_s: float
    status: Status
    failure: Failure | None
    warnings: tuple[str, ...]
    metadata: VideoMetadata
    #: The part of the video that the network has seen, of which alone there are probabilities; None: the whole video.
    analysed: TimeSpan | None
    #: float32 [n]: probability that the frame is the last of its shot.
    single: npt.NDArray[np.float32]
    #: float32 [n]: probability that the frame is part of a transition; None if the model has no such head.
    many_hot: npt.NDArray[np.float32] | None

    @classmethod
    def from_probabilities(cls, probabilities: npt.ArrayLike, framerate: float, *, video: str) -> Self:
        """Predictions for a video of a constant rate, from an array: of a file that ``transnet predict`` wrote, say.

        Args:
            probabilities: numbers from 0 to 1, [n], or [n, 2] with the ones of the many-hot head.
            framerate: frames per second.
            video: its name, which the UUIDs of its clips contain.
        """
        import numpy as np

        values = np.asarray(probabilities)
        if values.dtype.kind not in "fiu":
            raise TypeError(f"probabilities must be an array of numbers, not {type(probabilities).__name__}")
        if values.ndim != 1 and (values.ndim != 2 or values.shape[1] != 2):
            raise ValueError(f"probabilities must have the shape [n] or [n, 2], not {list(values.shape)}")
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError("probabilities must be between 0 and 1")
        if not 0 < framerate < float("inf"):
            raise ValueError(f"framerate must be a number above 0, not {framerate}")
        heads = np.ascontiguousarray(values.T if values.ndim == 2 else values[np.newaxis], np.float32)
        return cls(
            video=video,
            framerate=float(framerate),
            is_constant_rate=True,
            starts_s=np.arange(len(values)) / framerate,
            last_duration_s=1 / framerate,
            origin_s=0.0,
            tick_s=0.0,
            status="complete",
            failure=None,
            warnings=(),
            metadata=VideoMetadata(),
            analysed=None,
            single=heads[0],
            many_hot=heads[1] if values.ndim == 2 else None,
        )

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        return cls(
            **{
                **values,
                "failure": _failure(values["failure"]),
                "warnings": tuple(values["warnings"]),
                "analysed": _analysed(values["analysed"]),
                "metadata": VideoMetadata._of(values["metadata"]),
            }
        )


@dataclass(frozen=True, slots=True, eq=False)
class VideoFrames(_Result):
    """The frames of a video as the network sees them."""

    #: uint8 [n, height, width, 3], RGB: [n, 27, 48, 3] unless `frame_size` is another one.
    frames: npt.NDArray[np.uint8]
    #: The number of the first of them in the video; 0 unless ``start_s`` left out frames.
    first_frame: int
    #: float64 [n]: seconds, on the container's own clock.
    times_s: npt.NDArray[np.float64]
    #: float64 [n]: how long each frame is shown, as the file states; 0 = unknown.
    durations_s: npt.NDArray[np.float64]
    metadata: VideoMetadata
    #: Packets that the decoder refused and skipped.
    bad_packet_count: int
    #: Why the video ended early; None if it did not.
    error: str | None

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        return cls(**{**values, "metadata": VideoMetadata._of(values["metadata"])})


@dataclass(frozen=True, slots=True, eq=False)
class ShotProbabilities(_Result):
    """Probabilities of both heads, float32 of one shape."""

    #: Probability that the frame is the last of its shot.
    single: npt.NDArray[np.float32]
    #: Probability that the frame is part of a transition; None if the model has no such head.
    many_hot: npt.NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class ModelInfo(_Result):
    """Description of a loaded model."""

    file: str
    #: "transnetv2", "autoshot", "function", "torchscript", or two joined by "+".
    kind: str
    #: Hash of the file, lower-case hexadecimal.
    sha256: str
    is_published: bool
    device: str
    #: "auto": both fp32 and bf16.
    precision: str
    parameter_count: int
    has_many_hot: bool
    #: The threshold that the network's authors publish with it.
    threshold: float
    #: Width and height of the frames that the network takes.
    frame_size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Score(_Result):
    """Counts of transitions, and the values that follow from them."""

    #: True transitions.
    truth: int
    #: Found transitions that count.
    found: int
    #: True transitions that were found.
    matched: int
    #: As `matched`, or 0 if the rule makes no pairs.
    pairs: int
    missed: int
    wrong: int
    precision: float
    recall: float
    f1: float
    #: Mean over all true transitions; None without true transitions or pairs.
    iou: float | None
    #: Mean over the pairs, frames; None without pairs.
    mean_start_error: float | None
    #: Mean over the pairs, frames; None without pairs.
    mean_end_error: float | None


@dataclass(frozen=True, slots=True)
class Evaluation(_Result):
    """The scores of one video."""

    all: Score
    cut: Score
    gradual: Score
    #: Found transitions that do not count, because the labels say nothing about their frames.
    uncertain: int
    #: Indices of true transitions.
    missed: tuple[int, ...]
    #: Indices of found transitions.
    wrong: tuple[int, ...]

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        return cls(
            all=Score(**values["all"]),
            cut=Score(**values["cut"]),
            gradual=Score(**values["gradual"]),
            uncertain=values["uncertain"],
            missed=tuple(values["missed"]),
            wrong=tuple(values["wrong"]),
        )


def _failure(values: dict[str, Any] | None) -> Failure | None:
    return None if values is None else Failure(**values)


def _analysed(values: dict[str, Any] | None) -> TimeSpan | None:
    return None if values is None else TimeSpan(**values)


def _transition(values: dict[str, Any]) -> Transition:
    many_hot = values["many_hot"]
    return Transition(
        **{
            **values,
            "single": HeadSummary(**values["single"]),
            "many_hot": None if many_hot is None else HeadSummary(**many_hot),
        }
    )
