# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.25)

# run(COMMAND...): runs it and stops with its output if it fails; `output` holds the output.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${status}:\n${out}")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()

# list_symbols(VARIABLE NM ARGUMENT...): the lines that nm prints. CMake does not split a list at a semicolon after an unmatched
# bracket, so brackets become underscores.
function(list_symbols variable nm)
  run("${nm}" --defined-only --demangle ${ARGN})
  string(REGEX REPLACE "[][;]" "_" output "${output}")
  string(REPLACE "\n" ";" output "${output}")
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()

# install_components(BUILD_DIR PREFIX COMPONENT...): LibTorch is large, and is linked.
function(install_components build_dir prefix)
  foreach(component IN LISTS ARGN)
    set(ENV{CMAKE_INSTALL_MODE} COPY)
    if(component STREQUAL "libtorch")
      set(ENV{CMAKE_INSTALL_MODE} ABS_SYMLINK)
    endif()
    run("${CMAKE_COMMAND}" --install "${build_dir}" --prefix "${prefix}" --component "${component}")
  endforeach()
endfunction()
