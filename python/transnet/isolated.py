# SPDX-License-Identifier: Apache-2.0
"""An extractor in a process of its own: a video that crashes, hangs or fills the memory fails alone."""

from __future__ import annotations

import errno
import json
import math
import multiprocessing.connection
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from operator import index
from typing import TYPE_CHECKING, Any

from . import _core, errors
from ._options import absolute, defaults, unknown_keyword
from ._progress import Progress, ProgressFunction, reporting
from .extractor import ClipExtractor
from .results import ModelInfo, VideoClips, VideoPredictions
from .stores import is_address, open_video, text_without_credentials, without_credentials

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

#: A video for a process of its own: a path or an address, or the bytes of a file.
IsolatedSource = str | os.PathLike[str] | bytes | bytearray | memoryview

#: In the place of an error's code: an answer that is no result yet.
_PROGRESS = "progress"
_TYPE_ERROR = "TypeError"
#: The child's status if there is no memory for a request.
_NO_MEMORY = errno.ENOMEM
#: From the end of a connection to the end of the child.
_END_S = 10.0
_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from transnet.isolated import main; main()"
# Where transnet's exception has no code, because a store's library raised it.
_CODES = {
    FileNotFoundError: "not_found",
    PermissionError: "permission_denied",
    MemoryError: "out_of_memory",
    OSError: "io",
    ValueError: "invalid_argument",
}


