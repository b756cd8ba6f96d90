# SPDX-License-Identifier: Apache-2.0
# Writes the page of the report, without its data, as a C++ source:
#   cmake -DROOM=<this folder> -DSCRIPTS=<files in their order> -DOUTPUT=<file> -P embed.cmake
# The page's policy allows its own style and scripts by their hashes and nothing else.
cmake_minimum_required(VERSION 3.25)

# hash_source(RESULT TEXT): the hash of the text in the form of a Content-Security-Policy, 'sha256-' and base64.
function(hash_source result text)
  set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  string(SHA256 hash "${text}")
  set(base64 "")
  foreach(at RANGE 0 60 6)
    string(SUBSTRING "${hash}00" ${at} 6 digits)  # 32 bytes and one of zeros are 11 groups of 3
    math(EXPR bits "0x${digits}")
    foreach(shift IN ITEMS 18 12 6 0)
      math(EXPR index "(${bits} >> ${shift}) & 63")
      string(SUBSTRING "${alphabet}" ${index} 1 letter)
      string(APPEND base64 "${letter}")
    endforeach()
  endforeach()
  string(REGEX REPLACE ".$" "=" base64 "${base64}")
  set(${result} "'sha256-${base64}'" PARENT_SCOPE)
endfunction()

# byte_array(RESULT TEXT): the text as the elements of an array of unsigned char.
function(byte_array result text)
  string(HEX "${text}" digits)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${digits}")
  set(${result} "${bytes}" PARENT_SCOPE)
endfunction()

file(READ "${ROOM}/style.css" style)
hash_source(style_hash "${style}")
set(script_elements "")
set(script_hashes "")
foreach(name IN LISTS SCRIPTS)
  file(READ "${ROOM}/${name}" script)
  string(REGEX REPLACE "^// SPDX-[^\n]*\n" "" script "${script}")  # of the source, not of a user's page
  string(APPEND script_elements "<script>${script}</script>\n")
  hash_source(script_hash "${script}")
  string(APPEND script_hashes " ${script_hash}")
endforeach()

# The page may only load the video beside it, from the same place as the page itself.
string(CONCAT policy "default-src 'none'; style-src ${style_hash}; script-src${script_hashes}; img-src data:; "
  "media-src 'self' file:; base-uri 'none'; form-action 'none'")

file(READ "${ROOM}/page.html" page)
string(REPLACE "@policy@" "${policy}" page "${page}")
string(REPLACE "@style@" "${style}" page "${page}")
string(REPLACE "@scripts@" "${script_elements}" page "${page}")
string(FIND "${page}" "@data@" at)
string(SUBSTRING "${page}" 0 ${at} before)
string(LENGTH "@data@" length)
math(EXPR at "${at} + ${length}")
string(SUBSTRING "${page}" ${at} -1 after)
byte_array(before_bytes "${before}")
byte_array(after_bytes "${after}")

file(WRITE "${OUTPUT}" "// Made by cli/commands/report/embed.cmake.
// NOLINTBEGIN
#include \"commands/report/page_template.hpp\"

namespace command {
namespace {

constexpr unsigned char before_data[] = {${before_bytes}};
constexpr unsigned char after_data[] = {${after_bytes}};

}  // namespace

PageTemplate page_template() {
  return {{reinterpret_cast<const char*>(before_data), sizeof(before_data)},
          {reinterpret_cast<const char*>(after_data), sizeof(after_data)}};
}

}  // namespace command
// NOLINTEND
")
