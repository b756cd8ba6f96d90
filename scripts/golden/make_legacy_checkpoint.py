#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/data/model/legacy_checkpoint.pth: what a training script wrote with `torch.save` before PyTorch 1.6.

PyTorch still writes that layout where it is asked to. tests/nn/legacy_layout_test.cpp has the same values. PyTorch
names storages by their addresses, so the file is another one at every run; its tensors are the same.

    python3 -m venv golden-venv
    golden-venv/bin/pip install torch==2.15.0
    golden-venv/bin/python scripts/golden/make_legacy_checkpoint.py
"""

import pathlib

import torch

TARGET = pathlib.Path(__file__).resolve().parents[2] / "tests" / "data" / "model" / "legacy_checkpoint.pth"


def main() -> None:
    rows = torch.arange(6, dtype=torch.float32).reshape(2, 3) / 4
    weights = {
        "rows": rows,
        "columns": rows.t(),  # the same storage, in another order
        "last_row": rows[1],
        "half": torch.tensor([0.5, -2.0], dtype=torch.float16),
        "double": torch.tensor([1e-3], dtype=torch.float64),
        "count": torch.tensor(7),
    }
    optimizer = {"state": {0: {"step": 5, "exp_avg": torch.ones(2, 3)}}, "param_groups": [{"lr": 1e-3, "params": [0]}]}
    checkpoint = {"epoch": 3, "state_dict": weights, "optimizer": optimizer}
    torch.save(checkpoint, TARGET, _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
