#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the Debian packages of this source: libtransnetX.Y (shared libraries), libtransnet-dev and transnet (the command),
# with Debian's own FFmpeg and libcurl, without LibTorch, below build-deb/:
#   packaging/deb.sh OUT
# and runs lintian, which may find only what packaging/debian/*.lintian-overrides names. The committed HEAD is packed.
# SOURCE_DATE_EPOCH is the date of the packages (default: the commit's). Needs root, or the packages that it names.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/../scripts/common.sh"
[[ $# == 1 ]] || { echo "usage: $0 OUT" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)

export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
maintainer=${TRANSNET_DEB_MAINTAINER:-$(git log -1 --format=%ae)}
number() { sed -n "s/^#define TRANSNET_VERSION_$1 //p" include/transnet/version.hpp; }
version=$(number MAJOR).$(number MINOR).$(number PATCH)
soversion=$(number MAJOR)
((soversion > 0)) || soversion=0.$(number MINOR)

prepare() {
  local source=$work/transnet-$version file
  mkdir "$source" || return
  git archive HEAD | tar -x -C "$source" || return
  mv "$source/packaging/debian" "$source/debian" || return
  cd "$source/debian" || return
  sed -i -e "s/@MAINTAINER@/$maintainer/" -e "s/@SOVERSION@/$soversion/" control || return
  for file in libtransnet.*; do mv "$file" "libtransnet$soversion.${file#libtransnet.}" || return; done
  sed -i "s/@SOVERSION@/$soversion/" ./*.lintian-overrides || return
  cat >changelog <<TEXT
transnet ($version-1) unstable; urgency=medium

  * Version $version; CHANGELOG.md in the source lists its changes.

 -- transnet maintainers <$maintainer>  $(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")
TEXT
}

build() {
  cd "$work/transnet-$version" || return
  DEB_BUILD_OPTIONS="noautodbgsym parallel=${TRANSNET_BUILD_JOBS:-$(nproc)}" DEB_CXXFLAGS_STRIP=-g \
    dpkg-buildpackage --build=binary --unsigned-changes
}

check_by_lintian() {
  cd "$work" || return
  lintian --version
  lintian --display-info --fail-on error,warning,info ./*.changes
}

scripts/setup.sh --demo debhelper dpkg-dev fakeroot lintian libswscale-dev
work=$project_dir/build-deb
rm -rf "$work"
mkdir "$work"
step "source" prepare
step "packages" build
step "lintian" check_by_lintian
cp "$work"/*.deb "$out/"
ls -l "$out"
