#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzzers with Clang and runs each for some seconds; a finding is an input in build-fuzz/ and a failure:
#   scripts/fuzz.sh [SECONDS [FUZZER...]]     per fuzzer, default 12; default all fuzzers
#   scripts/fuzz.sh --minimise [FUZZER...]    puts the smallest inputs that reach as much into fuzz/corpus/
#   scripts/fuzz.sh --add FUZZER FILE...      puts these inputs into fuzz/corpus/ as well, without a build
# They start from the inputs in fuzz/corpus/FUZZER.tar.gz; new ones are kept in build-fuzz/corpus/ for the next run. CXX names
# another compiler than Debian's clang++-16, TRANSNET_FUZZ_FLAGS further options of libFuzzer.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

build=$project_dir/build-fuzz
packed=$project_dir/fuzz/corpus
seeds=$build/seeds
deps_dir=${TRANSNET_DEPS_DIR:-$deps_dir}
seconds=${1:-12}
fuzzers=("${@:2}")
((${#fuzzers[@]} > 0)) || fuzzers=(decisions pickle archive predictions labels shot_lists cache c_interface decoder cut)
read -ra flags <<<"${TRANSNET_FUZZ_FLAGS:-}"
# Longer inputs find nothing more, and committed ones should stay small.
most_bytes=16384

# unpack FUZZER: from fuzz/corpus/ into build-fuzz/seeds/FUZZER, which is empty for a new fuzzer.
unpack() {
  rm -rf "${seeds:?}/$1"
  mkdir -p "$seeds/$1" || return
  [[ ! -e $packed/$1.tar.gz ]] || tar -xzf "$packed/$1.tar.gz" -C "$seeds"
}

# pack FUZZER: the reverse. The same inputs give the same bytes.
pack() {
  tar -c --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -C "$seeds" "$1" |
    gzip -9 --no-name >"$packed/$1.tar.gz.new" || return
  mv "$packed/$1.tar.gz.new" "$packed/$1.tar.gz"
}

if [[ ${1:-} == --add ]]; then
  (($# > 2)) || { echo "usage: $0 --add FUZZER FILE..." >&2; exit 2; }
  [[ -e fuzz/$2_fuzzer.cpp ]] || { echo "fuzz/$2_fuzzer.cpp does not exist" >&2; exit 2; }
  unpack "$2"
  for file in "${@:3}"; do
    [[ $file == /* ]] || file=$OLDPWD/$file
    cp "$file" "$seeds/$2/$(sha1sum "$file" | cut -d' ' -f1)"  # named as libFuzzer names them
  done
  pack "$2"
  exit
fi

if [[ -z ${CXX:-} ]]; then scripts/setup.sh clang-16 libclang-rt-16-dev; else scripts/setup.sh; fi
step "configure" cmake -S . -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="${CXX:-clang++-16}" \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -gline-tables-only -DNDEBUG" \
  -DTRANSNET_DEPS_DIR="$deps_dir" -DTRANSNET_BUILD_FUZZERS=ON \
  -DTRANSNET_WITH_LIBTORCH=OFF -DTRANSNET_BUILD_TESTS=OFF -DTRANSNET_BUILD_EXAMPLES=OFF -DTRANSNET_BUILD_COMMAND=ON \
  -DCMAKE_UNITY_BUILD=ON
step "build" cmake --build "$build" --target "${fuzzers[@]/%/_fuzzer}"

# minimise FUZZER: libFuzzer names inputs by their content, so the same inputs cause no change.
minimise() {
  local fuzzer=$1 smallest
  smallest=$(mktemp -d "$build/smallest.XXXXXX") || return
  "$build/bin/${fuzzer}_fuzzer" -merge=1 -max_len="$most_bytes" "$smallest" "$seeds/$fuzzer" \
    "$build/corpus/$fuzzer" || return
  rm -rf "${seeds:?}/$fuzzer"
  mv -T "$smallest" "$seeds/$fuzzer" || return
  pack "$fuzzer"
}

# fuzz FUZZER: prints its lines together, as others run beside it.
fuzz() {
  local fuzzer=$1 lines status=0
  lines=$(step "$fuzzer, $seconds s" "$build/bin/${fuzzer}_fuzzer" -max_total_time="$seconds" -timeout=20 \
    -rss_limit_mb=4096 -max_len="$most_bytes" -artifact_prefix="$build/$fuzzer-" -print_final_stats=1 "${flags[@]}" \
    "$build/corpus/$fuzzer" "$seeds/$fuzzer") || status=$?
  echo "$lines"
  return "$status"
}

export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
for fuzzer in "${fuzzers[@]}"; do
  mkdir -p "$build/corpus/$fuzzer"
  unpack "$fuzzer"
done
# A fuzzer has one thread: as many run at once as there are cores.
fuzz_all() {
  local fuzzer running=0 failed=0
  for fuzzer in "${fuzzers[@]}"; do
    if ((running == $(nproc))); then
      wait -n || failed=1
      running=$((running - 1))
    fi
    fuzz "$fuzzer" &
    running=$((running + 1))
  done
  for (( ; running > 0; running--)); do wait -n || failed=1; done
  return "$failed"
}

if [[ $seconds == --minimise ]]; then
  for fuzzer in "${fuzzers[@]}"; do step "minimise $fuzzer" minimise "$fuzzer"; done
else
  fuzz_all
fi
