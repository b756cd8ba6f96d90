# SPDX-License-Identifier: Apache-2.0
"""TransNetV2 and AutoShot in plain PyTorch, if that is installed."""

import numpy as np
import pytest

import transnet
from conftest import DATA, DEPS, needed

torch = pytest.importorskip("torch")
import transnet.torch  # noqa: E402

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


@pytest.fixture(params=["transnetv2", "autoshot"])
def published(request, weights):
    """The weights of a network, its own probabilities of a video in the published code, and its threshold."""
    if request.param == "transnetv2":
        return weights, DATA / "model" / "bikes.predictions.txt", 0.4
    return needed(DEPS / "weights-autoshot" / "ckpt_0_200_0.pth"), DATA / "model" / "bikes.autoshot.txt", 0.296


@pytest.mark.parametrize("device", DEVICES)
def test_answers_of_the_published_code(device, published, bikes):
    path, golden, threshold = published
    expected = np.loadtxt(golden, comments="#")
    network = transnet.torch.load(path, device)
    found = transnet.ClipExtractor(model=network).predict(bikes)
    own = transnet.ClipExtractor(weights=path, precision="fp32").predict(bikes)
    for head, row in ((found.single, 0), (found.many_hot, 1)):
        assert np.abs(head - expected[:, row]).max() < 1e-4
    assert np.abs(found.single - own.single).max() < 1e-4
    assert np.abs(found.many_hot - own.many_hot).max() < 1e-4
    assert network.threshold == threshold == transnet.recommended_threshold(path)


def test_bad_weights(tmp_path, published):
    with pytest.raises(FileNotFoundError, match="fetch_weights"):
        transnet.torch.load(tmp_path / "missing.pth", "cpu")
    torch.save({"a": torch.zeros(3)}, tmp_path / "other.pth")
    with pytest.raises(ValueError, match="not the weights of TransNetV2"):
        transnet.torch.load(tmp_path / "other.pth", "cpu")
    torch.save([torch.zeros(3)], tmp_path / "list.pth")
    with pytest.raises(ValueError, match="no dictionary of tensors"):
        transnet.torch.load(tmp_path / "list.pth", "cpu")
    whole = published[0].read_bytes()
    (tmp_path / "broken.pth").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"broken\.pth: not the weights"):
        transnet.torch.load(tmp_path / "broken.pth", "cpu")
    tensors = torch.load(published[0], map_location="cpu", weights_only=True)
    tensors.get("net", tensors).popitem()
    torch.save(tensors, tmp_path / "less.pth")
    with pytest.raises(ValueError, match="Missing key"):
        transnet.torch.load(tmp_path / "less.pth", "cpu")


def test_tensors_are_frames(weights):
    model = transnet.ShotModel.from_function(lambda windows: torch.from_numpy(windows)[:, :, 0, 0, 0] / 255)
    frames = torch.randint(0, 256, (120, 27, 48, 3), dtype=torch.uint8)
    stream = transnet.ShotStream(model)
    stream.push(frames)
    stream.finish()
    assert np.array_equal(stream.take().single, (frames[:, 0, 0, 0] / 255).numpy())
