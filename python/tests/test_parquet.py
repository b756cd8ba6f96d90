# SPDX-License-Identifier: Apache-2.0
"""Results in Parquet, as pyarrow reads them again. Skipped without pyarrow, which `scripts/test_ray.sh` has."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time

import pytest

import transnet

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
import transnet.parquet  # noqa: E402  # needs pyarrow
from transnet import stores  # noqa: E402
from transnet._result_folder import ResultFolder  # noqa: E402
from transnet._result_tables import RESULT_SCHEMA  # noqa: E402

MODULE = [sys.executable, "-m", "transnet.parquet"]
# The new shots of bikes.mp4 begin at 30, 76, 137, 187 and 242.
SHOTS = [(0, 30), (30, 76), (76, 137), (137, 187), (187, 242), (242, 250)]


def document(name: str, **more) -> dict:
    """A result with one clip, as the schema transnet.clips/2 has it."""
    span = {"start_frame": 5, "end_frame": 50, "start_s": 0.2, "end_s": 2.0}
    return {
        "schema": "transnet.clips/2",
        "video": name,
        "status": "complete",
        "frame_count": 60,
        "framerate": 25.0,
        "is_constant_rate": True,
        "duration_s": 2.4,
        "start_s": 0.0,
        "origin_s": 0.0,
        "transitions": [
            {"first_frame": 52, "last_frame": 52, "start_s": 2.08, "end_s": 2.12, "kind": "cut", "probability": 0.75,
             "mean_probability": 0.5}
        ],
        "scenes": [span],
        "shots": [span],
        "clips": [{"uuid": "d23419cb-291c-50fe-9bb9-c2ddb5a6b083", "source_video": name, **span}],
        "warnings": [],
        "made_by": {"transnet": "0.1.0", "options": {"threshold": 0.4, "precision": "fp32"}},
    } | more


@pytest.fixture(scope="module")
def command(bikes, weights, tmp_path_factory):
    """A file that the command wrote about a video and a missing one, from a list with columns."""
    folder = tmp_path_factory.mktemp("results")
    listed = [{"path": str(bikes), "key": "a", "stars": 5, "status": "new"}, {"path": "none.mp4", "key": "b", "stars": 2.5}]
    (folder / "list.jsonl").write_text("".join(json.dumps(line) + "\n" for line in listed))
    words = ["clips", "--files-from", folder / "list.jsonl", "--path-column", "path", "--id-column", "key", "--weights",
             weights, "--min-length-s", "1", "--crop-s", "0.25", "--quiet", "-o", folder / "clips.jsonl"]
    finished = subprocess.run([sys.executable, "-m", "transnet", *map(str, words)], check=False)
    assert finished.returncode == 1  # there is no second video
    return folder / "clips.jsonl"


def test_the_rows_are_the_results_of_the_command(command, tmp_path):
    clips, videos = tmp_path / "clips.parquet", tmp_path / "videos.parquet"
    finished = subprocess.run([*MODULE, command, "-o", clips, "--videos", videos], capture_output=True, text=True, check=False)
    documents = [json.loads(line) for line in command.read_text().splitlines()]
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == f"2 videos, {len(documents[0]['clips'])} clips\n"
    rows = pq.read_table(clips).to_pylist()
    assert [{key: row[key] for key in ("uuid", "start_frame", "end_frame", "start_s", "end_s")} for row in rows] == [
        {key: clip[key] for key in ("uuid", "start_frame", "end_frame", "start_s", "end_s")}
        for clip in documents[0]["clips"]
    ]
    assert {(row["id"], row["stars"], row["status (2)"]) for row in rows} == {("a", 5.0, "new")}
    first, second = pq.read_table(videos).to_pylist()
    assert [(shot["start_frame"], shot["end_frame"]) for shot in first["shots"]] == SHOTS
    assert [transition["start_frame"] for transition in first["transitions"]] == [29, 75, 136, 186, 241]
    assert (first["width"], first["height"], first["frame_count"], first["status"]) == (640, 272, 250, "complete")
    assert json.loads(first["options"]) == documents[0]["made_by"]["options"]
    assert first["transnet_version"] == transnet.__version__
    assert (second["id"], second["status"], second["error_code"]) == ("b", "failed", "not_found")
    assert second["stars"] == 2.5
    assert second["status (2)"] is None


def test_results_of_an_extractor(bikes, model, tmp_path):
    result = transnet.ClipExtractor(model=model, min_length_s=1.0, crop_s=0.25).extract(bikes, name="a")
    counts = transnet.parquet.write(iter([result, result]), tmp_path / "c.parquet", tmp_path / "v.parquet")
    assert counts == transnet.parquet.Counts(2, 2 * len(result.clips))
    rows = pq.read_table(tmp_path / "c.parquet").to_pylist()
    assert [row["uuid"] for row in rows] == [str(clip.uuid) for clip in result.clips] * 2
    row = pq.read_table(tmp_path / "v.parquet").to_pylist()[0]
    assert row["transitions"][0]["peak"] == pytest.approx(result.transitions[0].single.peak)
    assert row["analysed"] is None and row["snapped"] is None


def test_an_extractors_result_says_how_it_was_made(beginning, weights, tmp_path):
    start_s = time.monotonic()
    words = {"weights": weights, "min_length_s": 0.5, "precision": "fp32", "threads": 1, "start_s": 0.4}
    result = transnet.ClipExtractor(**words).extract(beginning, snap_to=[10, 32], snap_frames=3)
    decided = transnet.find_clips(transnet.ClipExtractor(**words).predict(beginning), threshold=0.3)
    elapsed_s = time.monotonic() - start_s
    transnet.parquet.write([result, decided], videos=tmp_path / "v.parquet")
    row, other = pq.read_table(tmp_path / "v.parquet").to_pylist()
    assert 0 < row["elapsed_s"] < elapsed_s
    assert row["transnet_version"] == other["transnet_version"] == transnet.__version__
    assert row["model_sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert (row["model"], row["precision"]) == ("transnetv2", "fp32")
    options = json.loads(row["options"])
    assert (options["min_length_s"], options["threshold"], options["weights"]) == (0.5, 0.4, str(weights))
    assert row["analysed"] == {"start_frame": 10, "end_frame": 50, "start_s": 0.4, "end_s": 2.0}
    assert row["snapped"] == {"moved": 1, "elsewhere": 0}
    assert json.loads(other["options"])["threshold"] == 0.3
    assert other["model_sha256"] is None
    assert result.made_by.to_dict()["model"]["sha256"] == row["model_sha256"]


def test_rows_of_the_commands_json_are_those_of_an_extractor(bikes, weights, tmp_path):
    """Of a part of a video, with borders that moved: everything that both state is equal."""
    (tmp_path / "cuts.txt").write_text("0\n32\n")
    words = ["clips", bikes, "--weights", weights, "--start", "0.4", "--end", "2.4", "--snap-to", tmp_path / "cuts.txt",
             "--snap-frames", "3", "--min-length-s", "0.2", "--crop-s", "0", "--transition-frames", "none", "--quiet",
             "-o", tmp_path / "r.json"]
    subprocess.run([sys.executable, "-m", "transnet", *map(str, words)], check=True)
    extractor = transnet.ClipExtractor(weights=weights, start_s=0.4, end_s=2.4, min_length_s=0.2, crop_s=0)
    result = extractor.extract(bikes, snap_to=[0, 32], snap_frames=3)
    (document,) = transnet.parquet.ResultFile(tmp_path / "r.json")
    transnet.parquet.write([result, document], tmp_path / "c.parquet", tmp_path / "v.parquet")
    row, of_json = pq.read_table(tmp_path / "v.parquet").to_pylist()
    # The command states no kind of model, other options, and its own time.
    different = ("model", "options", "elapsed_s")
    assert {**of_json, **dict.fromkeys(different)} == {**row, **dict.fromkeys(different)}
    assert of_json["analysed"] == {"start_frame": 10, "end_frame": 60, "start_s": 0.4, "end_s": 2.4}
    assert of_json["snapped"] == {"moved": 1, "elsewhere": 0}
    of_clips = pq.read_table(tmp_path / "c.parquet").to_pylist()
    assert len(of_clips) == 4
    assert of_clips[:2] == of_clips[2:]


def test_stores(command, tmp_path):
    """Results are read from addresses, and written to them."""
    fsspec = pytest.importorskip("fsspec")
    files = fsspec.filesystem("memory")
    files.pipe_file("/bucket/clips.jsonl", command.read_bytes())
    address = "memory://me:word@bucket/clips.parquet"
    words = ["memory://bucket/clips.jsonl", "-o", address, "--videos", str(tmp_path / "v.parquet")]
    assert transnet.parquet.main(words) == 0
    transnet.parquet.write(transnet.parquet.ResultFile(command), tmp_path / "c.parquet")
    stored = pq.read_table(io.BytesIO(files.cat_file(address)))
    assert stored.equals(pq.read_table(tmp_path / "c.parquet"))
    with pytest.raises(transnet.errors.InvalidArgument, match=r"^memory://bucket/clips\.parquet exists"):
        transnet.parquet.write([document("a")], address)
    transnet.parquet.write([document("a")], address, overwrite=True)
    assert pq.read_table(io.BytesIO(files.cat_file(address))).num_rows == 1
    with pytest.raises(transnet.errors.InvalidArgument, match="written twice"):
        transnet.parquet.write([], "memory://bucket/a", "memory://bucket/a")


class Interrupted:
    """A filesystem whose writes are interrupted after a few bytes."""

    def __init__(self, filesystem) -> None:
        self._filesystem = filesystem

    def __getattr__(self, name):
        return getattr(self._filesystem, name)

    @contextlib.contextmanager
    def open_output_stream(self, path):
        with self._filesystem.open_output_stream(path) as stream:
            yield InterruptedStream(stream)


class InterruptedStream:
    def __init__(self, stream) -> None:
        self._stream = stream

    def write(self, data):
        self._stream.write(bytes(data)[:10])
        raise KeyboardInterrupt


@pytest.fixture(params=["folder", "file", "memory", "s3"])
def store(request, tmp_path):
    """The address of a folder for results, and a function that returns the files there."""
    if request.param == "s3":
        s3 = request.getfixturevalue("s3")
        return s3.address("out"), s3.files
    if request.param == "memory":
        files = pytest.importorskip("fsspec").filesystem("memory")
        files.rm("/", recursive=True)
        return "memory://out", lambda: {name: files.cat_file(name) for name in files.find("/")}
    folder = tmp_path / "out"
    folder.mkdir()
    address = str(folder) if request.param == "folder" else f"file://{folder}"
    return address, lambda: {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("store", ["file", "memory", "s3"], indirect=True)
@pytest.mark.parametrize("overwrite", [False, True])
def test_an_interrupted_upload_leaves_nothing(store, overwrite, monkeypatch):
    folder, files = store
    path, mark, query = folder.partition("?")
    file = f"{path}/c.parquet{mark}{query}"
    if overwrite:
        transnet.parquet.write([document("a")], file)
    before = files()
    assert len(before) == overwrite
    own = transnet.parquet.arrow_filesystem_of
    with monkeypatch.context() as patch:
        patch.setattr(transnet.parquet, "arrow_filesystem_of", lambda *words: (Interrupted(own(*words)[0]), own(*words)[1]))
        with pytest.raises(KeyboardInterrupt):
            transnet.parquet.write([document("b")], file, overwrite=overwrite)
    assert files() == before
    transnet.parquet.write([document("c")], file, overwrite=overwrite)
    (data,) = files().values()
    assert pq.read_table(io.BytesIO(data))["id"].to_pylist() == ["c"]


def test_a_store_that_cannot_rename(tmp_path):
    """As Azure's without a hierarchical namespace, says pyarrow."""

    class Store(Interrupted):
        def open_output_stream(self, path):
            return self._filesystem.open_output_stream(path)

        def move(self, source, target):
            raise NotImplementedError("Move() is not implemented")

    for data in (b"first", b"second"):
        stores.write_whole(Store(ResultFolder.at(str(tmp_path)).filesystem), str(tmp_path / "a"), io.BytesIO(data))
        assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", data)]


