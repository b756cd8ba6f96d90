#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the pages of the public headers into build-docs/html/ with Doxygen; a warning is an error:
#   scripts/make_docs.sh
# Needs Debian's doxygen.
# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"

version_of() { sed -n "s/^#define TRANSNET_VERSION_$1 //p" include/transnet/version.hpp; }

# A field whose name and type say everything needs no sentence, nor does a member that means what the language defines:
# copying, moving, and comparing field by field.
needs_no_sentence='Member [^ ]+ \(variable\) of .* is not documented\.$'
needs_no_sentence+='|Member ([A-Za-z]+)\((const )?\1 &&?[a-z]*\)[^()]* \(function\) of .* is not documented\.$'
needs_no_sentence+='|Member operator=\([^()]*\)[^()]* \(function\) of .* is not documented\.$'
needs_no_sentence+='|Member operator.*=default \((friend|function)\) of .* is not documented\.$'

build=$project_dir/build-docs
rm -rf "$build"
mkdir "$build"
{
  cat docs/Doxyfile
  echo "PROJECT_NUMBER = $(version_of MAJOR).$(version_of MINOR).$(version_of PATCH)"
} | doxygen - >"$build/log" 2>&1 || { cat "$build/log" >&2; exit 1; }
if grep -vE "$needs_no_sentence" "$build/log" >&2; then exit 1; fi
echo "$build/html/index.html"
