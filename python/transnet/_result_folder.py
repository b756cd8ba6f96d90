# SPDX-License-Identifier: Apache-2.0
"""A folder with results in Parquet: one row for each video, and one for each clip. Ray fills it; nothing here needs Ray."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.fs
import pyarrow.parquet as pq

from ._result_tables import clips_of
from .stores import arrow_filesystem_of, forget_listings, is_address, write_whole


@dataclass(frozen=True)
class ResultFolder:
    """The folder with the results."""

    filesystem: pyarrow.fs.FileSystem
    folder: str

    @classmethod
    def at(cls, output: str) -> ResultFolder:
        if not is_address(output):
            return cls(pyarrow.fs.LocalFileSystem(), str(Path(output).absolute()))
        filesystem, path = arrow_filesystem_of(output, {})
        return cls(filesystem, path.rstrip("/"))

    def settle(self, retry_failed: bool) -> pa.Array:
        """Removes the rest of a run that was interrupted, and returns the ids that are done."""
        for kind in ("videos", "clips"):
            self.filesystem.create_dir(f"{self.folder}/{kind}", recursive=True)
            for name in self._files(kind, "tmp"):
                self.filesystem.delete_file(f"{self.folder}/{kind}/{name}")
        videos = self._files("videos")
        for name in self._files("clips") - videos:
            self.filesystem.delete_file(f"{self.folder}/clips/{name}")
        done = [pa.array([], pa.string())]
        for name in sorted(videos):
            path = f"{self.folder}/videos/{name}"
            table = pq.read_table(path, columns=["id", "status"], filesystem=self.filesystem)
            if retry_failed:
                is_failed = pc.equal(table["status"], "failed")
                if pc.any(is_failed).as_py():
                    table = pq.read_table(path, filesystem=self.filesystem).filter(pc.invert(is_failed))
                    self._put("videos", name, table)
            done += table["id"].chunks
        return pa.concat_arrays(done)

    def write(self, results: pa.Table) -> None:
        """Both tables. A repetition with the same videos writes the same files."""
        ids = sorted(results["id"].to_pylist())
        name = hashlib.sha256("\0".join(ids).encode()).hexdigest()[:32] + ".parquet"
        self._put("clips", name, clips_of(results))
        self._put("videos", name, results)  # the last one: from now on, the videos are done

    def _files(self, kind: str, ending: str = "parquet") -> set[str]:
        forget_listings(self.filesystem)  # of earlier runs: other processes write here
        selector = pyarrow.fs.FileSelector(f"{self.folder}/{kind}", allow_not_found=True)  # stores have no empty folders
        return {info.base_name for info in self.filesystem.get_file_info(selector) if info.extension == ending}

    def _put(self, kind: str, name: str, table: pa.Table) -> None:
        data = pa.BufferOutputStream()
        pq.write_table(table, data)
        write_whole(self.filesystem, f"{self.folder}/{kind}/{name}", pa.BufferReader(data.getvalue()))
