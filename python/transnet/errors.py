# SPDX-License-Identifier: Apache-2.0
"""The exceptions of transnet: one class for each code, below one root.

A class is also the built-in exception that Python's own functions would raise, so that ``except FileNotFoundError`` works.
"""


class Error(Exception):
    """The root of all exceptions of transnet."""

    #: The kind of the failure, as in the command's JSON.
    code: str = "internal"


class InvalidArgument(Error, ValueError):
    """An option or argument outside its documented range."""

    code = "invalid_argument"


class NotFound(Error, FileNotFoundError):
    """The file does not exist."""

    code = "not_found"


class PermissionDenied(Error, PermissionError):
    """The file exists, but the process may not read or write it."""

    code = "permission_denied"


class IoError(Error, OSError):
    """Reading or writing failed: a full disk, a directory in place of a file."""

    code = "io"


class InvalidMedia(Error, ValueError):
    """Not a media file, or damaged beyond use."""

    code = "invalid_media"


class NoVideoStream(InvalidMedia):
    """A media file without a video stream."""

    code = "no_video_stream"


class NoFrames(InvalidMedia):
    """A video stream that yields no frame."""

    code = "no_frames"


class Unsupported(Error):
    """Valid, but not supported by this build or in this process."""

    code = "unsupported"


class BadShape(Error, ValueError):
    """An array of a wrong shape."""

    code = "bad_shape"


class BadWeights(Error, ValueError):
    """A weights file that is truncated, malformed or made for another network."""

    code = "bad_weights"


class DeviceUnavailable(Error, RuntimeError):
    """The requested device does not exist."""

    code = "device_unavailable"


class NetworkError(Error, ConnectionError):
    """A download failed."""

    code = "network"


class ChecksumMismatch(Error, ValueError):
    """A file does not have the published sha256."""

    code = "checksum_mismatch"


class LimitExceeded(Error):
    """A video exceeds one of the caller's limits."""

    code = "limit_exceeded"


class OutOfMemory(Error, MemoryError):
    """The system has no more memory or threads."""

    code = "out_of_memory"


class Cancelled(Error):
    """The caller asked to stop."""

    code = "cancelled"


class InternalError(Error, RuntimeError):
    """A defect in transnet or in a library that it uses."""


_CLASSES: dict[str, type[Error]] = {
    cls.code: cls
    for cls in (
        InvalidArgument,
        NotFound,
        PermissionDenied,
        IoError,
        InvalidMedia,
        NoVideoStream,
        NoFrames,
        Unsupported,
        BadShape,
        BadWeights,
        DeviceUnavailable,
        NetworkError,
        ChecksumMismatch,
        LimitExceeded,
        OutOfMemory,
        Cancelled,
        InternalError,
    )
}


def error_of(code: str, message: str) -> Error:
    """The exception for a code."""
    return _CLASSES.get(code, InternalError)(message)