def test_an_interrupted_file_of_a_cluster_leaves_nothing(store):
    address, files = store
    folder = ResultFolder.at(address)
    assert len(folder.settle(False)) == 0
    table = pa.Table.from_pylist([{"id": "a", "status": "complete"}], RESULT_SCHEMA)
    with pytest.raises(KeyboardInterrupt):
        ResultFolder(Interrupted(folder.filesystem), folder.folder).write(table)
    assert files() == {}
    assert len(folder.settle(False)) == 0  # a file that pyarrow cannot read would end each further run
    folder.write(table)
    assert folder.settle(False).to_pylist() == ["a"]
    assert len(files()) == 2


def test_a_run_removes_what_a_killed_one_left(store):
    address, files = store
    folder = ResultFolder.at(address)
    folder.settle(False)
    with folder.filesystem.open_output_stream(f"{folder.folder}/videos/.transnet-1.tmp") as stream:
        stream.write(b"PAR1")
    assert len(files()) == 1
    folder.settle(False)
    assert files() == {}


def test_the_columns_are_the_ones_of_a_cluster(tmp_path):
    transnet.parquet.write([], tmp_path / "c.parquet", tmp_path / "v.parquet")
    assert pq.read_schema(tmp_path / "v.parquet").equals(RESULT_SCHEMA)
    assert pq.read_schema(tmp_path / "c.parquet").names == ["id", "uuid", "start_frame", "end_frame", "start_s", "end_s"]


