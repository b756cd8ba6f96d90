# SPDX-License-Identifier: Apache-2.0
# Code compiled for an instruction set must not run on processors without it. A linker keeps one copy of an inline
# function or a template for the whole program, from any object. So each such symbol of an object compiled for an
# instruction set must lie in the namespace of that set, which no other object uses. This test compiles the sources
# without optimisation, so that the compiler inlines nothing and every function shows, and without sanitizers, which add
# their own symbols.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/../package/run.cmake")

file(MAKE_DIRECTORY "${WORK_DIR}")
file(READ "${BINARY_DIR}/compile_commands.json" commands)
string(JSON count LENGTH "${commands}")
math(EXPR last "${count} - 1")
set(units 0)
set(symbols 0)
foreach(i RANGE ${last})
  string(JSON source GET "${commands}" ${i} file)
  string(JSON command GET "${commands}" ${i} command)
  # Options such as -mavx2, -mfma and -march=haswell.
  if(NOT source MATCHES "^${SOURCE_DIR}/" OR NOT command MATCHES " -m(sse|ssse|avx|fma|f16c|bmi|amx|arch=|cpu=)")
    continue()
  endif()
  math(EXPR units "${units} + 1")
  if(NOT source MATCHES "/kernels_([a-z0-9_]+)[.]cpp$")
    message(SEND_ERROR "${source} is compiled for an instruction set but is not named kernels_<instruction set>.cpp")
    continue()
  endif()
  set(instruction_set "${CMAKE_MATCH_1}")

  set(object "${WORK_DIR}/${instruction_set}.o")
  string(JSON directory GET "${commands}" ${i} directory)
  separate_arguments(arguments UNIX_COMMAND "${command}")
  list(FIND arguments -o at)
  math(EXPR at "${at} + 1")
  list(REMOVE_AT arguments ${at})
  list(INSERT arguments ${at} "${object}")
  run(${CMAKE_COMMAND} -E chdir "${directory}" ${arguments} -O0 -fno-lto -fno-sanitize=all -w)

  # Weak (V, W) and unique (u) symbols: a linker keeps one copy of each. DW.ref is a pointer of the compiler.
  list_symbols(lines "${NM}" "${object}")
  list(FILTER lines INCLUDE REGEX "^[0-9a-f]+ [VvWwu] ")
  list(LENGTH lines found)
  math(EXPR symbols "${symbols} + ${found}")
  list(FILTER lines EXCLUDE REGEX "::${instruction_set}::| V DW[.]ref[.]")
  if(lines)
    list(JOIN lines "\n  " lines)
    message(SEND_ERROR "${source}: symbols that a linker shares with other objects:\n  ${lines}")
  endif()
endforeach()

message(STATUS "${symbols} symbols of ${units} sources")
if(units EQUAL 0 OR symbols EQUAL 0)
  message(FATAL_ERROR "nothing was checked")
endif()
