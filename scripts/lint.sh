#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the linters of .pre-commit-config.yaml over every file of the repository, and corrects the form of files:
#   scripts/lint.sh [LINTER]     default: all of them; for example: scripts/lint.sh ruff
# Needs git and Python with venv (Debian: python3-venv). pre-commit is installed into .deps/ where there is none; it installs
# the linters from PyPI into its own cache.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

version=4.7.0
environment=$deps_dir/pre-commit-$version

install_pre_commit() { python3 -m venv "$environment" && "$environment/bin/pip" install "pre-commit==$version"; }

pre_commit=$(command -v pre-commit || echo "$environment/bin/pre-commit")
[[ -x $pre_commit ]] || step "pre-commit $version" install_pre_commit
exec "$pre_commit" run --all-files --show-diff-on-failure --color=auto "$@"
