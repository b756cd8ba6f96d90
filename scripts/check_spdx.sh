#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks that every source states its licence, as REUSE and SPDX readers look for it, in one of its first three lines:
#   scripts/check_spdx.sh           prints the files that do not, and fails if there is one
#   scripts/check_spdx.sh --add     adds the line to them, behind a line that names the interpreter
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

statement='SPDX-License-Identifier: Apache-2.0'

sources() {
  git ls-files -z -- '*.c' '*.cpp' '*.h' '*.hpp' '*.js' '*.cmake' '*CMakeLists.txt' '*.py' '*.sh' .ci/run ':!tests/data' |
    sort -z
}

is_stated() { head -n 3 -- "$1" | grep -qE "^(//|#) $statement\$"; }

# add FILE: in place, so that its permissions stay.
add() {
  local file=$1 mark='//' first text
  case $file in *.py | *.sh | *.cmake | *CMakeLists.txt | .ci/run) mark='#' ;; esac
  text=$(cat -- "$file" && echo .)  # the dot keeps line breaks at the end
  text=${text%.}
  first=${text%%$'\n'*}
  if [[ $first == '#!'* ]]; then
    printf '%s\n%s %s\n%s' "$first" "$mark" "$statement" "${text#*$'\n'}" >"$file"
  else
    printf '%s %s\n%s' "$mark" "$statement" "$text" >"$file"
  fi
}

# A function, so that bash has read all of this file before it is changed.
main() {
  local action
  case "$#:${1:-}" in
    0:) action=check ;;
    1:--add) action=add ;;
    *) echo "usage: $0 [--add]" >&2; exit 2 ;;
  esac

  local file count=0 missing=()
  while IFS= read -r -d '' file; do
    count=$((count + 1))
    is_stated "$file" || missing+=("$file")
  done < <(sources)
  ((count > 0)) || { echo "no source found" >&2; exit 1; }

  if [[ $action == add ]]; then
    for file in "${missing[@]}"; do add "$file"; done
    echo "added to ${#missing[@]} of $count files"
  elif ((${#missing[@]} > 0)); then
    printf '%s\n' "${missing[@]}"
    echo "${#missing[@]} of $count files lack the line \"$statement\": scripts/check_spdx.sh --add adds it" >&2
    exit 1
  else
    echo "$count files state their licence"
  fi
}

main "$@"; exit
