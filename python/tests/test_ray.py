# SPDX-License-Identifier: Apache-2.0
"""Videos on a cluster of Ray with two nodes on this machine: scripts/test_ray.sh runs it."""

import collections
import concurrent.futures
import contextlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import transnet

ray = pytest.importorskip("ray")
pq = pytest.importorskip("pyarrow.parquet")
pa = pytest.importorskip("pyarrow")
import transnet.ray  # noqa: E402  # needs Ray

OPTIONS = {"min_length_s": 1.0, "crop_s": 0.25}


@pytest.fixture(scope="module")
def cluster():
    from ray.cluster_utils import Cluster

    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112  # children of other programs would take all the time
    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "include_dashboard": False, "object_store_memory": 200_000_000},
    )
    cluster.add_node(num_cpus=1, object_store_memory=200_000_000)
    ray.init(address=cluster.address, logging_level="error")
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield cluster
    ray.shutdown()
    cluster.shutdown()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ({"tries": 0}, "tries is 0"),
        ({"videos_per_file": 0}, "videos_per_file is 0"),
        ({"workers": 0}, "workers is 0"),
        ({"workers": (0, 2)}, "workers is 0"),
        ({"workers": (1, -2)}, "workers is -2"),
    ],
)
def test_numbers_are_checked_before_ray_starts(words, text, tmp_path):
    with pytest.raises(transnet.errors.InvalidArgument, match=text):
        transnet.ray.extract_clips(tmp_path / "missing.csv", tmp_path / "results", **words)
    assert not (tmp_path / "results").exists()


@pytest.fixture
def videos(bikes, tmp_path):
    """Makes copies of a video, and returns the folder."""

    def make(count: int) -> Path:
        folder = tmp_path / "videos"
        folder.mkdir(exist_ok=True)
        for number in range(count):
            shutil.copy(bikes, folder / f"{number:03}.mp4")
        return folder

    return make


@pytest.fixture(scope="module")
def alone(weights, bikes):
    """The result of one process."""
    return transnet.ClipExtractor(weights=weights, threads=1, **OPTIONS).extract(bikes)


@pytest.fixture(scope="module")
def expected(alone):
    """Frames of the clips, from one process."""
    assert len(alone.clips) == 4
    return [(clip.start_frame, clip.end_frame) for clip in alone.clips]


def rows(output, kind="videos"):
    return pq.read_table(f"{output}/{kind}").to_pylist()


def frames(row):
    return [(clip["start_frame"], clip["end_frame"]) for clip in row["clips"]]


