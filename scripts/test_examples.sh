#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the examples of python/examples/ beside pandas, DuckDB, Daft and Hugging Face datasets:
#   scripts/test_examples.sh
# Needs the build with the Python package (scripts/test.sh makes it); installs the packages, 0.6 GB, into .cache/examples.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
environment=$project_dir/.cache/examples
if [[ ! -x $environment/bin/pytest ]]; then
  step "environment" python3 -m venv "$environment"
  step "packages" "$environment/bin/python" -m pip --disable-pip-version-check install --quiet --only-binary=:all: \
    -r scripts/deps/examples.txt
fi
export PYTHONPATH=$project_dir/build/python PYTHONDONTWRITEBYTECODE=1
exec "$environment/bin/python" -m pytest -v -rs -p no:cacheprovider python/tests/test_examples.py
