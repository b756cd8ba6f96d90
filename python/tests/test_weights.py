# SPDX-License-Identifier: Apache-2.0
"""Fetching the weights, from a server of the test on the loopback address."""

import http.server
import signal
import subprocess
import sys
import threading
import time

import pytest

import transnet


@pytest.fixture
def server(weights):
    """The address of the weights; below /silent/, the server never answers."""
    leave = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/silent/"):
                leave.wait(30)
                return
            data = weights.read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        leave.set()
        server.shutdown()
        thread.join()


def test_fetch(server, tmp_path, weights):
    calls = []
    path = transnet.fetch_weights(tmp_path, url=f"{server}/w.pth", progress=lambda done, total: calls.append((done, total)))
    assert path == transnet.weights_path(tmp_path) == tmp_path / "Sn4kehead" / "TransNetV2" / weights.name
    assert path.read_bytes() == weights.read_bytes()
    assert calls[-1] == (30506391, 30506391)
    assert transnet.fetch_weights(tmp_path, url="http://127.0.0.1:9/none") == path  # it is there


def test_setup_on_node(server, tmp_path, monkeypatch):
    monkeypatch.setenv("TRANSNET_WEIGHTS_URL", f"{server}/w.pth")
    extractor = transnet.ClipExtractor(model_dir=tmp_path)
    extractor.setup_on_node()
    extractor.setup()


def test_errors(server, tmp_path):
    with pytest.raises(transnet.errors.ChecksumMismatch):
        transnet.fetch_weights(tmp_path, url=f"{server}/w.pth", sha256="0" * 64)
    with pytest.raises(ValueError, match="ftp"):
        transnet.fetch_weights(tmp_path, url="ftp://127.0.0.1/w.pth")
    with pytest.raises(ValueError, match="'transnetv2' or 'autoshot'"):
        transnet.fetch_weights(tmp_path, model="other")


def test_ctrl_c_while_the_server_is_silent(server, tmp_path):
    code = """
import sys, transnet
print("ready", flush=True)
try: transnet.fetch_weights(sys.argv[1], url=sys.argv[2])
except KeyboardInterrupt: print("interrupted", flush=True)
"""
    command = [sys.executable, "-c", code, tmp_path, f"{server}/silent/w.pth"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"
        assert time.monotonic() - start < 2  # libcurl itself looks once a second


def test_arguments_are_checked():
    with pytest.raises(TypeError, match="model must be text, not None"):
        transnet.weights_path(model=None)
    with pytest.raises(TypeError, match="url must be text, not None"):
        transnet.fetch_weights(url=None)
    with pytest.raises(ValueError, match="model is 'yolo'"):
        transnet.weights_path(model="yolo")
