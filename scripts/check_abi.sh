#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares the shared libraries with the last release, with libabigail's abidiff. A program linked with that release must
# run with these libraries, unless the interface version (MAJOR.MINOR below 1.0, otherwise MAJOR) has changed:
#   scripts/check_abi.sh [REVISION]         default: the tag of the last release before this commit, v*
#   scripts/check_abi.sh --last-release     prints that tag, or nothing without one
# Exit status: 0 compatible, or a new interface version; 77 no release yet; 1 anything else. Builds both libraries below
# build-abi/. Needs git, Debian's abigail-tools, and the results of scripts/setup.sh.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

build=$project_dir/build-abi

last_release() { git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2>/dev/null || true; }

# interface_version SOURCE_DIR
interface_version() {
  local major minor header=$1/include/transnet/version.hpp
  major=$(sed -n 's/^#define TRANSNET_VERSION_MAJOR //p' "$header")
  minor=$(sed -n 's/^#define TRANSNET_VERSION_MINOR //p' "$header")
  [[ -n $major && -n $minor ]] || { echo "$header states no version" >&2; return 1; }
  if ((major == 0)); then echo "0.$minor"; else echo "$major"; fi
}

# install_from SOURCE_DIR NAME: into build-abi/NAME/install. abidiff reads types from debug information.
install_from() {
  local work=$build/$2
  cmake -S "$1" -B "$work/build" --preset default -DCMAKE_BUILD_TYPE=Debug -DBUILD_SHARED_LIBS=ON \
    -DTRANSNET_DEPS_DIR="$deps_dir" -DTRANSNET_BUILD_COMMAND=OFF -DTRANSNET_BUILD_EXAMPLES=OFF \
    -DTRANSNET_BUILD_TESTS=OFF || return
  cmake --build "$work/build" || return
  rm -rf "$work/install"
  cmake --install "$work/build" --prefix "$work/install"
}

unpack_revision() {
  rm -rf "$build/old/source"
  mkdir -p "$build/old/source" || return
  git archive --format=tar "$1" | tar -x -C "$build/old/source"
}

libraries_in() { find "$1" -name 'lib*.so' -printf '%f\n' | sort; }

# compare LIBRARY: prints the changes of the interface; the status is abidiff's.
compare() {
  local old new
  old=$(find "$build/old/install" -name "$1")
  new=$(find "$build/new/install" -name "$1")
  [[ -n $new ]] || { echo "$1 is no longer installed"; return 4; }
  abidiff --fail-no-debug-info --drop-private-types --redundant --no-added-syms --suppressions scripts/abi.suppr \
    --headers-dir1 "$build/old/install/include" --headers-dir2 "$build/new/install/include" \
    "$(realpath "$old")" "$(realpath "$new")"
}

revision=${1:-$(last_release)}
if [[ $revision == --last-release ]]; then last_release; exit; fi
if [[ -z $revision ]]; then
  echo "skipped: no release to compare with (no tag v*)"
  exit 77
fi
step "sources of $revision" unpack_revision "$revision"
old_version=$(interface_version "$build/old/source")
new_version=$(interface_version .)
step "library of $revision" install_from "$build/old/source" old
step "library of this tree" install_from . new

changed=no
mapfile -t libraries < <(libraries_in "$build/old/install")
((${#libraries[@]} > 0)) || { echo "$revision installs no shared library" >&2; exit 1; }
for library in "${libraries[@]}"; do
  status=0
  compare "$library" || status=$?
  # Bits of abidiff's status: 1 and 2 are errors of its own, 4 and 8 changes.
  ((status & 3)) && { echo "abidiff could not compare $library" >&2; exit 1; }
  ((status == 0)) || changed=yes
done
if [[ $changed == no ]]; then
  echo "compatible with $revision: ${libraries[*]}"
elif [[ $old_version != "$new_version" ]]; then
  echo "not compatible with $revision, as allowed: the interface version was $old_version and is $new_version"
else
  echo "not compatible with $revision, but the interface version is still $new_version" >&2
  exit 1
fi