def processes(word):
    """Processes of this cluster whose command line has this word."""
    parents = {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdecimal():
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    for process in parents:
        with contextlib.suppress(OSError):
            if word.encode() in Path(f"/proc/{process}/cmdline").read_bytes():
                ancestor = process
                while ancestor not in (0, os.getpid()):
                    ancestor = parents.get(ancestor, 0)
                if ancestor:
                    yield process


def readers(path):
    """Processes that have a file open, but this one."""
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            is_other = folder.name.isdecimal() and int(folder.name) != os.getpid()
            if is_other and any(link.readlink() == path for link in (folder / "fd").iterdir()):
                yield int(folder.name)


def test_a_folder(cluster, videos, weights, expected, tmp_path):
    folder, output = videos(5), tmp_path / "out"
    summary = transnet.ray.extract_clips(str(folder), str(output), weights=str(weights), videos_per_file=2, **OPTIONS)
    assert (summary.complete, summary.failed, summary.clips, summary.frames) == (5, 0, 20, 1250)
    found = rows(output)
    assert sorted(row["id"] for row in found) == [str(folder / f"{number:03}.mp4") for number in range(5)]
    assert all(frames(row) == expected and row["status"] == "complete" and row["tries"] == 1 for row in found)
    assert json.loads(found[0]["options"])["min_length_s"] == 1.0
    assert found[0]["transnet_version"] == transnet.__version__
    clips = rows(output, "clips")
    of_one = transnet.ClipExtractor(weights=weights, **OPTIONS).extract(folder / "000.mp4").clips
    assert [clip["uuid"] for clip in clips if clip["id"].endswith("000.mp4")] == [str(clip.uuid) for clip in of_one]

    again = transnet.ray.extract_clips(str(folder), str(output), weights=str(weights), **OPTIONS)
    assert (again.skipped, again.complete) == (5, 0)
    shutil.copy(folder / "000.mp4", folder / "new.mp4")
    more = transnet.ray.extract_clips(str(folder), str(output), weights=str(weights), **OPTIONS)
    assert (more.skipped, more.complete, len(rows(output))) == (5, 1, 6)


def test_columns_of_the_manifest(cluster, videos, weights, tmp_path):
    folder, output = videos(2), tmp_path / "out"
    names = ["'; DROP TABLE \n\u2028\U0001f3ac", "b"]
    manifest = tmp_path / "manifest.parquet"
    table = {"path": [f"{folder}/000.mp4", f"{folder}/missing.mp4"], "key": names, "licence": ["CC0", None], "n": [1, 2]}
    pq.write_table(pa.table(table), manifest)
    run = {"path_column": "path", "id_column": "key", "weights": str(weights), **OPTIONS}
    summary = transnet.ray.extract_clips(str(manifest), str(output), **run)
    assert (summary.complete, summary.failed) == (1, 1)
    found = {row["id"]: row for row in rows(output)}
    assert found[names[0]]["licence"] == "CC0"
    assert (found["b"]["status"], found["b"]["error_code"], found["b"]["n"]) == ("failed", "not_found", 2)
    assert {(clip["id"], clip["licence"], clip["n"]) for clip in rows(output, "clips")} == {(names[0], "CC0", 1)}

    shutil.copy(folder / "000.mp4", folder / "missing.mp4")
    assert transnet.ray.extract_clips(str(manifest), str(output), **run).skipped == 2
    mended = transnet.ray.extract_clips(str(manifest), str(output), retry_failed=True, **run)
    assert (mended.skipped, mended.complete) == (1, 1)
    assert collections.Counter(row["status"] for row in rows(output)) == {"complete": 2}


def test_frames_to_snap_to(cluster, videos, weights, tmp_path):
    folder = videos(2)
    table = {"video": [f"{folder}/000.mp4", f"{folder}/001.mp4"], "cuts": [[0, 32, 76], None]}
    run = {"snap_to_column": "cuts", "snap_frames": 3, "weights": str(weights), **OPTIONS}
    manifest = ray.data.from_arrow(pa.table(table))
    assert transnet.ray.extract_clips(manifest, str(tmp_path / "out"), **run).complete == 2
    starts = {Path(row["id"]).name: [shot["start_frame"] for shot in row["shots"]] for row in rows(tmp_path / "out")}
    assert starts == {"000.mp4": [0, 32, 76, 137, 187, 242], "001.mp4": [0, 30, 76, 137, 187, 242]}
    with pytest.raises(transnet.errors.InvalidArgument, match="no column 'missing'"):
        transnet.ray.extract_clips(manifest, str(tmp_path / "other"), **run | {"snap_to_column": "missing"})


def test_names_that_are_not_utf8(cluster, videos, weights, expected, tmp_path):
    folder, output = videos(1), tmp_path / "out"
    name, other, missing = (folder / os.fsdecode(name) for name in (b"\xff.mp4", b"\xfe.mp4", b"\xfd.mp4"))
    for copy in (name, other):
        shutil.copy(folder / "000.mp4", copy)
    run = {"weights": str(weights), **OPTIONS}
    ids = [f"{folder}/{name}" for name in ("000.mp4", r"\xfe.mp4", r"\xff.mp4")]
    assert transnet.ray.extract_clips(str(folder), str(output), **run).complete == 3
    found = rows(output)
    assert sorted(row["id"] for row in found) == sorted(row["video"] for row in found) == ids
    assert all(frames(row) == expected for row in found)
    uuids = [clip["uuid"] for clip in rows(output, "clips") if clip["id"] == ids[2]]
    assert uuids == [str(clip.uuid) for clip in transnet.ClipExtractor(**run).extract(name).clips]

    manifest = [str(name), os.fsencode(other), str(folder / "000.mp4"), str(missing)]
    again = transnet.ray.extract_clips(manifest, str(output), **run)
    assert (again.skipped, again.failed) == (3, 1)
    (row,) = (row for row in rows(output) if row["status"] == "failed")
    assert (row["id"], row["error_code"]) == (rf"{folder}/\xfd.mp4", "not_found")
    assert r"\xfd.mp4" in row["error"]

    # Programs without care write such names as texts.
    paths = pa.array([os.fsencode(name)], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"path": paths, "key": ["a"]}), tmp_path / "manifest.parquet")
    keyed = {"path_column": "path", "id_column": "key", **run}
    assert transnet.ray.extract_clips(str(tmp_path / "manifest.parquet"), str(tmp_path / "keyed"), **keyed).complete == 1
    assert [(row["id"], row["path"]) for row in rows(tmp_path / "keyed")] == [("a", ids[2])]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"video": ["a", "b", "a"]}, "'a' stands twice"),
        ({"video": ["a", None]}, "null in the column 'video'"),
        ({"path": ["a"]}, "no column 'video'; its columns: path"),
        ({"video": ["a"], "status": ["x"], "uuid": ["y"]}, "rename them in the manifest: status, uuid"),
    ],
)
def test_manifests_that_are_refused(cluster, tmp_path, table, message):
    pq.write_table(pa.table(table), tmp_path / "manifest.parquet")
    with pytest.raises(transnet.errors.InvalidArgument, match=message):
        transnet.ray.extract_clips(str(tmp_path / "manifest.parquet"), str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_poison_fails_alone(cluster, videos, weights, ffmpeg, alone, expected, tmp_path):
    folder, output = videos(3), tmp_path / "out"
    (folder / "text.mp4").write_text("no video")
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=7680x4320:rate=5:duration=1", "-c:v", "ffv1", folder / "large.mkv")
    for name in ("crash.mp4", "hang.mp4"):
        os.mkfifo(folder / name)
    ended = threading.Event()

    def crash():
        while not ended.wait(0.05):
            for reader in readers(folder / "crash.mp4"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(reader, signal.SIGSEGV)

    # A reader's open returns where a writer has the pipe open.
    writers = [os.open(folder / name, os.O_RDWR | os.O_NONBLOCK) for name in ("crash.mp4", "hang.mp4")]
    killer = threading.Thread(target=crash)
    killer.start()
    try:
        summary = transnet.ray.extract_clips(
            sorted(map(str, folder.iterdir())),  # a folder would leave out what is no file
            str(output),
            max_video_s=max(20, 15 * alone.made_by.elapsed_s),  # a good video takes its time on a busy machine
            max_memory_bytes=300_000_000,
            weights=str(weights),
            **OPTIONS,
        )
    finally:
        ended.set()
        killer.join()
        for writer in writers:
            os.close(writer)
    found = {Path(row["id"]).name: row for row in rows(output)}
    assert (summary.complete, summary.failed) == (3, 4)
    assert {name: row["error_code"] for name, row in found.items() if row["status"] == "failed"} == {
        "crash.mp4": "internal",
        "hang.mp4": "limit_exceeded",
        "large.mkv": "out_of_memory",
        "text.mp4": "invalid_media",
    }
    assert "SIGSEGV" in found["crash.mp4"]["error"]
    assert {name: row["tries"] for name, row in found.items() if row["tries"] > 1} == {"crash.mp4": 3, "large.mkv": 3}
    assert all(frames(row) == expected for row in found.values() if row["status"] == "complete")


def test_workers_and_nodes_die(cluster, videos, weights, alone, expected, tmp_path):
    """A worker is killed every few seconds, a node is removed and another one added."""
    count = int(os.environ.get("TRANSNET_TEST_RAY_VIDEOS", "30"))
    folder, output = videos(count), tmp_path / "out"
    killed, turn, rng = 0, 0, random.Random(1)
    pause_s = max(4, 2 * alone.made_by.elapsed_s)  # on a busy machine, a worker must come to a result between two deaths
    with concurrent.futures.ThreadPoolExecutor(1) as executor:  # Ray adds nodes on the main thread alone
        run = executor.submit(
            transnet.ray.extract_clips, str(folder), str(output), weights=str(weights), videos_per_file=7, **OPTIONS
        )
        while not run.done():
            time.sleep(pause_s)
            turn += 1
            if workers := list(processes("ray::MapWorker")):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(rng.choice(workers), signal.SIGKILL)
                    killed += 1
            if turn == 2:
                cluster.remove_node(cluster.list_all_nodes()[-1])
            if turn == 3:
                cluster.add_node(num_cpus=1, object_store_memory=200_000_000)
        run.result()
    found = rows(output)
    assert killed >= 3 and turn > 3
    assert sorted(row["id"] for row in found) == [str(folder / f"{number:03}.mp4") for number in range(count)]
    assert all(frames(row) == expected for row in found)
    assert collections.Counter(clip["id"] for clip in rows(output, "clips")) == {row["id"]: 4 for row in found}


def test_a_run_that_was_killed_goes_on(cluster, videos, weights, expected, tmp_path):
    folder, output = videos(8), tmp_path / "out"
    run = f"{str(folder)!r}, {str(output)!r}, weights={str(weights)!r}, videos_per_file=2, **{OPTIONS!r}"
    program = (
        f"import ray, transnet.ray; ray.init({cluster.address!r}, logging_level='error'); transnet.ray.extract_clips({run})"
    )
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL) as driver:
        end_s = time.monotonic() + 600
        while time.monotonic() < end_s and not list(output.glob("videos/*.parquet")):
            time.sleep(0.1)
        driver.kill()
    before = len(rows(output))
    assert 0 < before < 8
    (output / "clips" / "orphan.parquet").write_bytes(next(output.glob("clips/*.parquet")).read_bytes())
    summary = transnet.ray.extract_clips(str(folder), str(output), weights=str(weights), **OPTIONS)
    assert (summary.skipped, summary.complete) == (before, 8 - before)
    assert len({row["id"] for row in rows(output)}) == len(rows(output)) == 8
    assert len(rows(output, "clips")) == 32


def test_a_store(cluster, s3, weights, bikes):
    s3.client.upload_file(str(bikes), "bucket", "in/a.mp4")
    manifest = ray.data.from_arrow(pa.table({"video": [s3.address("in/a.mp4")], "key": ["a"]}))
    output = s3.address("out")
    summary = transnet.ray.extract_clips(manifest, output, id_column="key", weights=str(weights), **OPTIONS)
    assert (summary.complete, summary.clips) == (1, 4)
    results = {key: data for key, data in s3.files().items() if key.startswith("out/")}
    assert sorted(key.split("/")[1] for key in results) == ["clips", "videos"]
    assert all(key.endswith(".parquet") for key in results)
    again = transnet.ray.extract_clips(manifest, output, id_column="key", weights=str(weights), **OPTIONS)
    assert again.skipped == 1
    for data in results.values():
        assert "of-me" not in str(pq.read_table(io.BytesIO(data)).to_pylist())
