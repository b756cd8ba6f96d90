#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the tests of transnet.ray on a cluster of two nodes on this machine, and with a store on loopback, the example with Ray,
# and the tests of transnet.parquet, which need pyarrow:
#   scripts/test_ray.sh [VIDEOS]     VIDEOS: in the test in which workers and nodes die; default 30, 200 takes some minutes
# Needs the build with the Python package (scripts/test.sh makes it); installs Ray, 0.8 GB, into .cache/ray.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
environment=$project_dir/.cache/ray
if [[ ! -x $environment/bin/pytest ]]; then
  step "environment" python3 -m venv "$environment"
  step "Ray" "$environment/bin/python" -m pip --disable-pip-version-check install --quiet --only-binary=:all: \
    -r scripts/deps/ray.txt
fi
export PYTHONPATH=$project_dir/build/python PYTHONDONTWRITEBYTECODE=1 TRANSNET_TEST_RAY_VIDEOS=${1:-30}
exec "$environment/bin/python" -m pytest -v -p no:cacheprovider python/tests/test_ray.py python/tests/test_parquet.py \
  python/tests/test_examples.py
