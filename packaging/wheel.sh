#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the wheel of the Python package, with FFmpeg in it, for the Python that runs it:
#   packaging/wheel.sh OUT [PYTHON]     PYTHON: default python3
# OUT gets transnet-VERSION-PYTHON-ABI-manylinux_GLIBC_MACHINE.whl and transnet-VERSION-sources.tar, the sources of the LGPL's
# parts, to be published beside it. From Python 3.12 on, one wheel serves all later ones; 3.11 needs its own.
# FFmpeg: as packaging/archive.sh. SOURCE_DATE_EPOCH is the date of the wheel (default: the commit's). Needs root, or the
# packages that it names.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/../scripts/common.sh"
# shellcheck source=packaging/parts.sh
source packaging/parts.sh
[[ $# == 1 || $# == 2 ]] || { echo "usage: $0 OUT [PYTHON]" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
python=${2:-python3}

export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
build=$project_dir/build-wheel
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-wheel.XXXXXX")
trap 'rm -rf "$work"' EXIT

make_tools() {
  "$python" -m venv "$work/tools" && "$work/tools/bin/pip" install -q -c scripts/deps/python.txt nanobind scikit-build-core wheel
}

# scikit-build-core strips the module.
build_wheel() {
  PKG_CONFIG_PATH=$ffmpeg/lib/pkgconfig "$work/tools/bin/pip" wheel ./python --no-deps --no-build-isolation --no-cache-dir \
    -w "$work/built" --config-settings build-dir="$build" \
    --config-settings "cmake.define.CMAKE_CXX_FLAGS=-fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$project_dir=." \
    --config-settings cmake.define.TRANSNET_STANDALONE=ON \
    --config-settings "cmake.define.TRANSNET_PACKAGE_NOTE=$(package_note wheel)" \
    --config-settings "cmake.define.TRANSNET_ENCODER_ADVICE=This package has only FFmpeg's own encoders, so none for H.264, HEVC, VP9 and \
WebP: use split --mode copy, name another encoder, or install the Debian package of transnet, which has the encoders of Debian's FFmpeg" \
    --config-settings "build.tool-args=-j${TRANSNET_BUILD_JOBS:-$(nproc)}" || return
  has_own_ffmpeg "$build"
}

nanobind_version() { "$work/tools/bin/python" -m nanobind --version | sed 's/.* v\{0,1\}//'; }

# The licences of the parts, and the oldest C library that the wheel runs with: the one of this system.
finish_wheel() {
  local folder info
  "$work/tools/bin/python" -m wheel unpack -d "$work" "$work"/built/*.whl || return
  folder=$(echo "$work"/transnet-*/)
  info=$(echo "$folder"transnet-*.dist-info)
  mkdir -p "$info/licenses/licences"
  cp "$work"/tools/lib/python*/site-packages/nanobind-*.dist-info/licenses/LICENSE "$info/licenses/licences/nanobind" || return
  copy_licences "$info/licenses/licences" "| nanobind | $(nanobind_version) | BSD 3-clause: licences/nanobind |" \
    >"$info/licenses/PARTS.md" || return
  mkdir "$work/packed"
  "$work/tools/bin/python" -m wheel pack -d "$work/packed" "$folder" &&
    "$work/tools/bin/python" -m wheel tags --remove --platform-tag "$(manylinux_tag)" "$work"/packed/*.whl &&
    mv "$work"/packed/*.whl "$out/"
}

scripts/setup.sh --demo dpkg-dev make nasm meson zlib1g-dev libfmt-dev binutils
make_ffmpeg
step "tools" make_tools
step "build" build_wheel
version=$(sed -n 's/#define TRANSNET_VERSION_[A-Z]* //p' include/transnet/version.hpp | paste -sd.)
step "wheel" finish_wheel
check_needs "$work"/transnet-*/transnet/_core*.so
pack_sources "$out/transnet-$version-sources.tar"
ls -l "$out"
