# SPDX-License-Identifier: Apache-2.0
"""An extractor in a process of its own: whatever happens to a video, the next one has its result."""

import contextlib
import inspect
import multiprocessing.connection
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import transnet


@pytest.fixture
def isolated(weights):
    with transnet.IsolatedExtractor(weights=weights, threads=1) as extractor:
        yield extractor


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def child_of(extractor: transnet.IsolatedExtractor) -> int:
    return extractor._child._process.pid


def test_the_result_is_that_of_an_extractor(isolated, weights, bikes, beginning):
    assert isolated.extract(bikes) == transnet.ClipExtractor(weights=weights, threads=1).extract(bikes)
    assert isolated.extract(beginning, name="other").clips == ()
    assert isolated.setup().is_published


def test_all_arguments_of_an_extractor(isolated, weights, bikes, beginning):
    extractor = transnet.ClipExtractor(weights=weights, threads=1)
    # The new shot begins at 30.
    snapped = isolated.extract(beginning, snap_to=iter([0, 32]), snap_frames=3)
    assert [shot.start_frame for shot in snapped.shots] == [0, 32]
    assert snapped == extractor.extract(beginning, snap_to=[0, 32], snap_frames=3)
    assert [shot.start_frame for shot in isolated.extract(beginning, snap_to=[0, 32], snap_frames=1).shots] == [0, 30]
    with pytest.raises(TypeError):
        isolated.extract(beginning, snap_to=[0.5])
    predictions = isolated.predict(beginning)
    assert np.array_equal(predictions.single, extractor.predict(beginning).single)
    assert isolated.extract(beginning.read_bytes(), name=str(beginning)) == isolated.extract(beginning)
    with pytest.raises(TypeError, match="name="):
        isolated.extract(beginning.read_bytes())
    calls = []
    assert isolated.extract(bikes, progress=lambda *numbers: calls.append(numbers)).frame_count == 250
    assert calls[-1] == (250, 250)


def test_an_exception_of_the_progress_function_comes_out_unchanged(isolated, beginning):
    error = ConnectionError("of the caller")

    def refuse(done, expected):
        raise error

    with pytest.raises(ConnectionError) as caught:
        isolated.extract(beginning, progress=refuse)
    assert caught.value is error
    assert isolated.extract(beginning).status == "complete"


def test_every_argument_of_an_extractor_is_there():
    for method in ("extract", "predict"):
        arguments = [inspect.signature(getattr(kind, method)).parameters for kind in (
            transnet.ClipExtractor, transnet.IsolatedExtractor)]
        assert [*arguments[0]] == [*arguments[1]]


def test_a_video_of_a_store(isolated, beginning):
    pytest.importorskip("fsspec")
    assert isolated.extract(f"file://{beginning}", name=str(beginning)) == isolated.extract(beginning)
    with pytest.raises(FileNotFoundError) as missing:
        isolated.extract("memory://key:secret@bucket/missing.mp4")
    assert "secret" not in str(missing.value)


def test_errors_are_those_of_an_extractor(isolated, beginning, tmp_path):
    isolated.setup()
    child = child_of(isolated)
    with pytest.raises(transnet.errors.NotFound, match=r"missing\.mp4"):
        isolated.extract(tmp_path / "missing.mp4")
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(transnet.errors.InvalidMedia):
        isolated.extract(tmp_path / "text.mp4")
    assert child_of(isolated) == child
    with pytest.raises(transnet.errors.InvalidArgument):
        transnet.IsolatedExtractor(threshold=2.0)
    with pytest.raises(TypeError, match=r"IsolatedExtractor\(\) .*'thresold'. Did you mean 'threshold'"):
        transnet.IsolatedExtractor(thresold=0.5)
    with pytest.raises(TypeError, match="name of a video"):
        isolated.extract(beginning, name=3)
    with pytest.raises(TypeError, match="a name"):
        transnet.IsolatedExtractor(model=lambda windows: windows)
    with pytest.raises(transnet.errors.NotFound):
        transnet.IsolatedExtractor(weights=tmp_path / "missing.pth").setup()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"max_memory_bytes": 0}, ValueError),
        ({"max_memory_bytes": -1}, ValueError),
        ({"max_memory_bytes": 1e9}, TypeError),
        ({"max_memory_bytes": "1"}, TypeError),
        ({"max_video_s": 0}, ValueError),
        ({"max_video_s": float("nan")}, ValueError),
        ({"max_video_s": float("inf")}, ValueError),
        ({"max_video_s": "1"}, TypeError),
        ({"max_video_s": True}, TypeError),
        ({"storage_options": 3}, TypeError),
        ({"storage_options": "anon"}, TypeError),
    ],
)
def test_its_own_arguments_are_checked(words, error):
    with pytest.raises(error, match=next(iter(words))):
        transnet.IsolatedExtractor(**words)


