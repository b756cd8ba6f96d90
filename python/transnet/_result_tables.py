# SPDX-License-Identifier: Apache-2.0
"""The results as tables: one row for each video, and one for each clip."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .results import MadeBy, VideoClips

_SPAN = [("start_frame", pa.int64()), ("end_frame", pa.int64()), ("start_s", pa.float64()), ("end_s", pa.float64())]
_CLIP = [("uuid", pa.string()), *_SPAN]
_SNAPPED = [("moved", pa.int64()), ("elsewhere", pa.int64())]
_TRANSITION = [*_SPAN, ("kind", pa.string()), ("peak", pa.float32()), ("mean", pa.float32())]
RESULT_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("status", pa.string()),
        ("error_code", pa.string()),
        ("error", pa.string()),
        ("tries", pa.int32()),
        ("elapsed_s", pa.float64()),
        ("host", pa.string()),
        ("frame_count", pa.int64()),
        ("duration_s", pa.float64()),
        ("framerate", pa.float64()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("video_codec", pa.string()),
        ("size_bytes", pa.int64()),
        ("warnings", pa.list_(pa.string())),
        ("analysed", pa.struct(_SPAN)),
        ("snapped", pa.struct(_SNAPPED)),
        ("transitions", pa.list_(pa.struct(_TRANSITION))),
        ("shots", pa.list_(pa.struct(_SPAN))),
        ("clips", pa.list_(pa.struct(_CLIP))),
        ("transnet_version", pa.string()),
        ("model", pa.string()),
        ("model_sha256", pa.string()),
        ("precision", pa.string()),
        ("options", pa.string()),
    ]
)
SPAN_COLUMNS = [name for name, _ in _SPAN]
CLIP_COLUMNS = [name for name, _ in _CLIP]
SNAPPED_COLUMNS = [name for name, _ in _SNAPPED]


def utf8(text: str) -> str:
    """The text as a table can hold it: ``\\xff`` stands for a byte of a file's name that is not UTF-8, so that two such names
    stay different."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # no file's name: Python's own text, or one of JSON
        return text.encode("utf-8", "backslashreplace").decode()


def table_of(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """A table with all texts as `utf8` gives them. Raises as `pyarrow.Table.from_pylist`."""
    try:
        return pa.Table.from_pylist(rows, schema)
    except UnicodeEncodeError:
        return pa.Table.from_pylist([_readable(row) for row in rows], schema)


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return utf8(value)
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    return [_readable(item) for item in value] if isinstance(value, list) else value


def columns_of(clips: VideoClips) -> dict[str, Any]:
    """The columns of `RESULT_SCHEMA` that a result has: what was found, and how it was made."""
    return {
        **_run_columns(clips.made_by),
        "status": clips.status,
        "error_code": clips.failure.code if clips.failure else None,
        "error": clips.failure.message if clips.failure else None,
        "frame_count": clips.frame_count,
        "duration_s": clips.duration_s,
        "framerate": clips.framerate,
        "width": clips.metadata.width,
        "height": clips.metadata.height,
        "video_codec": clips.metadata.video_codec,
        "size_bytes": clips.metadata.size,
        "warnings": list(clips.warnings),
        "analysed": clips.analysed.to_dict() if clips.analysed else None,
        "snapped": clips.snapped.to_dict() if clips.snapped else None,
        "transitions": [
            transition.to_dict() | {"peak": transition.single.peak, "mean": transition.single.mean}
            for transition in clips.transitions
        ],
        "shots": [shot.to_dict() for shot in clips.shots],
        "clips": [clip.to_dict() for clip in clips.clips],
    }


def _run_columns(made_by: MadeBy | None) -> dict[str, Any]:
    if made_by is None:
        return {}
    model = made_by.model
    return {
        "elapsed_s": made_by.elapsed_s,
        "transnet_version": made_by.transnet,
        "options": json.dumps(made_by.options, sort_keys=True),
        **({"model": model.kind, "model_sha256": model.sha256 or None, "precision": model.precision} if model else {}),
    }


def clips_of(results: pa.Table) -> pa.Table:
    """One row for each clip, with the `id` of its video and the columns that the user's list has beside the results'."""
    rows = pc.list_parent_indices(results["clips"])
    clips = pc.list_flatten(results["clips"])
    own = {*RESULT_SCHEMA.names} - {"id"}
    videos = results.select([name for name in results.column_names if name not in own]).take(rows)
    for index, name in enumerate(CLIP_COLUMNS):
        videos = videos.append_column(name, pc.struct_field(clips, [index]))
    return videos
