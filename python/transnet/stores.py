# SPDX-License-Identifier: Apache-2.0
"""Videos in object stores, read where they are."""

from __future__ import annotations

import concurrent.futures
import contextlib
import io
import os
import re
import shutil
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .errors import IoError, Unsupported

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined]  # Python 3.12

#: Stores need tens of milliseconds for an answer of any size. The library asks for blocks of this size.
BLOCK_BYTES = 4 << 20

#: Schemes in which a container or a repository stands where others have a user and a password.
_NAMES_BEFORE_HOSTS = ("abfs", "abfss", "wasb", "wasbs", "github")

_SCHEME = r"[a-zA-Z][a-zA-Z0-9+.-]*"


class StoredVideo(io.RawIOBase):
    """A file in a store, for `ClipExtractor.extract`. For one thread at a time.

    It is read in blocks of 4 MiB; where a video is read from front to back, the next block is on its way while the
    library works on the last one. So an MP4 file with its index at the end costs two jumps and no temporary file.
    """

    def __init__(self, fetch: Callable[[int, int], bytes], size: int, name: str) -> None:
        """`fetch(start, end)` returns these bytes, from any thread."""
        self._fetch = fetch
        self._size = size
        self._position = 0
        self._start = 0
        self._block = b""
        self._next_start = -1
        self._next: concurrent.futures.Future[bytes] | None = None
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "transnet-read-ahead")
        #: The address without credentials.
        self.name = name

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def readable(self) -> bool:
        self._check_open()
        return True

    def seekable(self) -> bool:
        self._check_open()
        return True

    def tell(self) -> int:
        self._check_open()
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._check_open()
        bases = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}
        if whence not in bases:
            raise ValueError(f"whence is {whence!r}, expected 0, 1 or 2")
        base = bases[whence]
        if base + offset < 0:
            raise ValueError(f"position {base + offset} lies before the file")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Buffer, /) -> int:
        self._check_open()
        view = memoryview(buffer).cast("B")
        if not self._start <= self._position < self._start + len(self._block):
            if self._position >= self._size:
                return 0
            self._read_block(self._position // BLOCK_BYTES * BLOCK_BYTES)
        first = self._position - self._start
        data = self._block[first : first + len(view)]
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
        super().close()

    def _read_block(self, start: int) -> None:
        is_next = start == self._start + len(self._block) and self._block
        coming, self._next = self._next if self._next_start == start else None, None
        block = coming.result() if coming else self._fetch_block(start)
        self._start, self._block = start, block
        next_start = start + len(block)
        if is_next and next_start < self._size:
            self._next_start = next_start
            self._next = self._thread.submit(self._fetch_block, next_start)

    def _fetch_block(self, start: int) -> bytes:
        end = min(start + BLOCK_BYTES, self._size)
        block = bytes(self._fetch(start, end))
        if len(block) != end - start:
            raise IoError(f"{self.name}: the store gave {len(block)} of {end - start} bytes from {start} on")
        return block


def open_video(address: str | os.PathLike[str], *, filesystem: Any = None, **storage_options: Any) -> StoredVideo:
    """Opens a video in a store, by its address or by its path in a filesystem of fsspec or pyarrow.

        with transnet.open("s3://bucket/video.mp4", anon=True) as video:
            clips = extractor.extract(video)

    Args:
        address: ``s3://``, ``gs://``, ``https://`` or any other that fsspec knows; pyarrow knows some without it.
        filesystem: an object of ``fsspec`` or of ``pyarrow.fs``; `address` is then a path in it.
        storage_options: for fsspec, such as credentials. They are in no message and in no result.

    Raises:
        Unsupported: if neither fsspec nor pyarrow is installed, or the store does not tell the size of the object.
        FileNotFoundError, PermissionError, OSError: as the store's library raises them.
    """
    address = os.fspath(address)
    name = without_credentials(address)
    path = address
    if filesystem is None:
        filesystem, path = filesystem_of(address, storage_options)
    elif storage_options:
        raise TypeError("storage_options are for an address without a filesystem")
    if hasattr(filesystem, "open_input_file"):
        file = filesystem.open_input_file(path)
        return StoredVideo(lambda start, end: file.read_at(end - start, start), file.size(), name)
    size = filesystem.info(path)["size"]
    if size is None:
        raise Unsupported(f"{name}: the store does not tell the size of the object")
    return StoredVideo(lambda start, end: filesystem.cat_file(path, start=start, end=end), size, name)


def is_address(video: str) -> bool:
    """Whether a text names an object of a store and not a path."""
    return re.match(rf"{_SCHEME}(::|://)", video) is not None


def without_credentials(address: str) -> str:
    """The address without user, password and the query, which can hold a signature or a key.

    A key of S3 may have a question mark: its end is a query only if it has a value.
    """
    if "::" in address:
        return "::".join(map(without_credentials, address.split("::")))
    if not is_address(address):
        return address
    scheme, rest = address.split("://", 1)
    host, slash, path = rest.partition("/")
    if scheme.lower() not in _NAMES_BEFORE_HOSTS:
        host = host.rpartition("@")[2]
    result = f"{scheme}://{host}{slash}{path}"
    if scheme.lower() in ("http", "https"):
        result = urlsplit(result)._replace(fragment="").geturl()
        return result.partition("?")[0]
    path, _, query = result.partition("?")
    return path if "=" in query else result


def text_without_credentials(text: str, address: str) -> str:
    """A message about an address, in which each address is as `without_credentials` gives it."""
    text = text.replace(address, without_credentials(address))
    for scheme, user in re.findall(rf"({_SCHEME})://([^/@]+@)", address):
        if scheme.lower() not in _NAMES_BEFORE_HOSTS:
            text = text.replace(user, "")
    return re.sub(rf"{_SCHEME}://[^\s'\")]+", lambda found: without_credentials(found[0]), text)


def filesystem_of(address: str, storage_options: dict[str, Any]) -> tuple[Any, str]:
    """A filesystem of fsspec, or of pyarrow where fsspec lacks the store's package; and the path in it."""
    try:
        import fsspec

        filesystem, path = fsspec.core.url_to_fs(address, **storage_options)
        return filesystem, path
    except ImportError as error:
        lack = error
    try:
        from pyarrow.fs import FileSystem
    except ModuleNotFoundError:
        raise Unsupported(f"{without_credentials(address)}: {lack}") from None
    if storage_options:
        raise Unsupported(f"storage_options need fsspec: {lack}")
    try:
        filesystem, path = FileSystem.from_uri(address)
    except (ValueError, OSError):  # its text has the whole address
        raise Unsupported(f"{without_credentials(address)}: {lack}") from None
    return filesystem, path


def arrow_filesystem_of(address: str, storage_options: dict[str, Any]) -> tuple[Any, str]:
    """A filesystem with the interface of pyarrow, which must be there; and the path in it."""
    import pyarrow.fs

    filesystem, path = filesystem_of(address, storage_options)
    if not isinstance(filesystem, pyarrow.fs.FileSystem):
        filesystem = pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(filesystem))
    return filesystem, path


def forget_listings(filesystem: Any) -> None:
    """Makes a filesystem of pyarrow look again. fsspec keeps the lists of folders as long as the process lives."""
    forget = getattr(getattr(getattr(filesystem, "handler", None), "fs", None), "invalidate_cache", None)
    if forget is not None:
        forget()


def write_whole(filesystem: Any, path: str, source: Any) -> None:
    """Copies an open file to a path of a filesystem of pyarrow, where it appears once it is complete.

    A stream of pyarrow that is closed by an exception makes a file, or an object, of the bytes so far. So they have another
    name before.
    """
    folder, slash, _ = path.rpartition("/")
    temporary = f"{folder}{slash}.transnet-{uuid.uuid4().hex}.tmp"
    try:
        with filesystem.open_output_stream(temporary) as target:
            shutil.copyfileobj(source, target, BLOCK_BYTES)
        try:
            filesystem.move(temporary, path)
        except NotImplementedError:  # Azure without a hierarchical namespace
            filesystem.copy_file(temporary, path)
            filesystem.delete_file(temporary)
    except BaseException:
        with contextlib.suppress(Exception):  # the first error is the one to tell
            filesystem.delete_file(temporary)
        raise
