# SPDX-License-Identifier: Apache-2.0
"""The published weights."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from . import _core
from ._progress import Progress, reporting

PublishedModel = Literal["transnetv2", "autoshot"]


def weights_path(model_dir: str | os.PathLike[str] | None = None, *, model: PublishedModel = "transnetv2") -> Path:
    """The path of the weights below a folder, whether they exist or not. None: the user's cache folder."""
    return Path(_core.weights_path(model_dir, model))


def fetch_weights(
    model_dir: str | os.PathLike[str] | None = None,
    *,
    model: PublishedModel = "transnetv2",
    url: str = "",
    sha256: str = "",
    progress: Progress = None,
) -> Path:
    """Makes sure that the weights exist and are complete, and returns their path.

    Any number of processes may call this at once: one downloads. A broken transfer is resumed.

    Args:
        model_dir: None: the user's cache folder.
        url: another address. Empty: the environment's `TRANSNET_WEIGHTS_URL`, or the published address.
        sha256: of the file. Empty: the published one.
        progress: called with the numbers of finished and of expected bytes; True shows a bar of tqdm.

    Raises:
        NetworkError: with advice how to get the file in another way.
        ChecksumMismatch, IoError, PermissionDenied, InvalidArgument
    """
    with reporting(progress, "B") as report:
        return Path(_core.fetch_weights(model_dir, model, url, sha256, report))


def recommended_threshold(file: str | os.PathLike[str]) -> float:
    """The threshold that a network's authors publish with it: 0.4 for TransNetV2, 0.296 for AutoShot."""
    return _core.recommended_threshold(file)
