# SPDX-License-Identifier: Apache-2.0
# TRANSNET_BUILD_CUT=OFF and TRANSNET_WITH_LIBTORCH=OFF give a library that only analyses videos, and a command that
# finds clips and says that it can neither cut them nor run TorchScript. Debug information and optimisation would only
# take time; a second run compiles only changes.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
foreach(file IN ITEMS "${VIDEO}" "${MODEL}")
  if(NOT EXISTS "${file}")
    message("skipped: ${file} is missing (scripts/setup.sh)")
    return()
  endif()
endforeach()
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

run("${CMAKE_COMMAND}" -G "${GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}" -S "${TRANSNET_DIR}" -B "${build}"
  "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0
  -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12 "-DTRANSNET_DEPS_DIR=${DEPS_DIR}" -DTRANSNET_WITH_LIBTORCH=OFF
  -DTRANSNET_WITH_FONTS=OFF -DTRANSNET_BUILD_CUT=OFF -DTRANSNET_BUILD_TESTS=OFF -DTRANSNET_BUILD_EXAMPLES=OFF)
run("${CMAKE_COMMAND}" --build "${build}" --parallel 2)

# Nothing that cuts is compiled or installed.
file(STRINGS "${build}/compile_commands.json" compiled REGEX "/src/cut/|/commands/split/|encoder_check")
if(compiled)
  list(APPEND mistakes "compiled: ${compiled}")
endif()
file(REMOVE_RECURSE "${prefix}")
install_components("${build}" "${prefix}" runtime dev command)
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

# Neither the command nor a library beside it is linked with LibTorch.
file(GLOB_RECURSE backends "${build}/*transnet_torch*" "${prefix}/*transnet_torch*")
run(ldd "${build}/${BIN_DIR}/transnet")
if(backends OR output MATCHES "libtorch|libc10")
  list(APPEND mistakes "LibTorch without need: ${backends}\n${output}")
endif()
foreach(words IN ITEMS "model;info;${TORCHSCRIPT}" "clips;${VIDEO};--weights;${MODEL};--device;cuda")
  execute_process(COMMAND "${build}/${BIN_DIR}/transnet" ${words} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE error)
  if(NOT status EQUAL 1 OR out OR NOT error MATCHES "need transnet's LibTorch backend.*TRANSNET_WITH_LIBTORCH=ON")
    list(APPEND mistakes "transnet ${words} ended with ${status}:\n${out}${error}")
  endif()
endforeach()

# The command finds the clips; the reference gives this clip the same name.
file(COPY "${VIDEO}" DESTINATION "${WORK_DIR}")
cmake_path(GET VIDEO FILENAME video)
set(command "${build}/${BIN_DIR}/transnet")
run("${CMAKE_COMMAND}" -E chdir "${WORK_DIR}" "${command}" clips "${video}" --weights "${MODEL}" --min-length-s 0.5
  --format json)
if(NOT output MATCHES "d23419cb-291c-50fe-9bb9-c2ddb5a6b083")
  list(APPEND mistakes "the clip of the frames 42 to 63 is missing:\n${output}")
endif()
foreach(words IN ITEMS "split" "split;${video};--mode;copy" "split;--help")
  execute_process(COMMAND "${command}" ${words} WORKING_DIRECTORY "${WORK_DIR}"
    RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE error)
  if(NOT status EQUAL 2 OR out
      OR NOT error MATCHES "this transnet cannot cut clips into files: it was built with TRANSNET_BUILD_CUT=OFF")
    list(APPEND mistakes "transnet ${words} ended with ${status}:\n${out}${error}")
  endif()
endforeach()
run("${command}" --help)
if(output MATCHES "split")
  list(APPEND mistakes "the help lists split:\n${output}")
endif()

if(mistakes)
  list(JOIN mistakes "\n" mistakes)
  message(FATAL_ERROR "${mistakes}")
endif()
