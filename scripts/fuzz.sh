#!/usr/bin/env bash
# Builds the fuzzers with Clang and runs each for some seconds; a finding is an input in build-fuzz/ and a failure:
#   scripts/fuzz.sh [SECONDS [FUZZER...]]     per fuzzer, default 12; default all fuzzers
#   scripts/fuzz.sh --minimise [FUZZER...]    puts the smallest inputs that reach as much into fuzz/corpus/
# They start from fuzz/corpus/; what they find is kept in build-fuzz/corpus/ for the next run. CXX names another compiler
# than Debian's clang++-16, TRANSNET_FUZZ_FLAGS further options of libFuzzer.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

build=$project_dir/build-fuzz
deps_dir=${TRANSNET_DEPS_DIR:-$deps_dir}
seconds=${1:-12}
fuzzers=("${@:2}")
((${#fuzzers[@]} > 0)) || fuzzers=(decisions pickle archive predictions cache decoder cut)
read -ra flags <<<"${TRANSNET_FUZZ_FLAGS:-}"
# Longer inputs say no more, and committed ones are to stay small.
most_bytes=16384

if [[ -z ${CXX:-} ]]; then scripts/setup.sh clang-16 libclang-rt-16-dev; else scripts/setup.sh; fi
step "configure" cmake -S . -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="${CXX:-clang++-16}" \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTRANSNET_DEPS_DIR="$deps_dir" -DTRANSNET_BUILD_FUZZERS=ON \
  -DTRANSNET_BUILD_TESTS=OFF -DTRANSNET_BUILD_EXAMPLES=OFF -DTRANSNET_BUILD_COMMAND=ON -DCMAKE_UNITY_BUILD=ON
step "build" cmake --build "$build" --target "${fuzzers[@]/%/_fuzzer}"

# minimise FUZZER: libFuzzer names inputs by their content, so the same ones make no change.
minimise() {
  local fuzzer=$1 smallest
  smallest=$(mktemp -d "$build/smallest.XXXXXX") || return
  "$build/bin/${fuzzer}_fuzzer" -merge=1 -max_len="$most_bytes" "$smallest" "fuzz/corpus/$fuzzer" \
    "$build/corpus/$fuzzer" || return
  rm -rf "fuzz/corpus/$fuzzer"
  chmod 755 "$smallest" || return
  mv -T "$smallest" "fuzz/corpus/$fuzzer"
}

export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
for fuzzer in "${fuzzers[@]}"; do
  mkdir -p "$build/corpus/$fuzzer" "fuzz/corpus/$fuzzer"
  if [[ $seconds == --minimise ]]; then
    step "minimise $fuzzer" minimise "$fuzzer"
  else
    step "$fuzzer, $seconds s" "$build/bin/${fuzzer}_fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 \
      -max_len="$most_bytes" -artifact_prefix="$build/$fuzzer-" -print_final_stats=1 "${flags[@]}" \
      "$build/corpus/$fuzzer" "fuzz/corpus/$fuzzer"
  fi
done
