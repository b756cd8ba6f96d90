# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154  # variables of scripts/common.sh
# The scripts of packages that need only the C library source it, after scripts/common.sh: the FFmpeg in them, the licences
# of all parts, and the check.
ffmpeg=${TRANSNET_FFMPEG_PREFIX:-$project_dir/.cache/ffmpeg}

# make_ffmpeg: builds it once, and again when the distribution has a newer version.
make_ffmpeg() {
  [[ -n ${TRANSNET_FFMPEG_PREFIX:-} ]] || step "FFmpeg into $ffmpeg" packaging/ffmpeg/build.sh "$ffmpeg"
}

# about NAME: what build.sh has written about the FFmpeg.
about() { sed -n "s/^$1 //p" "$ffmpeg/share/doc/ffmpeg/build.txt"; }

# package_note KIND: the line that `transnet --version` adds.
package_note() {
  echo "$1 linux-$(uname -m) of $(date --utc --date="@$SOURCE_DATE_EPOCH" +%F): FFmpeg $(about ffmpeg) (source of" \
    "$(about source-date), built $(about build-date)), dav1d $(about dav1d), zlib $(about zlib)"
}

# has_own_ffmpeg BUILD: Debian's FFmpeg would serve as well, so a mistake would only show on another machine.
has_own_ffmpeg() { grep -q "^pkgcfg_lib_FFmpeg_avcodec_avcodec:FILEPATH=$ffmpeg/lib/libavcodec.a$" "$1/CMakeCache.txt"; }

version_of() { dpkg-query -W -f='${Version}' "$1"; }

# Packages of this machine whose code is in the program, and the names of the projects.
parts=(
  "CLI11 libcli11-dev" "nlohmann-json nlohmann-json3-dev" "spdlog libspdlog-dev" "fmt libfmt-dev" "pugixml libpugixml-dev"
  "toml++ libtomlplusplus-dev" "Eigen libeigen3-dev" "GCC-runtime libstdc++-$(c++ -dumpversion | cut -d. -f1)-dev")

# copy_licences FOLDER [ROW...]: the licences of the parts into the folder; prints a table of them, with further rows.
copy_licences() {
  local part name package
  cp -r "$ffmpeg/share/doc/"{ffmpeg,dav1d,zlib} "$1/"
  echo "| part | version | licence |"
  echo "|---|---|---|"
  echo "| transnet | $version | Apache-2.0: LICENSE |"
  echo "| FFmpeg | $(about ffmpeg) | LGPL 2.1 or later: licences/ffmpeg/ |"
  echo "| dav1d | $(about dav1d) | BSD 2-clause: licences/dav1d/COPYING |"
  echo "| zlib | $(about zlib) | zlib: licences/zlib/copyright |"
  for part in "${parts[@]}"; do
    read -r name package <<<"$part"
    cp "/usr/share/doc/$package/copyright" "$1/$name.copyright"
    echo "| $name | $(version_of "$package") | licences/$name.copyright |"
  done
  for part in "${@:2}"; do echo "$part"; done
}

# pack_sources ARCHIVE: the sources of the LGPL's parts, with the scripts that build them.
pack_sources() {
  local work name
  work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-sources.XXXXXX") || return
  name=$(basename "$1" .tar)
  cp -r "$ffmpeg/share/source" "$work/$name" && cp packaging/ffmpeg/{build,components}.sh "$work/$name/" &&
    tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf "$1" "$name" || return
  rm -rf "$work"
}

# manylinux_tag: of wheels that are built here; the number is the version of this system's C library.
manylinux_tag() { echo "manylinux_$(getconf GNU_LIBC_VERSION | sed 's/.* //; s/[.]/_/')_$(uname -m)"; }

# check_needs LIBRARY: the shared libraries that it needs must be the C library's.
check_needs() {
  local needed
  needed=$(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
  echo "$(basename "$1") needs: ${needed//$'\n'/ }"
  ! grep -Ev '^(libc|libm|libdl|librt|libpthread|ld-linux.*)[.]so' <<<"$needed"
}
