# SPDX-License-Identifier: Apache-2.0
"""Results in Parquet: one row for each clip, and one for each video.

    import transnet.parquet

    results = [extractor.extract(video) for video in videos]
    transnet.parquet.write(results, "clips.parquet", "videos.parquet")

As a command, from files that ``transnet clips`` wrote as json or jsonl:

    python -m transnet.parquet clips.jsonl -o clips.parquet --videos videos.parquet

The columns are the ones of `transnet.ray`. Files are paths, or addresses of stores. Needs pyarrow.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

try:
    import pyarrow as pa
    import pyarrow.fs
    import pyarrow.parquet as pq
except ModuleNotFoundError as error:
    if error.name != "pyarrow":
        raise  # its installation lacks something
    if __name__ == "__main__":
        sys.exit("transnet.parquet: error: pyarrow is missing: pip install pyarrow")
    raise ModuleNotFoundError("transnet.parquet needs pyarrow: pip install pyarrow", name="pyarrow") from error

from ._result_tables import CLIP_COLUMNS, RESULT_SCHEMA, SNAPPED_COLUMNS, SPAN_COLUMNS, clips_of, columns_of, table_of, utf8
from .errors import Error, InvalidArgument
from .results import VideoClips
from .stores import arrow_filesystem_of, forget_listings, is_address, open_video, without_credentials, write_whole

#: Videos in a row group: memory does not grow with the number of videos in a file of jsonl.
_GROUP_VIDEOS = 1000
_SCHEMAS = ("transnet.clips/1", "transnet.clips/2")
_MAX_INT = 2**63
_WRONG_TYPE = (OverflowError, TypeError, ValueError)


@dataclass(frozen=True)
class Counts:
    """The rows that were written."""

    videos: int
    clips: int


class ResultFile:
    """The results in a file that ``transnet clips`` or ``transnet shots`` wrote, as dictionaries: jsonl by its ending
    (.jsonl, .ndjson), otherwise json. The file has a path or an address; each iteration reads it from its beginning.

    Raises, while it is read:
        InvalidArgument: for a file that holds anything else; the message names the line or the entry.
        OSError: if it cannot be read.
    """

    def __init__(self, path: str | os.PathLike[str], **storage_options: Any) -> None:
        self._path = os.fspath(path)
        self._name = without_credentials(self._path)
        self._storage_options = storage_options

    def __iter__(self) -> Iterator[dict[str, Any]]:
        has_lines = self._path.lower().endswith((".jsonl", ".ndjson"))
        return self._lines() if has_lines else self._document()

    def _open(self) -> io.BufferedReader:
        if is_address(self._path):
            return io.BufferedReader(open_video(self._path, **self._storage_options))
        return Path(self._path).open("rb")

    def _lines(self) -> Iterator[dict[str, Any]]:
        with self._open() as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    place = f"{self._name}: line {number}"
                    yield _ReadResult(_parsed(line, place), place)

    def _document(self) -> Iterator[dict[str, Any]]:
        with self._open() as file:
            document = _parsed(file.read(), self._name)
        for number, result in enumerate(document if isinstance(document, list) else [document], 1):
            yield _ReadResult(result, f"{self._name}: result {number}")


def write(
    results: Iterable[VideoClips | dict[str, Any]],
    clips: str | os.PathLike[str] | None = None,
    videos: str | os.PathLike[str] | None = None,
    *,
    overwrite: bool = False,
    storage_options: dict[str, Any] | None = None,
) -> Counts:
    """Writes one row for each clip into the file `clips`, and one row for each video into the file `videos`.

    The results are the ones of `ClipExtractor.extract`, or dictionaries with the schema transnet.clips/2, such as `ResultFile`
    has. The further columns of a list of videos follow in both tables; a column with the name of another one becomes
    "NAME (2)". An iterable that can be read once only is kept in memory.

    A byte of a video's name that is not UTF-8 stands there as ``\\xff``, because Parquet holds only UTF-8.

    A file appears under its name once it is complete; until then, it has a temporary one, ``.transnet-*.tmp``, in the same
    folder. Calls on several threads may write different files. `storage_options` are for fsspec, as `transnet.open` takes them.

    Raises:
        InvalidArgument: if no file is named, a file exists and `overwrite` is false, or a dictionary is no such result.
        OSError: if a file cannot be written.
    """
    clips_file, videos_file = (_file(path, storage_options or {}) if path is not None else None for path in (clips, videos))
    files = [file for file in (clips_file, videos_file) if file]
    if not files:
        raise InvalidArgument("name a file for the clips, for the videos, or for both")
    if len({file.place for file in files}) < len(files):
        raise InvalidArgument(f"{files[0].name} would be written twice")
    if not overwrite:
        for file in files:
            file.check_new()
    if iter(results) is results:
        results = list(results)
    columns = _list_columns(results)
    with contextlib.ExitStack() as stack:
        for file in files:
            stack.enter_context(file)
        video_count = clip_count = 0
        for table in _tables(results, columns):
            clip_table = clips_of(table)
            video_count += table.num_rows
            clip_count += clip_table.num_rows
            if clips_file:
                clips_file.add(clip_table)
            if videos_file:
                videos_file.add(table)
        for file in files:
            file.finish()
        for file in files:
            file.commit(overwrite)
    return Counts(video_count, clip_count)


class _ReadResult(dict[str, Any]):
    """A result that knows its place in a file."""

    def __init__(self, result: Any, place: str) -> None:
        if not isinstance(result, dict):
            raise InvalidArgument(f"{place}: no JSON object")
        super().__init__(result)
        self.place = place


class _File:
    """A file that appears as a whole: a temporary one is written first."""

    #: For messages.
    name: str
    #: Equal for two names of one file.
    place: str

    def __init__(self, temporary: Path) -> None:
        self._temporary = temporary
        self._sink: io.BufferedWriter | None = None
        self._writer: Any = None

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with contextlib.suppress(OSError):  # of a full disk, whose first error is the one to tell
                self.finish()
        finally:
            self._temporary.unlink(missing_ok=True)

    def add(self, table: pa.Table) -> None:
        if self._writer is None:
            self._sink = self._temporary.open("xb")  # pyarrow itself opens only names that are UTF-8
            self._writer = pq.ParquetWriter(self._sink, table.schema)
        self._writer.write_table(table)

    def finish(self) -> None:
        try:
            if self._writer is not None:
                self._writer.close()
        finally:
            if self._sink is not None:
                self._sink.close()

    def check_new(self) -> None:
        if self._exists():
            raise InvalidArgument(f"{self.name} exists, and nothing asks for its replacement (overwrite)")

    def _exists(self) -> bool:
        raise NotImplementedError

    def commit(self, overwrite: bool) -> None:
        raise NotImplementedError


class _LocalFile(_File):
    def __init__(self, path: Path) -> None:
        super().__init__(path.with_name(f".transnet-{uuid.uuid4().hex}.tmp"))
        self._path = path
        self.name, self.place = str(path), _place_of(str(path))

    def _exists(self) -> bool:
        return self._path.exists() or self._path.is_symlink()

    def commit(self, overwrite: bool) -> None:
        if overwrite:
            self._temporary.replace(self._path)
            return
        try:
            self._path.hardlink_to(self._temporary)  # unlike a rename, it never replaces a file
        except OSError:
            self.check_new()
            self._temporary.rename(self._path)  # this filesystem has no links


class _StoredFile(_File):
    """An object of a store."""

    def __init__(self, address: str, storage_options: dict[str, Any]) -> None:
        super().__init__(Path(tempfile.gettempdir()) / f"transnet-{uuid.uuid4().hex}.parquet")
        self.name = self.place = without_credentials(address)
        self._filesystem, self._path = arrow_filesystem_of(address, storage_options)

    def _exists(self) -> bool:
        forget_listings(self._filesystem)
        found: bool = self._filesystem.get_file_info(self._path).type != pyarrow.fs.FileType.NotFound
        return found

    def commit(self, overwrite: bool) -> None:
        if not overwrite:
            self.check_new()
        with self._temporary.open("rb") as source:
            write_whole(self._filesystem, self._path, source)


def _file(path: str | os.PathLike[str], storage_options: dict[str, Any]) -> _File:
    text = os.fspath(path)
    return _StoredFile(text, storage_options) if is_address(text) else _LocalFile(Path(text))


@dataclass(frozen=True)
class _ListColumn:
    """A column that a list of videos had."""

    name: str
    type: pa.DataType

    def value(self, value: Any) -> Any:
        is_text = self.type == pa.string() and value is not None and not isinstance(value, str)
        return json.dumps(value) if is_text else value


def _parsed(text: bytes, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidArgument(f"{place}: no JSON: {error}") from None
    except RecursionError:
        raise InvalidArgument(f"{place}: nested too deeply") from None


def _columns(result: VideoClips | dict[str, Any]) -> dict[str, Any]:
    columns = result.get("columns") if isinstance(result, dict) else None
    return columns if isinstance(columns, dict) else {}


def _list_columns(results: Iterable[VideoClips | dict[str, Any]]) -> dict[str, _ListColumn]:
    """The columns that lists of videos had, by their names there, in the order in which they come."""
    kinds: dict[str, set[pa.DataType]] = {}
    for result in results:
        for name, value in _columns(result).items():
            of_name = kinds.setdefault(name, set())
            if value is not None:
                of_name.add(_type_of(value))
    taken = {*RESULT_SCHEMA.names, *CLIP_COLUMNS, *kinds}
    columns = {}
    for name, types in kinds.items():
        own = readable = utf8(name)
        if own in RESULT_SCHEMA.names or own in CLIP_COLUMNS or (own != name and own in taken):
            own = next(one for number in count(2) if (one := f"{readable} ({number})") not in taken)
        taken.add(own)
        is_number = types == {pa.int64(), pa.float64()}
        columns[name] = _ListColumn(own, pa.float64() if is_number else types.pop() if len(types) == 1 else pa.string())
    return columns


def _type_of(value: Any) -> pa.DataType:
    """Of a value of JSON; texts hold all that has no type of its own."""
    if isinstance(value, bool):
        return pa.bool_()
    if isinstance(value, int) and -_MAX_INT <= value < _MAX_INT:
        return pa.int64()
    return pa.float64() if isinstance(value, float) else pa.string()


def _tables(results: Iterable[VideoClips | dict[str, Any]], columns: dict[str, _ListColumn]) -> Iterator[pa.Table]:
    """One row for each video; at least one table."""
    schema = pa.schema([*RESULT_SCHEMA, *((column.name, column.type) for column in columns.values())])
    numbered = enumerate(results, 1)
    is_first = True
    while (group := list(islice(numbered, _GROUP_VIDEOS))) or is_first:
        is_first = False
        rows = [_row(result, number, columns) for number, result in group]
        try:
            table = _table(rows, schema)
        except _WRONG_TYPE:
            for (number, result), row in zip(group, rows, strict=True):
                try:
                    _table([row], schema)
                except _WRONG_TYPE as error:
                    raise InvalidArgument(f"{_place(result, number)}: a member has the wrong type: {error}") from None
            raise
        yield table


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return table_of(rows, schema).combine_chunks()


def _place(result: Any, number: int) -> str:
    return result.place if isinstance(result, _ReadResult) else f"result {number}"


def _row(result: VideoClips | dict[str, Any], number: int, columns: dict[str, _ListColumn]) -> dict[str, Any]:
    if isinstance(result, VideoClips):
        return {"id": result.video, **columns_of(result)}
    try:
        row = _row_of(result)
    except KeyError as missing:
        raise InvalidArgument(f'{_place(result, number)}: "{missing.args[0]}" is missing') from None
    except (AttributeError, TypeError) as error:
        raise InvalidArgument(f"{_place(result, number)}: a member has the wrong type: {error}") from None
    except InvalidArgument as error:
        raise InvalidArgument(f"{_place(result, number)}: {error}") from None
    return row | {columns[name].name: columns[name].value(value) for name, value in _columns(result).items()}


def _row_of(result: dict[str, Any]) -> dict[str, Any]:
    """The values of `RESULT_SCHEMA`, from a dictionary with the schema transnet.clips/2."""
    if result.get("schema") not in _SCHEMAS:
        raise InvalidArgument(f'"schema" is not {" or ".join(map(json.dumps, _SCHEMAS))}')
    for name in ("video", "status"):
        if not isinstance(result[name], str):
            raise InvalidArgument(f'"{name}" is no text')
    error = result.get("error") or {}
    source = result.get("source") or {}
    made_by = result.get("made_by") or {}
    options = made_by.get("options")
    return {
        "id": result["video"],
        "status": result["status"],
        "error_code": error.get("code"),
        "error": error.get("message"),
        "elapsed_s": made_by.get("elapsed_s"),
        **{name: result[name] for name in ("frame_count", "duration_s", "framerate", "warnings")},
        **{name: source.get(name) for name in ("width", "height", "video_codec", "size_bytes")},
        "analysed": _members_if_any(result.get("analysed"), SPAN_COLUMNS),
        "snapped": _members_if_any(result.get("snapped"), SNAPPED_COLUMNS),
        "transitions": [
            {
                "start_frame": transition["first_frame"],
                "end_frame": transition["last_frame"] + 1,
                "start_s": transition["start_s"],
                "end_s": transition["end_s"],
                "kind": transition.get("kind"),
                "peak": transition["probability"],
                "mean": transition.get("mean_probability"),
            }
            for transition in result["transitions"]
        ],
        "shots": [_members(shot, SPAN_COLUMNS) for shot in result["shots"]],
        "clips": [_members(clip, CLIP_COLUMNS) for clip in result["clips"]],
        "transnet_version": made_by.get("transnet"),
        "model_sha256": (made_by.get("model") or {}).get("sha256"),
        "precision": (options or {}).get("precision"),
        "options": None if options is None else json.dumps(options, sort_keys=True),
    }


def _members(value: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: value[name] for name in names}


def _members_if_any(value: dict[str, Any] | None, names: list[str]) -> dict[str, Any] | None:
    return None if value is None else _members(value, names)


def _place_of(path: str) -> str:
    return path if is_address(path) else str(Path(path).resolve())


class _Chain:
    """Several files, each read from its beginning by each iteration."""

    def __init__(self, files: list[ResultFile]) -> None:
        self._files = files

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return chain.from_iterable(self._files)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def main(words: list[str] | None = None) -> int:
    """The command. Returns the exit status: 0, 1 for a failure, 2 for bad usage."""
    parser = argparse.ArgumentParser(
        prog="python -m transnet.parquet", description="Write results in Parquet: a row for each clip, and for each video."
    )
    parser.add_argument("results", nargs="+", metavar="RESULT", help="file that 'transnet clips' wrote as json or jsonl")
    parser.add_argument("-o", "--output", metavar="FILE", help="file for the clips")
    parser.add_argument("--videos", metavar="FILE", help="file for the videos")
    parser.add_argument("--overwrite", action="store_true", help="replace existing files")
    given = parser.parse_args(words)
    if given.output is None and given.videos is None:
        parser.error("name a file: -o for the clips, --videos for the videos, or both")
    inputs = {_place_of(path) for path in given.results}
    for path in filter(None, (given.output, given.videos)):
        if _place_of(path) in inputs:
            parser.error(f"{path} would overwrite an input")
    files = _Chain([ResultFile(path) for path in given.results])
    try:
        counts = write(files, given.output, given.videos, overwrite=given.overwrite)
    except (Error, OSError) as error:
        print(f"transnet.parquet: error: {error}", file=sys.stderr)
        return 1
    print(f"{_counted(counts.videos, 'video')}, {_counted(counts.clips, 'clip')}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
