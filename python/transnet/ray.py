# SPDX-License-Identifier: Apache-2.0
"""Clips of any number of videos on a cluster, by Ray Data: a manifest in, Parquet out.

    import transnet.ray
    print(transnet.ray.extract_clips("manifest.parquet", "s3://bucket/results", min_length_s=1.0))

Each actor loads the network once, in a child process: a video that crashes, hangs or fills the memory becomes a row with the
status "failed" and harms no other. A run that is started again does only the videos that have no result yet.
"""

from __future__ import annotations

import json
import math
import os
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.fs
import ray
import ray.data
from ray.util.metrics import Counter

from . import __version__, _core
from ._result_folder import ResultFolder
from ._result_tables import CLIP_COLUMNS, RESULT_SCHEMA, columns_of, table_of, utf8
from .errors import Error, InvalidArgument
from .extractor import ClipExtractor
from .isolated import IsolatedExtractor
from .results import ModelInfo
from .stores import filesystem_of, is_address, without_credentials

if TYPE_CHECKING:
    import numpy.typing as npt

_VIDEO_ENDINGS = (".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mxf", ".ts", ".webm", ".wmv")
# A second attempt can help where the fault is not the video's own.
_CODES_TO_TRY_AGAIN = ("internal", "io", "network", "out_of_memory")

@dataclass(frozen=True)
class Summary:
    """The counts of one run."""

    #: Videos that had a result before.
    skipped: int
    complete: int
    partial: int
    failed: int
    clips: int
    frames: int
    elapsed_s: float


