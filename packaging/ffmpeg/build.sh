#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds a static FFmpeg under the LGPL, with dav1d and zlib, from the newest patched source of this distribution:
#   packaging/ffmpeg/build.sh PREFIX
# PREFIX gets lib/ (with pkg-config files that follow the folder), include/, share/doc/ (licences; ffmpeg/build.txt names
# the versions) and share/source/, the sources that a distributor of the LGPL's code has to offer. A PREFIX that holds the newest version already is left alone, so a second run
# takes seconds, and a run after a security fix builds the fix. SOURCE_DATE_EPOCH states the date of the build.
# The machine's own apt configuration stays as it is: sources come through a private one. Needs no root.
set -euo pipefail
export LC_ALL=C.UTF-8
[[ $# == 1 ]] || { echo "usage: $0 PREFIX" >&2; exit 2; }
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
cd "$(dirname "$0")"
# shellcheck source=packaging/ffmpeg/components.sh
source ./components.sh

need() {
  local missing=() program
  for program in cc make nasm meson ninja pkg-config dpkg-source; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [[ -e $(cc -print-file-name=libz.a) ]] || missing+=(libz.a)
  ((${#missing[@]} == 0)) && return
  echo "$0: missing: ${missing[*]}; on Debian:" >&2
  echo "  apt-get install --no-install-recommends gcc make nasm meson ninja-build pkg-config dpkg-dev zlib1g-dev" >&2
  exit 1
}

# The files that name the distribution's packages for apt, in apt's order. Origins are known once apt has its lists.
entries_of_distribution() {
  # shellcheck disable=SC2016  # fields of apt
  apt-get indextargets 'Created-By: Packages' --format '$(ORIGIN)|$(SOURCESENTRY)' |
    sed -nE 's/^(Debian|Ubuntu||\$\(ORIGIN\))\|(.*):[0-9]+$/\2/p' | awk '!seen[$0]++'
}

# Sources instead of packages, from the same servers and with the same keys. The order counts: a version that a point
# release has taken over from the security archive comes from the former, because the latter may have dropped it.
set_up_apt() {
  local entry number=10
  mkdir -p "$work/apt/"{parts,lists/partial,cache/archives/partial}
  while read -r entry; do
    case $entry in
      *.sources) sed 's/^Types:.*/Types: deb-src/' "$entry" >"$work/apt/parts/$number.sources" ;;
      *) sed -nE 's/^deb([[:space:]])/deb-src\1/p' "$entry" >"$work/apt/parts/$number.list" ;;
    esac
    number=$((number + 1))
  done < <(entries_of_distribution)
  apt=(-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/apt/parts" -o Dir::State::Lists="$work/apt/lists"
    -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" -q update
}

newest() { apt-cache "${apt[@]}" showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -V | tail -n 1; }

# get_source NAME VERSION: unpacks the patched source as NAME, after apt has checked it against the signed lists.
get_source() {
  mkdir -p "$work/stage/ffmpeg/share/source"
  (cd "$work/stage/ffmpeg/share/source" && apt-get "${apt[@]}" -q source --download-only "$1=$2" &&
    dpkg-source -x "$1"_*.dsc "$work/$1")
}

hardening=(-O2 -fPIC -ffunction-sections -fdata-sections -fstack-protector-strong -D_FORTIFY_SOURCE=2)

build_dav1d() {
  CFLAGS="${hardening[*]}" meson setup "$work/dav1d-build" "$work/dav1d" --prefix=/ffmpeg --libdir=lib --buildtype=plain \
    --default-library=static -Denable_tools=false -Denable_tests=false \
    -Db_ndebug=true
  ninja -C "$work/dav1d-build" -j "$jobs"
  DESTDIR=$work/stage ninja -C "$work/dav1d-build" install
  mkdir -p "$work/stage/ffmpeg/share/doc/dav1d"
  cp "$work/dav1d/COPYING" "$work/stage/ffmpeg/share/doc/dav1d/"
}

# The library that the compiler knows, as a part of the prefix, so that only the static one is found.
add_zlib() {
  cp "$(cc -print-file-name=libz.a)" "$work/stage/ffmpeg/lib/"
  mkdir -p "$work/stage/ffmpeg/share/doc/zlib"
  cp /usr/share/doc/zlib1g-dev/copyright "$work/stage/ffmpeg/share/doc/zlib/"
}

enabled() { local kind=$1 IFS=,; shift; if (($# > 0)); then echo "--enable-$kind=$*"; fi; }

build_ffmpeg() {
  cd "$work/ffmpeg"  # built in its own folder: the names of sources are a part of the program
  local option options=(
    --prefix=/ffmpeg --extra-version="${ffmpeg_version##*-}"
    --disable-everything --disable-autodetect --disable-network --disable-programs --disable-doc --disable-debug
    --disable-avdevice --enable-static --disable-shared --enable-pic --enable-zlib --enable-libdav1d --enable-parsers
    --enable-bsfs --extra-cflags="${hardening[*]}")
  for option in "$(enabled protocol "${protocols[@]}")" "$(enabled filter "${filters[@]}")" \
    "$(enabled demuxer "${demuxers[@]}")" "$(enabled decoder "${decoders[@]}")" "$(enabled muxer "${muxers[@]}")" \
    "$(enabled encoder "${encoders[@]}")"; do
    [[ -z $option ]] || options+=("$option")
  done
  # Folders of this machine come through the environment, because FFmpeg keeps its options as a text in the program.
  PKG_CONFIG_LIBDIR=$work/stage/ffmpeg/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work/stage ./configure "${options[@]}"
  check_configuration
  make -j "$jobs"
  make install DESTDIR="$work/stage"
  mkdir -p "$work/stage/ffmpeg/share/doc/ffmpeg"
  cp COPYING.LGPLv2.1 LICENSE.md CREDITS "$work/stage/ffmpeg/share/doc/ffmpeg/"
}

# Fails where `configure` did not take a part, or took a licence that the archive cannot have.
check_configuration() {
  local kind name missing=()
  for kind in protocol filter demuxer decoder muxer encoder; do
    local -n names=${kind}s
    for name in "${names[@]}"; do
      grep -qix "#define CONFIG_${name}_${kind} 1" config_components.h || missing+=("$kind $name")
    done
  done
  for name in 'CONFIG_GPL 0' 'CONFIG_NONFREE 0' 'CONFIG_NETWORK 0'; do
    grep -qx "#define $name" config.h || missing+=("$name")
  done
  [[ $(uname -m) != x86_64 ]] || grep -qx '#define HAVE_X86ASM 1' config.h || missing+=("the assembler")
  ((${#missing[@]} == 0)) && return
  printf '%s\n' "FFmpeg's configure did not take:" "${missing[@]}" >&2
  exit 1
}

# The folder may move: pkg-config files name their own.
make_relocatable() {
  # shellcheck disable=SC2016  # a variable of pkg-config
  sed -i -e 's|^prefix=.*|prefix=${pcfiledir}/../..|' -e 's|=/ffmpeg/|=${prefix}/|' -e "s|-[LI]$work/stage/ffmpeg/[a-z]* *||g" \
    "$work/stage/ffmpeg/lib/pkgconfig/"*.pc
}

versions() { printf '%s\n' "ffmpeg $ffmpeg_version" "dav1d $dav1d_version" "zlib $zlib_version" "recipe $recipe"; }

dates() {
  local of_source
  of_source=$(dpkg-parsechangelog -l "$work/ffmpeg/debian/changelog" --show-field Date)
  echo "source-date $(date --utc --date="$of_source" +%F)"
  echo "build-date $(date --utc --date="@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%F)"
}

need
jobs=${TRANSNET_BUILD_JOBS:-$(nproc)}
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-ffmpeg.XXXXXX")
trap 'rm -rf "$work"' EXIT
set_up_apt
ffmpeg_version=$(newest ffmpeg)
dav1d_version=$(newest dav1d)
zlib_version=$(dpkg-query -W -f='${Version}' zlib1g-dev)
recipe=$(cat build.sh components.sh | sha256sum | cut -d' ' -f1)
[[ -n $ffmpeg_version && -n $dav1d_version ]] || { echo "$0: apt has no source of FFmpeg and dav1d" >&2; exit 1; }
about=$prefix/share/doc/ffmpeg/build.txt
if [[ -e $about && $(grep -v -- '-date ' "$about") == "$(versions)" ]]; then
  echo "$prefix: FFmpeg $ffmpeg_version with dav1d $dav1d_version is there and the newest"
  exit 0
fi
get_source ffmpeg "$ffmpeg_version"
get_source dav1d "$dav1d_version"
build_dav1d
add_zlib
(build_ffmpeg)
make_relocatable
{ versions; dates; } >"$work/stage/ffmpeg/share/doc/ffmpeg/build.txt"
rm -rf "${prefix:?}"/{lib,include,share}
mv "$work/stage/ffmpeg/"* "$prefix/"
echo "$prefix: FFmpeg $ffmpeg_version with dav1d $dav1d_version"