def test_columns_of_lists_keep_their_types(tmp_path):
    columns = [
        {"n": 1, "x": 1, "b": True, "t": "a", "mix": 1, "deep": {"a": [1]}, "null": None, "large": 2**70},
        {"n": -(2**63), "x": 0.5, "b": None, "t": "ä", "mix": "1", "id": 7, "uuid": "u", "uuid (2)": "v"},
    ]
    results = [document("a", columns=columns[0]), document("b"), document("c", columns=columns[1])]
    transnet.parquet.write(results, tmp_path / "c.parquet")
    table = pq.read_table(tmp_path / "c.parquet")
    types = {name: str(table.schema.field(name).type) for name in ("n", "x", "b", "t", "mix", "deep", "null", "large")}
    assert types == {"n": "int64", "x": "double", "b": "bool", "t": "string", "mix": "string", "deep": "string",
                     "null": "string", "large": "string"}
    first, second, third = table.to_pylist()
    assert (first["n"], first["x"], first["b"], first["mix"], first["deep"]) == (1, 1.0, True, "1", '{"a": [1]}')
    assert int(first["large"]) == 2**70
    assert second["n"] is None
    assert (third["id"], third["id (2)"], third["uuid (3)"], third["uuid (2)"]) == ("c", 7, "u", "v")
    assert third["uuid"] == results[2]["clips"][0]["uuid"]


