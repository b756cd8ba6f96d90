# SPDX-License-Identifier: Apache-2.0
"""Videos in stores: their bytes, the requests for them, and that no credential comes out."""

import io
import itertools
import random

import pytest

import transnet
from transnet import stores

fsspec = pytest.importorskip("fsspec")
BLOCK = stores.BLOCK_BYTES


class Requests:
    """A store over bytes that writes down what it is asked for."""

    def __init__(self, data: bytes, size: int | None = None) -> None:
        self.asked: list[tuple[int, int]] = []
        self._data = data
        self.video = stores.StoredVideo(self.fetch, len(data) if size is None else size, "video")

    def fetch(self, start: int, end: int) -> bytes:
        self.asked.append((start, end))
        return self._data[start:end]


@pytest.fixture(scope="module")
def long_video(ffmpeg, tmp_path_factory):
    """Blocks of pictures, which do not compress, then the index."""
    path = tmp_path_factory.mktemp("stores") / "long.mp4"
    noise = "nullsrc=s=640x360,geq=random(1)*255:128:128"
    ffmpeg("-f", "lavfi", "-i", noise, "-frames:v", 80, "-c:v", "mjpeg", "-q:v", 2, path)
    assert path.stat().st_size > 3 * BLOCK
    assert path.read_bytes().index(b"moov") > 2 * BLOCK
    return path


def test_it_reads_as_a_file_does(monkeypatch):
    monkeypatch.setattr(stores, "BLOCK_BYTES", 64)
    rng = random.Random(1)
    data = rng.randbytes(1000)
    store, file = Requests(data), io.BytesIO(data)
    for _ in range(2000):
        if rng.random() < 0.3:
            offset = rng.randrange(0, 1100)
            assert store.video.seek(offset) == file.seek(offset)
        size = rng.choice([0, 1, 10, 63, 64, 65, 500])
        expected = file.read(size)
        got = b""
        while len(got) < size and (more := store.video.read(size - len(got))):
            got += more
        assert got == expected
        assert store.video.tell() == file.tell()
    assert store.video.seek(-5, io.SEEK_END) == 995
    assert store.video.readall() == data[-5:]
    with pytest.raises(ValueError, match="before the file"):
        store.video.seek(-1)
    with pytest.raises(ValueError, match="whence is 3"):
        store.video.seek(0, 3)
    assert all(end - start <= 64 and start % 64 == 0 for start, end in store.asked)


def test_a_closed_video_refuses_everything():
    video = Requests(b"data").video
    video.close()
    for call in (video.tell, video.readable, video.seekable, video.read, lambda: video.seek(0), lambda: video.readinto(b"")):
        with pytest.raises(ValueError, match="closed file"):
            call()


def test_a_path_of_pathlib(beginning):
    with transnet.open(beginning) as video:
        assert video.name == str(beginning)
        assert video.read(100) == beginning.read_bytes()[:100]


def test_a_block_that_failed_is_read_again(monkeypatch):
    """Also one that was on its way."""
    monkeypatch.setattr(stores, "BLOCK_BYTES", 64)
    data = random.Random(1).randbytes(320)
    store = Requests(data)
    failures = {192: ConnectionError("reset"), 256: KeyboardInterrupt()}

    def fetch(start, end):
        if start in failures:
            raise failures.pop(start)
        return store.fetch(start, end)

    video = stores.StoredVideo(fetch, len(data), "video")
    got = b""
    for number in (192, 256):
        while len(got) < number:
            got += video.read(64)
        with pytest.raises((ConnectionError, KeyboardInterrupt)):
            video.read(64)
    assert got + video.read(64) == data
    assert failures == {}


def test_clips_equal_the_files(weights, beginning):
    extractor = transnet.ClipExtractor(weights=weights, min_length_s=0.5, crop_s=0)
    files = fsspec.filesystem("memory")
    files.pipe_file("/bucket/video.mp4", beginning.read_bytes())
    with transnet.open("memory://bucket/video.mp4") as video:
        found = extractor.extract(video, name="video.mp4")
    assert len(found.clips) == 2
    assert found == extractor.extract(beginning, name="video.mp4")
    with transnet.open("/bucket/video.mp4", filesystem=files) as video:
        assert extractor.extract(video, name="video.mp4") == found


def test_pyarrow_opens_the_same(weights, beginning):
    fs = pytest.importorskip("pyarrow.fs")
    extractor = transnet.ClipExtractor(weights=weights)
    with transnet.open(str(beginning), filesystem=fs.LocalFileSystem()) as video:
        assert extractor.extract(video, name="a") == extractor.extract(beginning, name="a")


def test_an_index_at_the_end_costs_two_jumps(long_video):
    store = Requests(long_video.read_bytes())
    transnet.read_frames(store.video, name="long.mp4")
    starts = [start for start, _ in store.asked]
    jumps = sum(then != now + BLOCK for now, then in itertools.pairwise(starts))
    assert jumps == 2
    assert len(starts) == len(set(starts)) + 1  # the first block again, after the index
    assert all(end - start == BLOCK or end == long_video.stat().st_size for start, end in store.asked)


