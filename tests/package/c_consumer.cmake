# SPDX-License-Identifier: Apache-2.0
# Builds the stranger's project in C against an installed prefix, by CMake without C++ and by pkg-config, and runs it.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
file(REMOVE_RECURSE "${WORK_DIR}")
run("${CMAKE_COMMAND}" -G "${GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}" -S "${SOURCE_DIR}/c" -B "${WORK_DIR}"
  "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DCMAKE_C_COMPILER=${C_COMPILER}" "-DCMAKE_C_FLAGS=${FLAGS}"
  "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}")
run("${CMAKE_COMMAND}" --build "${WORK_DIR}" --verbose)
if(NOT output MATCHES "libtransnet_core[.]" OR output MATCHES "libtransnet[.]|libav|libcurl")
  message(FATAL_ERROR "a program of the core links libtransnet_core alone:\n${output}")
endif()

# expect_version(PROGRAM): it prints the version of the library, where all that it tries is well.
function(expect_version program)
  run("${program}")
  if(NOT output STREQUAL "${VERSION}\n")
    message(FATAL_ERROR "${program} printed ${output}, expected ${VERSION}")
  endif()
endfunction()
expect_version("${WORK_DIR}/c_consumer")

find_program(PKG_CONFIG pkg-config REQUIRED)
file(GLOB_RECURSE pc_file "${PREFIX}/*/transnet-core.pc")
cmake_path(GET pc_file PARENT_PATH pc_dir)
set(ENV{PKG_CONFIG_PATH} "${pc_dir}:$ENV{PKG_CONFIG_PATH}")
run("${PKG_CONFIG}" --cflags --libs transnet-core)
separate_arguments(package UNIX_COMMAND "${output}")
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
run("${C_COMPILER}" ${flags} -std=c99 -pedantic -Werror "${SOURCE_DIR}/c/main.c" -o "${WORK_DIR}/by_pkg_config" ${package}
  "-Wl,-rpath,${pc_dir}/..")
expect_version("${WORK_DIR}/by_pkg_config")
