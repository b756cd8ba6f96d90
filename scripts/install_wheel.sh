#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a wheel of the Python package and installs it into a new environment:
#   scripts/install_wheel.sh ENVIRONMENT
# The packages that scripts/setup.sh puts into .deps/python/ build the wheel. A .pth file adds them to the environment, for the
# tests. A second run compiles only the changes.
environment=$(realpath -m -- "${1-}")
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
[[ $# == 1 ]] || { echo "usage: $0 ENVIRONMENT" >&2; exit 2; }
[[ ! -e $environment || -f $environment/pyvenv.cfg ]] || { echo "$environment is no environment of Python" >&2; exit 1; }
python=$deps_dir/python/bin/python
pip=("$python" -m pip --disable-pip-version-check)
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-wheel.XXXXXX")
trap 'rm -rf "$work"' EXIT

packages_of() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }

"${pip[@]}" wheel ./python --no-deps --no-build-isolation --no-cache-dir --wheel-dir "$work" \
  --config-settings "build-dir=$project_dir/build-python"
rm -rf "$environment"
"$python" -m venv --without-pip "$environment"
"${pip[@]}" --python "$environment/bin/python" install --no-deps --no-index "$work"/transnet-*.whl
packages_of "$python" >"$(packages_of "$environment/bin/python")/packages_of_the_tests.pth"
