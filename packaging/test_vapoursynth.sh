#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the wheel of the VapourSynth plugin in a fresh environment, with VapourSynth's own Python and vspipe:
#   packaging/test_vapoursynth.sh OUT/vapoursynth_transnet-VERSION-....whl PYTHON     PYTHON: 3.12 or later
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/../scripts/common.sh"
# shellcheck source=packaging/bare_root.sh
source packaging/bare_root.sh
[[ $# == 2 ]] || { echo "usage: $0 WHEEL PYTHON" >&2; exit 2; }
wheel=$(realpath "$1")
python=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-test-vapoursynth.XXXXXX")
trap 'rm -rf "$work"' EXIT
export XDG_CONFIG_HOME=$work/config  # vspipe reads the place of its Python there

make_environment() {
  "$python" -m venv "$work/venv" && "$work/venv/bin/pip" install -q "$wheel" &&
    "$work/venv/bin/vapoursynth" config
}

# 500 frames with a cut at 300.
cat >"$work/cut.py" <<'PYTHON'
import vapoursynth as vs
core = vs.core
parts = [core.std.BlankClip(width=640, height=360, format=vs.YUV420P8, length=length, color=[luma, 128, 100])
         for length, luma in ((300, 50), (200, 200))]
clip = core.transnet.Detect(core.std.Splice(parts))
clip.set_output()
PYTHON

marks_the_cut() {
  [[ $("$work/venv/bin/python" -c '
import runpy, sys
clip = runpy.run_path(sys.argv[1])["clip"]
print([number for number, frame in enumerate(clip.frames()) if frame.props["_SceneChangePrev"]])' "$work/cut.py") == "[300]" ]]
}

vspipe_reads_it() { "$work/venv/bin/vspipe" "$work/cut.py" . 2>&1 | grep -q '^Output 500 frames'; }

has_licences() { unzip -l "$wheel" | grep -q 'licenses/weights.txt' && unzip -l "$wheel" | grep -q 'licenses/LICENSE'; }

check "the licences are in it" has_licences
step "environment" make_environment
check "the plugin is found and marks a cut" marks_the_cut
check "vspipe reads the marked clip" vspipe_reads_it
((failures == 0))
