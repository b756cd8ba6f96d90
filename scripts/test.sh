#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets up, builds and runs all tests:
#   scripts/test.sh [CTEST_ARGUMENT...]     for example: scripts/test.sh -R scenes
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

scripts/setup.sh --browser
python=(-DTRANSNET_BUILD_PYTHON=OFF)
if [[ -x $deps_dir/python/bin/python ]]; then
  python=(-DTRANSNET_BUILD_PYTHON=ON "-DPython_EXECUTABLE=$deps_dir/python/bin/python")
fi
step "configure" cmake --preset default -DTRANSNET_WITH_LIBTORCH=ON \
  -DTRANSNET_BUILD_TESTS=ON -DTRANSNET_BUILD_EXAMPLES=ON -DTRANSNET_BUILD_VAPOURSYNTH=ON "${python[@]}"
step "build" cmake --build --preset default
if [[ -x $deps_dir/python/bin/python ]]; then
  step "wheel of the Python package" scripts/install_wheel.sh build/python-environment
  export TRANSNET_TEST_PYTHON=$project_dir/build/python-environment/bin/python
fi
# Some tests wait for a limit or a browser: one more than there are cores keeps them busy.
exec ctest --preset default --parallel "$(($(nproc) + 1))" "$@"