def test_paths_are_those_of_the_caller(weights, beginning, tmp_path, monkeypatch):
    """Also after the caller has gone to another folder."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "video.mp4").symlink_to(beginning)
    (tmp_path / "weights.pth").symlink_to(weights.resolve())
    monkeypatch.chdir(tmp_path)
    with transnet.IsolatedExtractor(model=None, weights="weights.pth", threads=1) as extractor:
        monkeypatch.chdir(tmp_path / "here")
        extractor.setup()
        monkeypatch.chdir(tmp_path)
        assert extractor.extract("here/video.mp4").video == "here/video.mp4"
        monkeypatch.chdir(tmp_path / "here")
        assert extractor.extract("video.mp4").video == "video.mp4"
        assert extractor.extract(Path("video.mp4"), name="mine").video == "mine"


def test_it_can_be_pickled(weights, beginning):
    words = {"max_video_s": 60, "storage_options": {"key": "secret"}, "weights": weights, "threads": 1}
    with transnet.IsolatedExtractor(**words) as extractor:
        expected = extractor.extract(beginning)
        with pickle.loads(pickle.dumps(extractor)) as copied:
            assert copied._child is None
            assert copied.extract(beginning) == expected
        assert "max_video_s=60" in repr(extractor)
        assert "threads=1" in repr(extractor)
        assert "secret" not in repr(extractor)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_fails_alone(isolated, beginning, tmp_path, number):
    isolated.setup()
    child = child_of(isolated)
    pipe = tmp_path / "silent.mp4"
    os.mkfifo(pipe)
    threading.Timer(0.3, os.kill, (child, number)).start()
    with pytest.raises(transnet.errors.InternalError, match=rf"silent\.mp4: .*{number.name}"):
        isolated.extract(pipe)
    assert isolated.extract(beginning).status == "complete"
    assert child_of(isolated) != child


def test_a_video_that_hangs_fails_alone(weights, beginning, tmp_path):
    pipe = tmp_path / "silent.mp4"
    os.mkfifo(pipe)
    with transnet.IsolatedExtractor(weights=weights, max_video_s=30) as extractor:
        extractor.setup()
        extractor._max_video_s = 0.3
        with pytest.raises(transnet.errors.LimitExceeded, match=r"silent\.mp4: needs more than 0\.3 s"):
            extractor.extract(pipe)
        extractor._max_video_s = 60
        assert extractor.extract(beginning).status == "complete"


def test_a_video_that_fills_the_memory_fails_alone(weights, beginning, tmp_path, ffmpeg):
    large = tmp_path / "large.mkv"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=7680x4320:rate=5:duration=0.4", "-c:v", "ffv1", large)
    with transnet.IsolatedExtractor(weights=weights, threads=1, max_memory_bytes=300_000_000) as extractor:
        assert extractor.extract(beginning).status == "complete"
        with pytest.raises(transnet.errors.OutOfMemory):
            extractor.extract(large)
        assert extractor.extract(beginning).status == "complete"


def test_ctrl_c_ends_the_video(isolated, beginning, tmp_path):
    isolated.setup()
    pipe = tmp_path / "silent.mp4"
    os.mkfifo(pipe)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    start_s = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        isolated.extract(pipe)
    assert time.monotonic() - start_s < 2
    assert isolated.extract(beginning).status == "complete"


LARGE = bytes(8_000_000)  # more than a pipe holds


def test_ctrl_c_while_bytes_are_sent(weights, beginning):
    """The child, which stands still, reads only a part of them."""
    with transnet.IsolatedExtractor(weights=weights, threads=1, max_video_s=30) as extractor:
        extractor.setup()
        child = child_of(extractor)
        os.kill(child, signal.SIGSTOP)
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            extractor.extract(LARGE, name="large")
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGCONT)
        assert extractor.extract(beginning).status == "complete"


def test_the_limit_holds_while_bytes_are_sent(weights, beginning):
    with transnet.IsolatedExtractor(weights=weights, threads=1) as extractor:
        extractor.setup()
        child = child_of(extractor)
        os.kill(child, signal.SIGSTOP)
        going_on = threading.Timer(20, os.kill, (child, signal.SIGCONT))
        going_on.start()
        extractor._max_video_s = 0.5
        start_s = time.monotonic()
        with pytest.raises(transnet.errors.LimitExceeded, match=r"large: needs more than 0\.5 s"):
            extractor.extract(LARGE, name="large")
        assert time.monotonic() - start_s < 10
        going_on.cancel()
        extractor._max_video_s = 60
        assert extractor.extract(beginning).status == "complete"


@contextlib.contextmanager
def half_an_answer(extractor):
    """Puts a program in the child's place that reads requests and has written the beginning of an answer."""
    extractor.setup()
    extractor._child._connection, its_end = multiprocessing.connection.Pipe()
    os.write(its_end.fileno(), struct.pack("!i", 1000) + b"\x80")  # the length of a message, and its first byte
    with subprocess.Popen(["cat"], stdin=its_end.fileno(), stdout=subprocess.DEVNULL) as program:
        its_end.close()
        extractor._child._process = program
        yield program
        program.kill()


