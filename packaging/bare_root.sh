# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2016,SC2154  # fields of apt; variables of the test and of scripts/common.sh
# The tests of the packages source it, after scripts/common.sh: a root folder of this distribution without a compiler,
# without FFmpeg, and without anything else that is not essential. Needs root and debootstrap.

# make_root DIR: a fresh one. debootstrap fills .cache/bare-root/ the first time, which takes a minute.
make_root() {
  local base
  base=$project_dir/.cache/bare-root/$(uname -m)
  ((EUID == 0)) || { echo "a bare root needs root" >&2; return 1; }
  if [[ ! -e $base/.complete ]]; then
    step "bare root into $base" debootstrap_base "$base"
  fi
  rm -rf --one-file-system "$1"
  cp -a "$base" "$1"
}

debootstrap_base() {
  local suite uri entry
  command -v debootstrap >/dev/null || { apt-get update -qq && apt-get install -yqq --no-install-recommends debootstrap; } || return
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  uri=$(apt-get indextargets 'Created-By: Packages' --format '$(RELEASE) $(REPO_URI)' | sed -n "s/^$suite //p" | head -n 1)
  [[ -n $uri ]] || { echo "apt names no source of $suite" >&2; return 1; }
  rm -rf --one-file-system "$1"
  mkdir -p "$1" || return
  debootstrap --variant=minbase "$suite" "$1" "$uri" || return
  # This machine's way to its packages.
  rm -f "$1/etc/apt/sources.list" || return
  apt-get indextargets 'Created-By: Packages' --format '$(ORIGIN)|$(SOURCESENTRY)' |
    sed -nE 's/^(Debian|Ubuntu||\$\(ORIGIN\))\|(.*):[0-9]+$/\2/p' | sort -u |
    while read -r entry; do cp --parents "$entry" "$1/" || return; done || return
  cp -L /etc/resolv.conf /etc/hosts "$1/etc/" || return
  touch "$1/.complete"
}

# in_root DIR COMMAND...: as root in there, with no variable of this machine except its proxies.
in_root() {
  local root=$1 pass=() name
  shift
  mountpoint -q "$root/proc" || mount -t proc proc "$root/proc" || return
  for name in $(compgen -e); do
    case $name in *_PROXY | *_proxy) pass+=("$name=${!name}") ;; esac
  done
  env -i "${pass[@]}" HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

remove_root() {
  if mountpoint -q "$1/proc"; then umount "$1/proc" || return; fi
  rm -rf --one-file-system "$1"
}

failures=0
# check TITLE COMMAND...: counts a failure and goes on. The output is in $work/log.
check() {
  local title=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    echo "ok      $title"
  else
    echo "FAILED  $title"
    sed 's/^/        /' "$work/log"
    failures=$((failures + 1))
  fi
}
