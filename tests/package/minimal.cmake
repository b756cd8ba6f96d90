# SPDX-License-Identifier: Apache-2.0
# TRANSNET_BUILD_CUT=OFF and TRANSNET_WITH_LIBTORCH=OFF: nothing that cuts is compiled or installed, and find_package says
# that the components are missing. Nothing is compiled here: the tests `CommandWithoutCut` compile the same sources.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
set(build "${WORK_DIR}/build")
set(prefix "${WORK_DIR}/prefix")
set(mistakes "")

# find(STATUS TEXT COMPONENT): runs find_package on the installed package; gives its output, with line breaks as blanks,
# and its status.
function(find status_variable text_variable component)
  file(REMOVE_RECURSE "${WORK_DIR}/find")
  file(WRITE "${WORK_DIR}/find/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)\nproject(find LANGUAGES CXX)
find_package(transnet REQUIRED COMPONENTS ${component})
if(NOT TARGET transnet::transnet OR TARGET transnet::cut)
  message(FATAL_ERROR \"other targets are expected\")
endif()\n")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -G "${GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}" "-DCMAKE_CXX_COMPILER=${COMPILER}"
      "-DCMAKE_PREFIX_PATH=${prefix}" -S "${WORK_DIR}/find" -B "${WORK_DIR}/find/build"
    RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE out)
  string(REGEX REPLACE "[ \n]+" " " out "${out}")
  set(${status_variable} "${status}" PARENT_SCOPE)
  set(${text_variable} "${out}" PARENT_SCOPE)
endfunction()

# A library of an earlier run would stand in for one that is missing.
file(REMOVE_RECURSE "${build}" "${prefix}")
run("${CMAKE_COMMAND}" -G "${GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}" -S "${TRANSNET_DIR}" -B "${build}"
  "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DTRANSNET_DEPS_DIR=${DEPS_DIR}" -DTRANSNET_WITH_LIBTORCH=OFF -DTRANSNET_BUILD_CUT=OFF
  -DTRANSNET_BUILD_TESTS=OFF -DTRANSNET_BUILD_EXAMPLES=OFF -DTRANSNET_INSTALL_RPATH= -DBUILD_SHARED_LIBS=OFF
  "-DCMAKE_ARCHIVE_OUTPUT_DIRECTORY=${build}/archives")

# Nothing that cuts is compiled or installed.
file(STRINGS "${build}/compile_commands.json" compiled REGEX "/src/cut/|/commands/split/|encoder_check")
if(compiled)
  list(APPEND mistakes "compiled: ${compiled}")
endif()
# Empty files stand for the libraries: find_package looks whether they are there.
foreach(library IN ITEMS transnet transnet_core)
  file(WRITE "${build}/archives/lib${library}.a" "")
endforeach()
install_components("${build}" "${prefix}" runtime dev)
file(GLOB_RECURSE installed LIST_DIRECTORIES FALSE RELATIVE "${prefix}" "${prefix}/include/*" "${prefix}/*transnet*")
if(NOT "include/transnet/transnet.hpp" IN_LIST installed)
  list(APPEND mistakes "include/transnet/transnet.hpp is not installed")
endif()
list(FILTER installed INCLUDE REGEX "cut|Cut|split")
if(installed)
  list(APPEND mistakes "installed: ${installed}")
endif()

# find_package finds the library, but no component that the package lacks.
find(status text "")
if(NOT status EQUAL 0)
  list(APPEND mistakes "find_package(transnet) failed:\n${text}")
endif()
find(status text cut)
if(status EQUAL 0 OR NOT text MATCHES "this transnet cannot cut clips into files: it was built with TRANSNET_BUILD_CUT=OFF")
  list(APPEND mistakes "find_package(transnet COMPONENTS cut) ended with ${status}:\n${text}")
endif()

find(status text torch)
if(status EQUAL 0 OR NOT text MATCHES "this transnet has no LibTorch backend: build it with TRANSNET_WITH_LIBTORCH=ON")
  list(APPEND mistakes "find_package(transnet COMPONENTS torch) ended with ${status}:\n${text}")
endif()

file(GLOB_RECURSE backends "${prefix}/*transnet_torch*")
if(backends)
  list(APPEND mistakes "installed: ${backends}")
endif()

if(mistakes)
  list(JOIN mistakes "\n" mistakes)
  message(FATAL_ERROR "${mistakes}")
endif()