class IsolatedExtractor:
    """A `ClipExtractor` in a child process, which loads the network once.

    If the child dies or exceeds a limit, `extract` raises, and the next call starts a new child. For one thread at a time;
    a forked process starts a child of its own.

    Args:
        max_video_s: seconds for one video, with the transfer of its bytes. None: no limit.
        max_memory_bytes: for the child, its network and one video; mapped files do not count. None: no limit.
        storage_options: for the addresses of stores, as `transnet.open` takes them.
        options: of `ClipExtractor`. `model` is a name.

    Raises:
        TypeError, InvalidArgument: as `ClipExtractor`.
    """

    def __init__(
        self,
        *,
        max_video_s: float | None = None,
        max_memory_bytes: int | None = None,
        storage_options: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        if not isinstance(options.get("model"), str | None):
            raise TypeError("an extractor in a process of its own loads the network there: model must be a name")
        if not isinstance(storage_options, Mapping | None):
            raise TypeError(f"storage_options must be a mapping or None, not {type(storage_options).__name__}")
        for keyword in options:
            if keyword not in {*defaults("ClipExtractor"), "profile"}:
                raise TypeError(unknown_keyword("ClipExtractor", keyword, "IsolatedExtractor"))
        extractor = ClipExtractor(**options)  # for its errors, too
        self._options = options
        self._max_video_s = _checked_seconds(max_video_s)
        self._set_up = {
            "options": {**options, **extractor._paths},
            "max_memory_bytes": _checked_bytes(max_memory_bytes),
            "storage_options": dict(storage_options or {}),
        }
        self._child: _Child | None = None

    def __repr__(self) -> str:
        limits = {"max_video_s": self._max_video_s, "max_memory_bytes": self._set_up["max_memory_bytes"]}
        words = ", ".join(f"{name}={value!r}" for name, value in {**limits, **self._options}.items())
        return f"transnet.IsolatedExtractor({words})"  # the options of a store can be secrets

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_child": None}

    def setup(self) -> ModelInfo:
        """Starts the child, which loads the network, if there is none. Raises NotFound if the weights are missing."""
        if self._child is None or not self._child.is_mine():
            self._child = _Child(self._set_up)
        return self._child.model

    def extract(
        self,
        video: IsolatedSource,
        *,
        name: str | None = None,
        progress: Progress = None,
        snap_to: Iterable[int] = (),
        snap_frames: int = _core.snap_frames,
    ) -> VideoClips:
        """As `ClipExtractor.extract`, for a path, an address or the bytes of a file.

        Raises:
            LimitExceeded: after `max_video_s`.
            OutOfMemory: if the child needs more than `max_memory_bytes`.
            InternalError: if the child crashes or the system kills it.
            Error: as `ClipExtractor.extract`; errors of a store have the code `not_found`, `permission_denied` or `io`.
        """
        snap = {"snap_to": [*map(index, snap_to)], "snap_frames": snap_frames}
        clips: VideoClips = self._ask("extract", video, name, progress, snap)
        return clips

    def predict(
        self, video: IsolatedSource, *, name: str | None = None, progress: Progress = None
    ) -> VideoPredictions:
        """As `ClipExtractor.predict`. Videos, limits and errors as of `extract`."""
        predictions: VideoPredictions = self._ask("predict", video, name, progress, {})
        return predictions

    def _ask(
        self, method: str, video: IsolatedSource, name: str | None, progress: Progress, words: dict[str, Any]
    ) -> Any:
        source = bytes(video) if isinstance(video, (bytes, bytearray, memoryview)) else os.fsdecode(video)
        if name is None:
            if isinstance(source, bytes):
                raise TypeError("bytes of a video need a name=: the UUIDs of the clips contain it")
            name = without_credentials(source)
        if isinstance(source, str) and not is_address(source):
            source = absolute(source)  # the child may be in another folder
        self.setup()
        child = self._child
        assert child is not None
        try:
            with reporting(progress, "frame") as report:
                return child.ask((method, source, name, report is not None, words), name, report, self._max_video_s)
        finally:
            if not child.is_alive():
                self._child = None

    def close(self) -> None:
        """Ends the child."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _checked_seconds(value: Any) -> float | None:
    if value is None:
        return None
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"max_video_s must be a number or None, not {value!r}")
    seconds = float(value)
    if not 0 < seconds < math.inf:
        raise errors.InvalidArgument(f"max_video_s is {value!r}, expected a finite number above 0")
    return seconds


def _checked_bytes(value: Any) -> int | None:
    if value is None:
        return None
    try:
        number = index(value)
    except TypeError:
        raise TypeError(f"max_memory_bytes must be a whole number or None, not {value!r}") from None
    if number < 1:
        raise errors.InvalidArgument(f"max_memory_bytes is {value!r}, expected at least 1")
    return min(number, sys.maxsize)


class _Child:
    """The child process, seen from its parent."""

    def __init__(self, set_up: dict[str, Any]) -> None:
        self._connection, its_end = multiprocessing.connection.Pipe()
        # Neither the current folder nor that of a script is searched: -P and an explicit path.
        path = json.dumps([folder for folder in sys.path if folder])
        with its_end:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _CHILD, path, str(its_end.fileno())],
                stdin=subprocess.PIPE,  # its end tells the child that this process has ended
                stdout=2,
                pass_fds=[its_end.fileno()],
            )
        self._owner = os.getpid()
        self.end = weakref.finalize(self, _end, self._process, self._connection, self._owner)
        try:
            self.model: ModelInfo = self.ask(set_up, "the network", None, None)
        except BaseException:
            self.end()
            raise

    def is_mine(self) -> bool:
        return self._owner == os.getpid()

    def is_alive(self) -> bool:
        return self.end.alive

    def ask(self, request: Any, what: str, report: ProgressFunction | None, max_s: float | None) -> Any:
        limit = _TimeLimit(self._process, max_s)
        try:
            with limit:
                code, answer = self._exchange(request, what, report, limit)
        except BaseException:
            self.end()  # the next video would have the rest of this request, or its answer
            raise
        if limit.is_exceeded:
            self.end()  # it was, after the answer
        if code == _TYPE_ERROR:
            raise TypeError(answer)
        if code is not None:
            raise errors.error_of(code, answer)
        return answer

    def _exchange(
        self, request: Any, what: str, report: ProgressFunction | None, limit: _TimeLimit
    ) -> tuple[str | None, Any]:
        """Sends a request. The last message: a code of an error, or None, and the answer."""
        self._transferred(lambda: self._connection.send(request), what, limit)
        while True:
            code, answer = self._transferred(self._connection.recv, what, limit)
            if code != _PROGRESS:
                return code, answer
            assert report is not None
            report(*answer)

    def _transferred(self, transfer: Callable[[], Any], what: str, limit: _TimeLimit) -> Any:
        try:
            return transfer()
        except (EOFError, OSError):
            raise self._death(what, limit) from None

    def _death(self, what: str, limit: _TimeLimit) -> errors.Error:
        try:
            status = self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            return errors.InternalError(f"{what}: the process broke its connection")
        finally:
            self.end()
        if limit.is_exceeded:
            return errors.LimitExceeded(f"{what}: needs more than {limit.max_s:g} s")
        if status == _NO_MEMORY:
            return errors.OutOfMemory(f"{what}: the process has no memory for it")
        if status >= 0:
            return errors.InternalError(f"{what}: the process ended with status {status}")
        advice = "; the system does so where memory is short" if -status == signal.SIGKILL else ""
        return errors.InternalError(f"{what}: the process ended by {signal.Signals(-status).name}{advice}")


class _TimeLimit:
    """Kills the process after some time: a transfer to it, or from it, waits for nothing else."""

    def __init__(self, process: subprocess.Popen[bytes], max_s: float | None) -> None:
        self.max_s = max_s
        self.is_exceeded = False
        self._process = process
        self._is_over = False
        self._lock = threading.Lock()
        self._timer = None if max_s is None else threading.Timer(min(max_s, threading.TIMEOUT_MAX), self._exceed)

    def __enter__(self) -> None:
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._is_over = True
        if self._timer is not None:
            self._timer.cancel()

    def _exceed(self) -> None:
        with self._lock:
            if not self._is_over:
                self.is_exceeded = True
                self._process.kill()


def _end(process: subprocess.Popen[bytes], connection: Any, owner: int) -> None:
    if owner != os.getpid():
        return
    connection.close()
    process.kill()
    process.wait()
    assert process.stdin is not None
    process.stdin.close()


def _failure(error: BaseException) -> tuple[str, str]:
    if isinstance(error, errors.Error):
        return error.code, str(error)
    if isinstance(error, TypeError):
        return _TYPE_ERROR, str(error)
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), "internal")
    return code, f"{type(error).__name__}: {error}"


def main() -> None:
    """The child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent as well, which decides

    def end_with_parent() -> None:
        os.read(0, 1)
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    connection = multiprocessing.connection.Connection(int(sys.argv[2]))
    set_up = connection.recv()
    if set_up["max_memory_bytes"]:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (set_up["max_memory_bytes"],) * 2)
    try:
        extractor = ClipExtractor(**set_up["options"])
        connection.send((None, extractor._model_info()))
    except Exception as error:
        connection.send(_failure(error))
        return
    while True:
        try:
            method, video, name, wants_progress, words = connection.recv()
        except (EOFError, OSError):
            return
        except MemoryError:
            os._exit(_NO_MEMORY)  # the rest of the request cannot be read
        if wants_progress:
            words["progress"] = lambda done, expected: connection.send((_PROGRESS, (done, expected)))
        try:
            connection.send((None, _run(getattr(extractor, method), video, set_up["storage_options"], name=name, **words)))
        except Exception as error:
            code, message = _failure(error)
            connection.send((code, text_without_credentials(message, video) if isinstance(video, str) else message))


def _run(method: Callable[..., Any], video: str | bytes, storage_options: dict[str, Any], **words: Any) -> Any:
    if isinstance(video, bytes) or not is_address(video):
        return method(video, **words)
    with open_video(video, **storage_options) as stored:
        return method(stored, **words)
