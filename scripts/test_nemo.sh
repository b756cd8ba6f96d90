#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs NVIDIA's own tests of the reference's stage on transnet.nemo:
#   scripts/test_nemo.sh CURATOR PYTHON     CURATOR: a checkout of NVIDIA-NeMo/Curator; PYTHON: one with
#                                           nemo-curator[video-cpu] of that version, pytest and transnet
# Two names in the test file are replaced: the stage's module, and the class of its model.
set -euo pipefail
[[ $# == 2 ]] || { echo "usage: $0 CURATOR PYTHON" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-nemo.XXXXXX")
trap 'rm -rf "$work"' EXIT
sed 's/nemo_curator[.]stages[.]video[.]clipping[.]transnetv2_extraction/transnet.nemo/g
  s/nemo_curator[.]models[.]transnetv2[.]TransNetV2/transnet.nemo.TransNetV2/g' \
  "$1/tests/stages/video/clipping/test_transnetv2_extraction.py" >"$work/test_stage.py"
python=$(realpath --no-symlinks "$2")
cd "$work"
"$python" -m pytest -q --noconftest -p no:cacheprovider test_stage.py
