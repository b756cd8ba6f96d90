#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Very many runs in one process, with every outcome that a run can have: memory, threads and open files stay as after the
# first fifty; and again under valgrind, which must find nothing that is lost:
#   scripts/soak.sh [RUNS]     default 1000 (valgrind: some minutes)
# Needs a build (`cmake --workflow --preset default`) and Debian's valgrind.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

runs=${1:-1000}
program=${TRANSNET_BUILD_DIR:-build}/bin/memory_test
log=$(mktemp "${TMPDIR:-/tmp}/transnet-valgrind.XXXXXX")
trap 'rm -f "$log"' EXIT

export TRANSNET_SOAK_RUNS=$runs
soak=("$program" --gtest_filter='ManyRuns.*')
step "$runs runs" "${soak[@]}"
# What is lost is looked for, not what is read before it is written.
step "$runs runs under valgrind" valgrind --leak-check=full --show-leak-kinds=definite,indirect \
  --errors-for-leak-kinds=definite,indirect --undef-value-errors=no --error-exitcode=1 --exit-on-first-error=no \
  --log-file="$log" "${soak[@]}" || { cat "$log"; exit 1; }
grep -A 6 'LEAK SUMMARY\|no leaks are possible' "$log" | cut -d' ' -f2-
