# SPDX-License-Identifier: Apache-2.0
# Forbidden contents of the library: output and program ends in its own objects, and foreign names among the exported
# symbols of the shared library.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
if(FLAGS MATCHES "-fsanitize")
  message("skipped: a sanitizer adds symbols of its own")
  return()
endif()

run("${NM}" --undefined-only "${STATIC_LIBRARY}")
string(REGEX MATCHALL
  " U (_*(f|v|vf|d|vd)?printf(_chk)?|puts|fputs|putchar|fputc|putc|perror|abort|exit|_exit|_Exit|quick_exit|stdout|stderr|_ZSt4cout|_ZSt4cerr|_ZSt4clog)(@[A-Z_.0-9]+)?\n"
  forbidden "${output}")
if(forbidden)
  message(FATAL_ERROR "the library prints or ends the program:\n${forbidden}")
endif()
if(NOT output MATCHES " U ")
  message(FATAL_ERROR "${NM} printed no undefined symbol: nothing was checked")
endif()

# Strong symbols only: weak ones are instances of the templates of the standard library and LibTorch, which their headers
# make visible so that all libraries share one.
run("${NM}" --dynamic --defined-only --extern-only --demangle "${SHARED_LIBRARY}")
string(REGEX REPLACE "[\\[;]" "_" output "${output}")
string(REPLACE "\n" ";" symbols "${output}")
list(FILTER symbols INCLUDE REGEX " [TDBR] ")
list(LENGTH symbols count)
# A program that was compiled with the headers of another interface must fail when it is linked.
list(FILTER symbols EXCLUDE REGEX " [TDBR] (non-virtual thunk to |(typeinfo|typeinfo name|vtable|VTT) for )?transnet::${ABI}::")
list(FILTER symbols EXCLUDE REGEX " T transnet::version\\(\\)$")
if(count EQUAL 0 OR symbols)
  list(JOIN symbols "\n" symbols)
  message(FATAL_ERROR "of ${count} exported symbols these are not in transnet::${ABI}:\n${symbols}")
endif()