def test_many_videos_are_read_in_groups(tmp_path):
    count = 2500
    with (tmp_path / "r.jsonl").open("w") as file:
        for number in range(count):
            file.write(json.dumps(document(f"{number}.mp4", columns={"number": number})) + "\n\n")
    counts = transnet.parquet.write(transnet.parquet.ResultFile(tmp_path / "r.jsonl"), tmp_path / "c.parquet")
    assert counts == transnet.parquet.Counts(count, count)
    table = pq.read_table(tmp_path / "c.parquet")
    assert table["id"].to_pylist() == [f"{number}.mp4" for number in table["number"].to_pylist()]
    assert pq.ParquetFile(tmp_path / "c.parquet").num_row_groups == 3


def test_a_document_and_an_array(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(document("a"), indent=2))
    (tmp_path / "two.json").write_text(json.dumps([document("b"), document("c", schema="transnet.clips/1")]))
    words = [tmp_path / "one.json", tmp_path / "two.json", "--videos", tmp_path / "v.parquet"]
    assert transnet.parquet.main(list(map(str, words))) == 0
    assert pq.read_table(tmp_path / "v.parquet")["id"].to_pylist() == ["a", "b", "c"]


def test_no_file_is_replaced_unless_asked(tmp_path):
    file = tmp_path / "c.parquet"
    file.write_text("mine")
    with pytest.raises(transnet.errors.InvalidArgument, match=r"c\.parquet exists"):
        transnet.parquet.write([document("a")], file, tmp_path / "v.parquet")
    assert file.read_text() == "mine"
    transnet.parquet.write([document("a")], file, tmp_path / "v.parquet", overwrite=True)
    assert pq.read_table(file).num_rows == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.parquet", "v.parquet"]
    (tmp_path / "r.json").write_text(json.dumps(document("a")))
    for words in ([tmp_path / "r.json", "-o", tmp_path / "r.json", "--overwrite"], [tmp_path / "r.json"]):
        with pytest.raises(SystemExit) as ended:
            transnet.parquet.main(list(map(str, words)))
        assert ended.value.code == 2
    assert transnet.parquet.main([str(tmp_path / "r.json"), "-o", str(file)]) == 1
    assert json.loads((tmp_path / "r.json").read_text())["video"] == "a"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["{}"], r'r\.jsonl: line 1: "schema" is not'),
        (['{"schema": "transnet.split/1"}'], 'line 1: "schema" is not "transnet.clips/1" or "transnet.clips/2"'),
        (["[]"], "line 1: no JSON object"),
        ([json.dumps(document("a")), "", '{"schema"'], "line 3: no JSON"),
        (["[" * 100_000], "line 1: "),
        ([json.dumps({key: value for key, value in document("a").items() if key != "clips"})], 'line 1: "clips" is missing'),
        ([json.dumps(document("a", video=None))], 'line 1: "video" is no text'),
        ([json.dumps(document("a")), json.dumps(document("b", frame_count="many"))], "line 2: a member has the wrong type"),
        ([json.dumps(document("a", frame_count=2**64))], "line 1: a member has the wrong type"),
        ([json.dumps(document("a", clips=[{}]))], 'line 1: "uuid" is missing'),
        ([json.dumps(document("a", clips=7))], "line 1: a member has the wrong type"),
        ([json.dumps(document("a", analysed={}))], 'line 1: "start_frame" is missing'),
        ([json.dumps(document("a", snapped=7))], "line 1: a member has the wrong type"),
        ([json.dumps(document("a", made_by=[1]))], "line 1: a member has the wrong type"),
    ],
)
def test_a_wrong_file_is_refused(lines, message, tmp_path):
    (tmp_path / "r.jsonl").write_text("\n".join(lines))
    with pytest.raises(transnet.errors.InvalidArgument, match=message):
        transnet.parquet.write(transnet.parquet.ResultFile(tmp_path / "r.jsonl"), tmp_path / "c.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["r.jsonl"]


def test_names_that_are_not_utf8(beginning, model, tmp_path):
    """Linux allows any bytes in a file's name, Parquet only UTF-8."""
    folder = tmp_path / os.fsdecode(b"folder-\xfe")
    folder.mkdir()
    video = folder / os.fsdecode(b"\xff\xc3\xa9.mp4")
    shutil.copy(beginning, video)
    result = transnet.ClipExtractor(model=model, min_length_s=0.5, crop_s=0).extract(video)
    columns = {"stars": 5, "from": str(video), "a\udcff": 1, "a\\xff": 2}
    transnet.parquet.write([result, document("\ud800", columns=columns)], folder / "c.parquet", folder / "v.parquet")
    name = f"{tmp_path}/folder-\\xfe/\\xffé.mp4"
    with (folder / "c.parquet").open("rb") as file:
        rows = pq.read_table(file).to_pylist()
    assert [row["id"] for row in rows] == [name, name, "\\ud800"]
    assert [row["uuid"] for row in rows[:2]] == [str(clip.uuid) for clip in result.clips]
    assert (rows[2]["from"], rows[2]["stars"], rows[2]["a\\xff"], rows[2]["a\\xff (2)"]) == (name, 5, 2, 1)
    failed = document("a", status="failed", error={"code": "not_found", "message": "\udcff is missing"}, warnings=["\udcfe"])
    transnet.parquet.write([failed], videos=tmp_path / "v.parquet")
    (row,) = pq.read_table(tmp_path / "v.parquet").to_pylist()
    assert (row["error"], row["warnings"]) == ("\\xff is missing", ["\\xfe"])


def test_without_pyarrow_the_error_names_the_package(tmp_path):
    script = "import sys; sys.modules['pyarrow'] = None; import transnet.parquet"
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "transnet.parquet needs pyarrow: pip install pyarrow" in finished.stderr
