# SPDX-License-Identifier: Apache-2.0
# Forbidden contents of the libraries: output and program ends in their own objects, foreign names among the exported
# symbols of the shared libraries, and symbols that two of these libraries export.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
if(FLAGS MATCHES "-fsanitize")
  message("skipped: a sanitizer adds symbols of its own")
  return()
endif()

foreach(library IN LISTS STATIC_LIBRARIES)
  run("${NM}" --undefined-only "${library}")
  string(REGEX MATCHALL
    " U (_*(f|v|vf|d|vd)?printf(_chk)?|puts|fputs|putchar|fputc|putc|perror|abort|exit|_exit|_Exit|quick_exit|stdout|stderr|_ZSt4cout|_ZSt4cerr|_ZSt4clog)(@[A-Z_.0-9]+)?\n"
    forbidden "${output}")
  if(forbidden)
    message(FATAL_ERROR "${library} prints or ends the program:\n${forbidden}")
  endif()
  if(NOT output MATCHES " U ")
    message(FATAL_ERROR "${NM} printed no undefined symbol of ${library}: nothing was checked")
  endif()
endforeach()

# symbols_of(VARIABLE FILE OPTION...): the strong symbols that the file defines for others. Weak symbols are instances
# of templates and inline functions, which their headers make visible so that all libraries share one.
function(symbols_of variable file)
  list_symbols(symbols "${NM}" --extern-only ${ARGN} "${file}")
  list(FILTER symbols INCLUDE REGEX "^[0-9a-f]+ [TDBR] ")
  list(TRANSFORM symbols REPLACE "^[0-9a-f]+ [TDBR] " "")
  if(NOT symbols)
    message(FATAL_ERROR "${NM} printed no symbol of ${file}: nothing was checked")
  endif()
  set(${variable} "${symbols}" PARENT_SCOPE)
endfunction()

# expect_once(FILES OPTION...): no two of the files define the same symbol.
function(expect_once files)
  set(all "")
  foreach(file IN LISTS files)
    symbols_of(symbols "${file}" ${ARGN})
    list(REMOVE_DUPLICATES symbols)  # a constructor has two mangled names but one readable name
    foreach(symbol IN LISTS symbols)
      if(symbol IN_LIST all)
        message(SEND_ERROR "${file} is not the only library that defines ${symbol}")
      endif()
    endforeach()
    list(APPEND all ${symbols})
  endforeach()
endfunction()
expect_once("${STATIC_LIBRARIES}")
expect_once("${SHARED_LIBRARIES}" --dynamic)

# A program that was compiled with the headers of another interface must fail when it is linked.
foreach(library IN LISTS SHARED_LIBRARIES)
  symbols_of(symbols "${library}" --dynamic)
  list(FILTER symbols EXCLUDE REGEX "^(non-virtual thunk to |(typeinfo|typeinfo name|vtable|VTT) for )?transnet::${ABI}::")
  list(FILTER symbols EXCLUDE REGEX "^transnet::version\\(\\)$")
  if(symbols)
    list(JOIN symbols "\n" symbols)
    message(FATAL_ERROR "symbols that ${library} exports outside of transnet::${ABI}:\n${symbols}")
  endif()
endforeach()
# The LibTorch backend exports one function.
symbols_of(symbols "${BACKEND}" --dynamic)
if(NOT symbols STREQUAL "transnet_torch_backend")
  list(JOIN symbols "\n" symbols)
  message(FATAL_ERROR "symbols that ${BACKEND} exports, instead of only transnet_torch_backend:\n${symbols}")
endif()
if(NOT STATIC_LIBRARIES OR NOT SHARED_LIBRARIES)
  message(FATAL_ERROR "no library is named")
endif()
