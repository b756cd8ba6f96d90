#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the extractor very often in one process, with every possible outcome. Memory, threads and open files must stay
# the same after the first fifty runs, and valgrind must find no leak:
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
# Looks for leaks only, not for uninitialised reads.
step "$runs runs under valgrind" valgrind --leak-check=full --show-leak-kinds=definite,indirect \
  --errors-for-leak-kinds=definite,indirect --undef-value-errors=no --error-exitcode=1 --exit-on-first-error=no \
  --log-file="$log" "${soak[@]}" || { cat "$log"; exit 1; }
grep -A 6 'LEAK SUMMARY\|no leaks are possible' "$log" | cut -d' ' -f2-
