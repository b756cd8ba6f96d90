# SPDX-License-Identifier: Apache-2.0
"""The package in a process: signals, threads, forks, other packages, memory."""

import concurrent.futures
import importlib.util
import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import transnet

INTERRUPTED = """
import signal, sys, threading, time, transnet
extractor = transnet.ClipExtractor(weights=sys.argv[1])
extractor.setup()
start = time.monotonic()
extractor.extract(sys.argv[2])
print(time.monotonic() - start, flush=True)  # of one window
def reader():
    class Reader:
        def read(self, size):
            time.sleep(60)
            return b""
    return Reader()
source = {source}
print("ready", flush=True)
try:
    extractor.extract(source, name="video")
except KeyboardInterrupt:
    print("interrupted", flush=True)
    extractor.extract(sys.argv[2])
    print("works again", flush=True)
"""


@pytest.mark.parametrize(
    ("source", "wait_s"),
    [
        ("'/dev/stdin'", 0.3),  # a silent pipe, in which FFmpeg waits
        ("sys.stdin.buffer", 0.3),  # the same, in which Python waits
        ("reader()", 0.3),
        ("sys.argv[3]", 0.5),  # a long video, in the network
        ("sys.argv[3]", 0.01),
    ],
)
def test_ctrl_c_works_within_a_second(source, wait_s, weights, bikes, beginning, tmp_path, ffmpeg):
    long_video = tmp_path / "long.mp4"
    ffmpeg("-stream_loop", 40, "-i", bikes, "-c", "copy", long_video)
    command = [sys.executable, "-c", INTERRUPTED.format(source=source), weights, beginning, long_video]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        # On a busy machine, the window that the network is at takes its time.
        limit_s = max(1.0, 2 * float(process.stdout.readline()))
        assert process.stdout.readline() == "ready\n"
        time.sleep(wait_s)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"
        assert time.monotonic() - start < limit_s
        assert process.stdout.readline() == "works again\n"
        process.stdin.close()
        assert process.wait(30) == 0


def test_other_threads_go_on(weights, bikes):
    """The GIL is free while the library works."""
    extractor = transnet.ClipExtractor(weights=weights)
    ticks = 0
    ended = threading.Event()

    def count():
        nonlocal ticks
        while not ended.wait(0.005):
            ticks += 1

    thread = threading.Thread(target=count)
    thread.start()
    start = time.monotonic()
    extractor.extract(bikes)
    seconds = time.monotonic() - start
    ended.set()
    thread.join()
    assert ticks > seconds / 0.005 / 20


def test_threads_share_an_extractor(weights, beginning):
    extractor = transnet.ClipExtractor(weights=weights)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(extractor.extract, [beginning] * 8))
    assert all(result == results[0] for result in results)
    assert len(results[0].transitions) == 1


def in_child(connection, work):
    try:
        connection.send(work())
    except BaseException as error:
        connection.send(error)


def result_of_fork(work):
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=in_child, args=(theirs, work))
    process.start()
    assert ours.poll(60), "the forked process hangs"
    answer = ours.recv()
    process.join(20)
    assert process.exitcode == 0
    return answer


def test_a_fork_loads_its_own_model(weights, beginning):
    extractor = transnet.ClipExtractor(weights=weights)
    expected = extractor.extract(beginning)
    assert result_of_fork(lambda: extractor.extract(beginning)) == expected
    assert extractor.extract(beginning) == expected


def test_a_fork_refuses_models_and_streams(model, weights, bikes):
    stream = transnet.ShotStream(model)
    for work in (lambda: model.info, stream.take, lambda: transnet.ClipExtractor(model=model).extract(bikes)):
        error = result_of_fork(work)
        assert isinstance(error, transnet.errors.Unsupported)
        assert "forked" in str(error)
        assert "spawn" in str(error)


def test_pools_of_processes(weights, beginning):
    extractor = transnet.ClipExtractor(weights=weights, threads=1)
    expected = extractor.extract(beginning)
    for method in ("fork", "spawn"):
        with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context(method)) as pool:
            assert list(pool.map(extractor.extract, [beginning] * 3)) == [expected] * 3


def run_python(code, *arguments, **words):
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **words).stdout


NEIGHBOURS = ["numpy", "av", "cv2", "torch", "decord"]


