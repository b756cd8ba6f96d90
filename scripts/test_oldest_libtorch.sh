#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the LibTorch backend against the oldest supported LibTorch (scripts/deps/libtorch-oldest.txt, x86_64) and runs
# its tests:
#   scripts/test_oldest_libtorch.sh
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

pins_file=scripts/deps/libtorch-oldest.txt
version=$(sed -n 's/^torch==\([0-9.]*\).*/\1/p' $pins_file)

scripts/setup.sh
install_dependency "LibTorch $version" "libtorch-$version" unpack_libtorch "$(pins_of -- $pins_file)" $pins_file
step "configure" cmake --preset default -B build-oldest -DLibTorch_ROOT="$deps_dir/libtorch-$version" \
  -DTRANSNET_WITH_LIBTORCH=ON -DTRANSNET_BUILD_COMMAND=OFF -DTRANSNET_BUILD_EXAMPLES=OFF
step "build" cmake --build build-oldest --target torchscript_test torch_test
exec ctest --test-dir build-oldest --output-on-failure --no-tests=error --parallel "$(nproc)" \
  -R 'Torch|CudaMemory|Convolution|BackbonesOf|PublishedNetworkOf|WholeNetwork'