def test_the_next_block_is_on_its_way(long_video):
    """Blocks that are read one after the other are asked for by another thread."""
    import threading

    threads = []
    data = long_video.read_bytes()

    def fetch(start, end):
        threads.append(threading.current_thread() is threading.main_thread())
        return data[start:end]

    video = stores.StoredVideo(fetch, len(data), "video")
    while video.read(BLOCK):
        pass
    assert threads[:2] == [True, True]
    assert not any(threads[2:])


def test_a_store_that_gives_less_is_an_error():
    store = Requests(b"a" * 100, size=200)
    with pytest.raises(transnet.errors.IoError, match="100 of 200 bytes from 0 on"):
        store.video.read(10)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("video.mp4", "video.mp4"),
        ("C:/a@b.mp4", "C:/a@b.mp4"),
        ("s3://bucket/a b@c#d?e.mp4", "s3://bucket/a b@c#d?e.mp4"),
        ("s3://bucket/a b@c#d.mp4?access_key=me", "s3://bucket/a b@c#d.mp4"),
        ("ftp://me:word@host/a.mp4?key=1", "ftp://host/a.mp4"),
        ("gs://bucket/a.mp4?token=1", "gs://bucket/a.mp4"),
        ("az://container/a.mp4?sv=1&sig=2", "az://container/a.mp4"),
        ("abfs://raw@account.dfs.core.windows.net/a.mp4?sig=2", "abfs://raw@account.dfs.core.windows.net/a.mp4"),
        ("s3://key:secret@bucket/a.mp4", "s3://bucket/a.mp4"),
        ("https://me:word@host/a.mp4?X-Amz-Signature=1#f", "https://host/a.mp4"),
        ("zip://a.mp4::s3://key:secret@bucket/a.zip", "zip://a.mp4::s3://bucket/a.zip"),
        ("https://host", "https://host"),
        ("abfs://raw@account.dfs.core.windows.net/a.mp4", "abfs://raw@account.dfs.core.windows.net/a.mp4"),
        ("github://org:repo@ref/a.mp4", "github://org:repo@ref/a.mp4"),
    ],
)
def test_credentials_are_not_shown(address, shown):
    assert stores.without_credentials(address) == shown
    assert stores.text_without_credentials(f"cannot open '{address}'", address) == f"cannot open '{shown}'"


def test_other_spellings_of_an_address_are_not_shown_either():
    address = "https://me:word@host/a b.mp4?sig=1"
    message = "403, url='https://me:word@host/a%20b.mp4?sig=1', path me:word@host/a b.mp4"
    assert stores.text_without_credentials(message, address) == "403, url='https://host/a%20b.mp4', path host/a b.mp4"


def test_the_name_has_no_credentials():
    fsspec.filesystem("memory").pipe_file("/key:secret@bucket/a", b"1")
    with transnet.open("memory://key:secret@bucket/a") as video:
        assert video.name == "memory://bucket/a"


def test_an_address_without_a_library_for_it_is_not_shown_whole(monkeypatch):
    pytest.importorskip("pyarrow")

    def refuse(*_words, **_options):
        raise ImportError("there is no such package")

    monkeypatch.setattr(fsspec.core, "url_to_fs", refuse)
    with pytest.raises(transnet.errors.Unsupported, match=r"https://host/a\.mp4: there is no such package") as caught:
        transnet.open("https://me:word@host/a.mp4?X-Amz-Signature=secret")
    assert "secret" not in str(caught.value) and "word" not in str(caught.value)
    assert caught.value.__cause__ is None


class RememberingStore(fsspec.get_filesystem_class("file")):
    """Keeps the lists of folders, as the filesystems of stores do, and has no empty folders."""

    protocol = "remembering"
    cachable = False

    def __init__(self):
        super().__init__()
        self.lists = {}

    def mkdir(self, path, create_parents=True, **_options):
        pass

    makedirs = mkdir

    def ls(self, path, detail=False, **options):
        if (path, detail) not in self.lists:
            self.lists[path, detail] = super().ls(path, detail, **options)
        return self.lists[path, detail]

    def invalidate_cache(self, path=None):
        self.lists.clear()


def test_results_of_another_process_are_seen(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    from transnet._result_folder import ResultFolder

    store = pa.fs.PyFileSystem(pa.fs.FSSpecHandler(RememberingStore()))
    folder = ResultFolder(store, str(tmp_path / "results"))
    assert folder.settle(retry_failed=False).to_pylist() == []
    for kind in ("videos", "clips"):  # another process writes
        (tmp_path / "results" / kind).mkdir(parents=True)
        pq.write_table(pa.table({"id": ["a"], "status": ["complete"]}), tmp_path / "results" / kind / "0.parquet")
    assert folder.settle(retry_failed=False).to_pylist() == ["a"]
    assert (tmp_path / "results/clips/0.parquet").exists()


def test_what_cannot_be_opened():
    with pytest.raises(FileNotFoundError):
        transnet.open("memory://bucket/missing.mp4")
    with pytest.raises(TypeError, match="storage_options"):
        transnet.open("a", filesystem=fsspec.filesystem("memory"), key="secret")
