# SPDX-License-Identifier: Apache-2.0
"""TransNetV2 in plain PyTorch, if that is installed."""

import numpy as np
import pytest

import transnet
from conftest import DATA

torch = pytest.importorskip("torch")
import transnet.torch  # noqa: E402

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


@pytest.mark.parametrize("device", DEVICES)
def test_answers_of_the_published_code(device, weights, bikes):
    """The published network's own probabilities of a video."""
    expected = np.loadtxt(DATA / "model" / "bikes.predictions.txt", comments="#")
    model = transnet.torch.load(weights, device)
    found = transnet.ClipExtractor(model=model).predict(bikes)
    assert np.abs(found.single - expected[:, 0]).max() < 1e-4
    assert np.abs(found.many_hot - expected[:, 1]).max() < 1e-4


def test_bad_weights(tmp_path, bikes):
    with pytest.raises(FileNotFoundError, match="fetch_weights"):
        transnet.torch.load(tmp_path / "missing.pth", "cpu")
    torch.save({"a": torch.zeros(3)}, tmp_path / "other.pth")
    with pytest.raises(ValueError, match="not the weights of TransNetV2"):
        transnet.torch.load(tmp_path / "other.pth", "cpu")


def test_tensors_are_frames(weights):
    model = transnet.ShotModel.from_function(lambda windows: torch.from_numpy(windows)[:, :, 0, 0, 0] / 255)
    frames = torch.randint(0, 256, (120, 27, 48, 3), dtype=torch.uint8)
    stream = transnet.ShotStream(model)
    stream.push(frames)
    stream.finish()
    assert np.array_equal(stream.take().single, (frames[:, 0, 0, 0] / 255).numpy())
