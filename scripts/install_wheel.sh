#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a wheel of the Python package, as `pip install ./python` does, and installs it into a new environment:
#   scripts/install_wheel.sh ENVIRONMENT
# The wheel is built, and later tested, with the packages that scripts/setup.sh puts into .deps/python/. A second run compiles
# only the changes.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
[[ $# == 1 ]] || { echo "usage: $0 ENVIRONMENT" >&2; exit 2; }
environment=$1
python=$deps_dir/python/bin/python
pip=("$python" -m pip --disable-pip-version-check)
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-wheel.XXXXXX")
trap 'rm -rf "$work"' EXIT

packages_of() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }

"${pip[@]}" wheel ./python --no-deps --no-build-isolation --no-cache-dir --wheel-dir "$work" \
  -C build-dir="$project_dir/build-python"
rm -rf "$environment"
"$python" -m venv --without-pip "$environment"
"${pip[@]}" --python "$environment/bin/python" install --no-deps --no-index "$work"/transnet-*.whl
# The environment has transnet alone; the other packages are found where they are.
packages_of "$python" >"$(packages_of "$environment/bin/python")/packages_of_the_tests.pth"
