# SPDX-License-Identifier: Apache-2.0
"""Clips in pandas, and a question to DuckDB: tables.py FOLDER VIDEO...

Writes clips.parquet and videos.parquet into the folder. Needs: pip install pyarrow pandas duckdb
"""

import sys
from pathlib import Path

import duckdb
import pandas

import transnet
import transnet.parquet


def main() -> None:
    folder, *videos = map(Path, sys.argv[1:])
    extractor = transnet.ClipExtractor(min_length_s=1.0, crop_s=0.25)
    extractor.setup_on_node()  # downloads the weights, once a machine
    transnet.parquet.write(
        [extractor.extract(video) for video in videos], folder / "clips.parquet", folder / "videos.parquet", overwrite=True
    )

    clips = pandas.read_parquet(folder / "clips.parquet")
    print(clips[["id", "start_frame", "end_frame"]])
    print((clips.end_s - clips.start_s).describe())

    # The share of each video that its clips cover.
    share = duckdb.sql(f"""
        SELECT id, sum(end_s - start_s) / any_value(duration_s) AS share
        FROM '{folder}/clips.parquet' JOIN '{folder}/videos.parquet' USING (id) GROUP BY id ORDER BY share
    """)
    for name, part in share.fetchall():
        print(f"{name}: {part:.2f}")


if __name__ == "__main__":
    main()