def extract_clips(
    manifest: str | os.PathLike[str] | Iterable[str | bytes] | ray.data.Dataset,
    output: str | os.PathLike[str],
    *,
    path_column: str = "video",
    id_column: str | None = None,
    snap_to_column: str | None = None,
    snap_frames: int = _core.snap_frames,
    workers: int | tuple[int, int] | None = None,
    cpus_per_worker: float = 1.0,
    videos_per_file: int = 100,
    retry_failed: bool = False,
    tries: int = 3,
    max_video_s: float | None = 3600.0,
    max_memory_bytes: int | None = None,
    storage_options: dict[str, Any] | None = None,
    **options: Any,
) -> Summary:
    """The clips of all videos of a manifest, below the folder `output`:

    - ``videos/*.parquet``: one row for each video, with all columns of the manifest, its status, error, times, options,
      versions, and lists of transitions, shots and clips;
    - ``clips/*.parquet``: one row for each clip, with the `id` of its video and all columns of the manifest.

    Each video has exactly one row, however often workers die or the run is interrupted and started again: a run skips the
    videos that are in ``videos/``. A file of ``clips/`` counts if there is a file of the same name in ``videos/``.

    Args:
        manifest: a file (``.parquet``, ``.jsonl``, ``.csv``), a folder of videos, or a prefix of a store that ends in "/";
            or paths and addresses; or a dataset of Ray. A path may also be bytes. ``\\xff`` stands in the results for a byte
            of a path that is not UTF-8.
        output: a folder that all nodes share, or an address that pyarrow or fsspec know.
        path_column: the column with the paths or addresses. A dataset of texts has no other column.
        id_column: the column with a name for each video, unique and without nulls; it names the video in the UUIDs of its
            clips. Default: the path.
        snap_to_column: the column with the frames of each video, a list of whole numbers, on which shots should begin; a
            video with a null has none. As `snap_to` of `ClipExtractor.extract`.
        snap_frames: a border moves by this many frames at most.
        workers: actors, or (fewest, most). Default: from 1 to as many as the cluster has room for.
        cpus_per_worker: CPUs that Ray reserves for an actor; as many threads, rounded up, unless `threads` says otherwise.
        videos_per_file: rows of a result file. Results wait in Ray's memory until a file is full.
        retry_failed: processes videos again whose result is "failed".
        tries: attempts at a video where its process dies or its store fails.
        max_video_s: seconds for one attempt.
        max_memory_bytes: for the child process of an actor.
        storage_options: as `transnet.open` takes them, for the videos.
        options: of `ClipExtractor`.

    Raises:
        InvalidArgument: for a manifest without the column, with a null, with an id that stands there twice, or with a column
            that the results need for themselves.
    """
    start_s = time.monotonic()
    if isinstance(manifest, os.PathLike):
        manifest = os.fspath(manifest)
    output = os.fspath(output)
    fewest, most = workers if isinstance(workers, tuple) else (1 if workers is None else workers, workers)
    for name, number in (("tries", tries), ("videos_per_file", videos_per_file), ("workers", fewest), ("workers", most)):
        if number is not None and number < 1:
            raise InvalidArgument(f"{name} is {number}, expected at least 1")
    options.setdefault("threads", math.ceil(cpus_per_worker))
    ClipExtractor(**options)  # only for its errors
    id_column = id_column or path_column
    dataset = _read_manifest(manifest, path_column, storage_options or {}).materialize()  # it is read several times
    columns = [path_column, id_column, *([snap_to_column] if snap_to_column else [])]
    ids = _checked_ids(dataset, columns)
    results_folder = ResultFolder.at(output)
    done = results_folder.settle(retry_failed)
    skipped = int(np.isin(ids, np.fromiter(map(hash, done.to_pylist()), np.int64, len(done))).sum())
    # Tasks that reserve no CPU, because the actors may have them all.
    remaining = dataset.map_batches(
        _without_done, fn_kwargs={"column": id_column, "done": ray.put(done)}, batch_format="pyarrow", num_cpus=0
    )
    # One video a block, because Ray repeats the whole block if an actor dies. Dataset.repartition needs a CPU of its own.
    remaining.context.target_max_block_size = 1
    results = remaining.map_batches(
        _Worker,
        fn_constructor_kwargs={
            "path_column": path_column,
            "id_column": id_column,
            "snap_to_column": snap_to_column,
            "snap_frames": snap_frames,
            "tries": tries,
            "options": options,
            "limits": {
                "max_video_s": max_video_s,
                "max_memory_bytes": max_memory_bytes,
                "storage_options": storage_options,
            },
        },
        batch_size=1,
        batch_format="pyarrow",
        num_cpus=cpus_per_worker,
        compute=ray.data.ActorPoolStrategy(min_size=fewest, max_size=most),
    )
    written = results.map_batches(
        _written, fn_kwargs={"folder": results_folder}, batch_size=videos_per_file, batch_format="pyarrow", num_cpus=0
    )
    counts = dict.fromkeys(("complete", "partial", "failed", "clips", "frames"), 0)
    for batch in written.iter_batches(batch_format="pyarrow", batch_size=None):
        for name in counts:
            counts[name] += pc.sum(batch[name]).as_py() or 0
        _forget_statistics(written)
    return Summary(skipped=skipped, elapsed_s=time.monotonic() - start_s, **counts)


def _forget_statistics(dataset: ray.data.Dataset) -> None:
    """Ray keeps statistics of every block in the driver for a report at the end: kilobytes for each video. Where a release of
    Ray keeps them elsewhere, nothing happens."""
    for operator in getattr(getattr(dataset, "_current_executor", None), "_topology", None) or ():
        statistics = getattr(operator, "_output_blocks_stats", None)
        if isinstance(statistics, list):
            statistics.clear()


