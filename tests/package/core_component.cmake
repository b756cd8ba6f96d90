# SPDX-License-Identifier: Apache-2.0
# A package that reads videos gives its core to a project that asks for the core alone, and looks for nothing that the core
# does not need.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
file(REMOVE_RECURSE "${WORK_DIR}")
set(hidden "")
foreach(package IN ITEMS FFmpeg CURL PkgConfig Eigen3)
  list(APPEND hidden "-DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON")
endforeach()
string(REPLACE ";" "\\;" components "${COMPONENTS}")
run("${CMAKE_COMMAND}" -G "${GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}" -S "${SOURCE_DIR}" -B "${WORK_DIR}"
  "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}"
  "-DCMAKE_CXX_STANDARD=${STANDARD}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}" "-DCONSUMER_COMPONENTS=${components}" ${hidden})
run("${CMAKE_COMMAND}" --build "${WORK_DIR}" --verbose --target core_user)
if(NOT output MATCHES "libtransnet_core[.]" OR output MATCHES "libtransnet[.]|libav|libcurl")
  message(FATAL_ERROR "a program of the core links libtransnet_core alone:\n${output}")
endif()
run("${WORK_DIR}/core_user")
if("torch" IN_LIST COMPONENTS)
  run("${CMAKE_COMMAND}" --build "${WORK_DIR}")
  run("${WORK_DIR}/torch_user")
  if(KIND STREQUAL "shared")  # a static one looks beside the program
    run("${WORK_DIR}/torch_loader")
  endif()
endif()