def test_the_limit_holds_in_the_middle_of_an_answer(weights, beginning):
    with transnet.IsolatedExtractor(weights=weights, threads=1) as extractor:
        extractor.setup()
        extractor._max_video_s = 0.5
        with half_an_answer(extractor), pytest.raises(transnet.errors.LimitExceeded):
            extractor.extract(beginning)
        extractor._max_video_s = 60
        assert extractor.extract(beginning).status == "complete"


def test_a_crash_in_the_middle_of_an_answer_fails_alone(isolated, beginning):
    with half_an_answer(isolated) as program:
        threading.Timer(0.3, program.send_signal, (signal.SIGSEGV,)).start()
        with pytest.raises(transnet.errors.InternalError, match=r"beginning\.mp4: .*SIGSEGV"):
            isolated.extract(beginning)
    assert isolated.extract(beginning).status == "complete"


def test_bytes_that_do_not_fit_fail_alone(weights, beginning):
    with transnet.IsolatedExtractor(weights=weights, threads=1, max_memory_bytes=300_000_000) as extractor:
        with pytest.raises(transnet.errors.OutOfMemory, match="large: "):
            extractor.extract(bytes(600_000_000), name="large")
        assert extractor.extract(beginning).status == "complete"


def test_a_path_of_bytes_is_a_path(isolated, beginning):
    (entry,) = os.scandir(os.fsencode(beginning.parent))
    assert isinstance(os.fspath(entry), bytes)
    assert isolated.extract(entry) == isolated.extract(beginning)


def test_the_caller_may_close_it_meanwhile(isolated, beginning):
    with pytest.raises(transnet.errors.InternalError, match=r"beginning\.mp4: "):
        isolated.extract(beginning, progress=lambda done, expected: isolated.close())
    assert isolated.extract(beginning).status == "complete"


def test_the_child_ends_with_its_parent(weights, tmp_path):
    pipe = tmp_path / "silent.mp4"
    os.mkfifo(pipe)
    program = (
        "import sys, transnet; e = transnet.IsolatedExtractor(weights=sys.argv[1]); e.setup();"
        "print(e._child._process.pid, flush=True); e.extract(sys.argv[2])"
    )
    with subprocess.Popen([sys.executable, "-c", program, weights, pipe], stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        time.sleep(0.2)
        parent.kill()
    end_s = time.monotonic() + 10
    while is_running(child):
        assert time.monotonic() < end_s
        time.sleep(0.05)


def test_the_current_folder_is_not_searched(weights, beginning, tmp_path, monkeypatch):
    (tmp_path / "numpy.py").write_text("raise SystemExit('the current folder was searched')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    with transnet.IsolatedExtractor(weights=weights) as extractor:
        assert extractor.extract(beginning).status == "complete"


def test_the_childs_output_is_no_answer(weights, beginning, monkeypatch):
    """A library that writes to standard output disturbs neither side."""
    monkeypatch.setenv("PYTHONSTARTUP", "")
    with transnet.IsolatedExtractor(weights=weights) as extractor:
        extractor.setup()
        assert Path(f"/proc/{child_of(extractor)}/fd/1").readlink() == Path("/proc/self/fd/2").readlink()
        assert extractor.extract(beginning).status == "complete"