class _Worker:
    """An actor: a table with one video in, a table with its result out."""

    def __init__(
        self,
        path_column: str,
        id_column: str,
        snap_to_column: str | None,
        snap_frames: int,
        tries: int,
        options: dict[str, Any],
        limits: dict[str, Any],
    ) -> None:
        self._path_column = path_column
        self._id_column = id_column
        self._snap_to_column = snap_to_column
        self._snap_frames = snap_frames
        self._tries = tries
        self._options = json.dumps(ClipExtractor(**options).options, default=str, sort_keys=True)
        self._extractor, self._model = self._load(options, limits)
        self._videos = Counter("transnet_videos", "Videos with a result", ("status",))
        self._frames = Counter("transnet_frames", "Frames of these videos")
        self._seconds = Counter("transnet_video_seconds", "Time of the workers for these videos, seconds")

    def _load(self, options: dict[str, Any], limits: dict[str, Any]) -> tuple[IsolatedExtractor, ModelInfo]:
        ClipExtractor(**options).setup_on_node()
        extractor = IsolatedExtractor(**limits, **options)
        return extractor, extractor.setup()

    def __call__(self, batch: pa.Table) -> pa.Table:
        needed = {self._path_column, self._id_column, *([self._snap_to_column] if self._snap_to_column else [])}
        values_of = {column: _values(batch[column]) for column in needed}
        rows = [self._result(dict(zip(values_of, row, strict=True))) for row in zip(*values_of.values(), strict=True)]
        results = table_of(rows, RESULT_SCHEMA)
        for column in batch.column_names:
            values = batch[column]
            if column == self._path_column:
                values = pa.array(map(_id, values_of[column]), pa.string())
            if column != "id":
                results = results.append_column(column, values)
        return results

    def _result(self, row: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {
            "id": _id(row[self._id_column]),
            "host": socket.gethostname(),
            "transnet_version": __version__,
            "model": self._model.kind,
            "model_sha256": self._model.sha256,
            "precision": self._model.precision,
            "options": self._options,
        }
        start_s = time.monotonic()
        for attempt in range(1, self._tries + 1):
            try:
                clips = self._extractor.extract(
                    row[self._path_column],
                    name=_name(row[self._id_column]),
                    snap_to=(row[self._snap_to_column] or ()) if self._snap_to_column else (),
                    snap_frames=self._snap_frames,
                )
            except Exception as error:  # no row may end the run
                code = error.code if isinstance(error, Error) else "internal"
                if isinstance(error, TypeError):
                    code = "invalid_argument"
                result |= {"status": "failed", "error_code": code, "error": str(error), "tries": attempt}
                if code not in _CODES_TO_TRY_AGAIN:
                    break
            else:
                result |= columns_of(clips) | {"tries": attempt}
                break
        result["elapsed_s"] = time.monotonic() - start_s
        self._videos.inc(1, {"status": result["status"]})
        if result.get("frame_count"):
            self._frames.inc(result["frame_count"])
        self._seconds.inc(result["elapsed_s"])
        return result


def _read_manifest(
    manifest: str | Iterable[str | bytes] | ray.data.Dataset, path_column: str, storage_options: dict[str, Any]
) -> ray.data.Dataset:
    if isinstance(manifest, ray.data.Dataset):
        return manifest
    if not isinstance(manifest, str):
        return _dataset_of(path_column, list(manifest))
    ending = PurePath(manifest).suffix.lower()
    if ending == ".parquet":
        return ray.data.read_parquet(manifest)
    if ending in (".jsonl", ".ndjson"):
        return ray.data.read_json(manifest)
    if ending == ".csv":
        return ray.data.read_csv(manifest)
    videos = _videos_below(manifest, storage_options)
    if not videos:
        raise InvalidArgument(f"{without_credentials(manifest)}: no manifest (.parquet, .jsonl, .csv), and no folder with videos")
    return _dataset_of(path_column, videos)


def _dataset_of(path_column: str, videos: list[Any]) -> ray.data.Dataset:
    try:
        paths = pa.array(videos, pa.string())
    except (UnicodeEncodeError, pa.ArrowInvalid):  # a path that is not UTF-8
        paths = pa.array([video and os.fsencode(video) for video in videos], pa.binary())
    return ray.data.from_arrow(pa.table({path_column: paths}))


def _videos_below(folder: str, storage_options: dict[str, Any]) -> list[str]:
    """All files in it, and in its folders, that have the ending of a video."""
    if not is_address(folder):
        below = [str(path) for path in Path(folder).absolute().rglob("*") if path.is_file()]
    else:
        filesystem, path = filesystem_of(folder, storage_options)
        if isinstance(filesystem, pyarrow.fs.FileSystem):
            scheme = folder.split("://", 1)[0]
            selector = pyarrow.fs.FileSelector(path, recursive=True)
            below = [f"{scheme}://{info.path}" for info in filesystem.get_file_info(selector) if info.is_file]
        else:
            below = [filesystem.unstrip_protocol(name) for name in filesystem.find(path)]
    return sorted(video for video in below if video.lower().endswith(_VIDEO_ENDINGS))


def _checked_ids(dataset: ray.data.Dataset, needed: list[str]) -> npt.NDArray[np.int64]:
    """A hash of each id, 8 bytes for a video, after the checks of a manifest. `needed`: the columns with paths and ids, and
    further ones."""
    path_column, id_column = needed[:2]
    columns = dataset.columns() or []
    for column in dict.fromkeys(needed):
        if column not in columns:
            raise InvalidArgument(f"the manifest has no column {column!r}; its columns: {', '.join(columns)}")
    own = sorted({*RESULT_SCHEMA.names} & {*columns} - ({"id"} if id_column == "id" else set()))
    own += sorted({*CLIP_COLUMNS} & {*columns})
    if own:
        raise InvalidArgument(f"the results have columns of these names, rename them in the manifest: {', '.join(own)}")
    keys = [
        np.fromiter(map(hash, texts), np.int64, len(texts)) for texts in _ids_of(dataset, path_column, id_column)
    ]
    hashes = np.sort(np.concatenate(keys or [np.empty(0, np.int64)]))
    twice = set(hashes[1:][hashes[1:] == hashes[:-1]].tolist())
    if twice:
        name = next(text for texts in _ids_of(dataset, path_column, id_column) for text in texts if hash(text) in twice)
        raise InvalidArgument(
            f"{name!r} stands twice in the column {id_column!r} of the manifest, where each video needs an id of its own"
        )
    return hashes


def _ids_of(dataset: ray.data.Dataset, path_column: str, id_column: str) -> Iterator[list[str]]:
    columns = dataset.select_columns(list({path_column, id_column}))
    for batch in columns.iter_batches(batch_format="pyarrow", batch_size=None):
        for column in (path_column, id_column):
            if batch[column].null_count:
                raise InvalidArgument(f"a row of the manifest has a null in the column {column!r}")
        yield list(map(_id, _values(batch[id_column])))


def _values(column: pa.ChunkedArray) -> list[Any]:
    """The values of a column. Texts need not be UTF-8 there, and bytes are a path."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.cast(pa.large_binary())
    return [os.fsdecode(value) if isinstance(value, bytes) else value for value in column.to_pylist()]


def _name(value: Any) -> str:
    """The name of a video in the UUIDs of its clips: a path, or any value of a manifest."""
    return without_credentials(str(value))


def _id(value: Any) -> str:
    """The name as a table can hold it."""
    return utf8(_name(value))


def _without_done(batch: pa.Table, column: str, done: ray.ObjectRef[pa.Array]) -> pa.Table:
    ids = pa.array(map(_id, _values(batch[column])), pa.string())
    return batch.filter(pc.invert(pc.is_in(ids, value_set=ray.get(done))))


def _written(results: pa.Table, folder: ResultFolder) -> pa.Table:
    """Writes a file; a table with one row, the counts."""
    folder.write(results)
    counts = {status: pc.sum(pc.equal(results["status"], status)) for status in ("complete", "partial", "failed")}
    counts |= {"clips": pc.sum(pc.list_value_length(results["clips"])), "frames": pc.sum(results["frame_count"])}
    return pa.table({name: pa.array([count.as_py() or 0], pa.int64()) for name, count in counts.items()})
