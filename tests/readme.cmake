# SPDX-License-Identifier: Apache-2.0
# README.md shows an exact copy of examples/minimal.cpp, which other tests build and run.
cmake_minimum_required(VERSION 3.25)
file(READ "${SOURCE_DIR}/README.md" readme)
file(READ "${SOURCE_DIR}/examples/minimal.cpp" example)
string(REGEX REPLACE "^// SPDX-[^\n]*\n" "" example "${example}")  # the licence's line stands in the file alone
string(FIND "${readme}" "```cpp\n${example}```" at)
if(at EQUAL -1)
  message(FATAL_ERROR "README.md does not show an exact copy of examples/minimal.cpp: copy the file into its C++ snippet")
endif()
