# SPDX-License-Identifier: Apache-2.0
# Compiles the foreign project's sources with pkg-config's flags and runs them.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
find_program(PKG_CONFIG pkg-config REQUIRED)
file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
file(GLOB_RECURSE pc_file "${PREFIX}/*/transnet.pc")
cmake_path(GET pc_file PARENT_PATH pc_dir)
set(ENV{PKG_CONFIG_PATH} "${pc_dir}:$ENV{PKG_CONFIG_PATH}")

run("${PKG_CONFIG}" --modversion transnet)
string(STRIP "${output}" version)
if(NOT version STREQUAL VERSION)
  message(FATAL_ERROR "transnet.pc has version ${version}, the project ${VERSION}")
endif()
run("${PKG_CONFIG}" --cflags --libs transnet)
separate_arguments(package UNIX_COMMAND "${output}")
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
run("${COMPILER}" ${flags} -std=c++20 "-DCONSUMER_EXPECTED_VERSION=\"${VERSION}\""
  "${SOURCE_DIR}/main.cpp" "${SOURCE_DIR}/pure.cpp" -o "${WORK_DIR}/consumer" ${package} "-Wl,-rpath,${pc_dir}/..")
run("${WORK_DIR}/consumer")
