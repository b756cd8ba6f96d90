# SPDX-License-Identifier: Apache-2.0
"""The parts of compare.py. They need the standard library alone; network_worker.py and export_onnx.py run in the rivals'
own environments."""
