# SPDX-License-Identifier: Apache-2.0
"""The parts of measure_accuracy.py: edits with known transitions, and scores of what finds them. It needs numpy."""
