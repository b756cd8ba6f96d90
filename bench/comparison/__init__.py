# SPDX-License-Identifier: Apache-2.0
"""What compare.py is made of. It needs the standard library alone; network_worker.py and export_onnx.py run in the rivals'
own environments."""