def test_other_packages_in_any_order(weights, beginning):
    """Packages with libraries of the same names: each order of importing them with ours gives the same clips."""
    found = [name for name in NEIGHBOURS if importlib.util.find_spec(name)]
    code = """
import importlib, sys
for name in sys.argv[3].split(","): importlib.import_module(name)
import transnet
clips = transnet.ClipExtractor(weights=sys.argv[1]).extract(sys.argv[2])
if "av" in sys.modules:
    import av
    with av.open(sys.argv[2]) as video: assert sum(1 for _ in video.decode(video=0)) == 50
if "cv2" in sys.modules:
    import cv2
    video = cv2.VideoCapture(sys.argv[2]); assert video.read()[0]
print([transition.start_frame for transition in clips.transitions])
"""
    orders = list(itertools.permutations([*found, "transnet"]))
    for order in orders[:: max(1, len(orders) // 6)]:
        assert run_python(code, weights, beginning, ",".join(order)) == "[29]\n", order


def test_import_is_quick_and_small():
    code = """
import sys, time
start = time.process_time()
import transnet
print(time.process_time() - start, "numpy" in sys.modules)
"""
    # The system's FFmpeg brings some 170 libraries along.
    limit_s = 0.1 if "TRANSNET_TEST_WHEEL" in os.environ else 0.4
    runs = [run_python(code).split() for _ in range(5)]
    assert min(float(seconds) for seconds, _ in runs) < limit_s
    assert {numpy for _, numpy in runs} == {"False"}


def test_the_module_shows_only_its_initialisation():
    command = ["nm", "-D", "--defined-only", transnet._core.__file__]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    symbols = {line.split()[-1] for line in answer.splitlines()}
    assert "PyInit__core" in symbols
    # Weak symbols of the C++ runtime are shared by all libraries of a process.
    strong = {line.split()[-1] for line in answer.splitlines() if line.split()[-2] in "TDBR"}
    assert strong == {"PyInit__core"}


def test_memory_does_not_grow():
    code = """
import numpy, resource, transnet
frames = numpy.zeros((150, 27, 48, 3), numpy.uint8)
def run():
    stream = transnet.ShotStream(transnet.ShotModel.from_function(lambda windows: numpy.zeros((len(windows), 100))))
    stream.push(frames); stream.finish(); stream.take()
    try: transnet.ShotStream(None)
    except TypeError: pass
    try: transnet.read_frames(b"x" * 100000, name="x")
    except ValueError: pass
for _ in range(30): run()
first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(100): run()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - first)
"""
    assert int(run_python(code)) < 3000


@pytest.mark.parametrize("source", ["'/dev/stdin'", "Reader()", "sys.argv[2]"])
def test_interpreter_ends_while_a_daemon_works(source, weights, bikes):
    script = f"""
import sys, threading, time, transnet
class Reader:
    def read(self, size):
        time.sleep(0.05)
        return bytes(100)
extractor = transnet.ClipExtractor(weights=sys.argv[1])
extractor.setup()
threading.Thread(target=extractor.extract, args=({source},), kwargs=dict(name="video"), daemon=True).start()
time.sleep(0.3)
print("ends", flush=True)
"""
    command = [sys.executable, "-c", script, weights, bikes]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.read() == b"ends\n"
        assert process.stderr.read() == b""
        process.stdin.close()
    assert process.returncode == 0


def test_a_fork_ends_while_a_daemon_works(weights, beginning):
    """Also one whose parent has works of its own."""
    code = """
import os, sys, threading, time, transnet
class Reader:
    def read(self, size):
        time.sleep(0.05)
        return bytes(100)
extractor = transnet.ClipExtractor(weights=sys.argv[1])
def work():
    threading.Thread(target=extractor.extract, args=(Reader(),), kwargs=dict(name="video"), daemon=True).start()
    time.sleep(0.3)
work()
process = os.fork()
if process == 0:
    transnet.ClipExtractor(weights=sys.argv[1]).extract(sys.argv[2])
    work()
    sys.exit(0)
print(os.waitpid(process, 0)[1])
"""
    finished = subprocess.run(
        [sys.executable, "-c", code, weights, beginning], check=False, capture_output=True, text=True, timeout=120
    )
    assert finished.stderr == ""
    assert finished.stdout == "0\n"
    assert finished.returncode == 0


def test_interpreter_ends_with_everything_alive(weights):
    code = """
import sys, transnet, numpy
model = transnet.ShotModel.load(sys.argv[1])
function = transnet.ShotModel.from_function(lambda windows: numpy.zeros((len(windows), 100)))
stream = transnet.ShotStream(model); stream2 = transnet.ShotStream(function)
extractor = transnet.ClipExtractor(model=function); other = transnet.ClipExtractor(weights=sys.argv[1]); other.setup()
sys.modules["kept"] = (model, stream, stream2, extractor, other)
"""
    finished = subprocess.run([sys.executable, "-c", code, weights], check=False, capture_output=True, text=True)
    assert finished.returncode == 0
    assert finished.stderr == ""
