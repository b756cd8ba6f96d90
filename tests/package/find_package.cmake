# SPDX-License-Identifier: Apache-2.0
# Configures, builds and runs the foreign project with an installed prefix, if this machine has the compiler for it and
# can run the result.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
if(NOT COMPILER)
  message("skipped: ${COMPILER_DESCRIPTION} is not installed")
  return()
endif()
if(FLAGS MATCHES "-march=x86-64-v3")
  file(READ /proc/cpuinfo processor)
  foreach(needed IN ITEMS avx2 bmi2 fma)
    if(NOT processor MATCHES "[ \t]${needed}[ \n]")
      message("skipped: the processor has no ${needed}")
      return()
    endif()
  endforeach()
endif()
file(REMOVE_RECURSE "${WORK_DIR}")
run("${CMAKE_COMMAND}" -G "${GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}" -S "${SOURCE_DIR}" -B "${WORK_DIR}"
  "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}"
  "-DCMAKE_CXX_STANDARD=${STANDARD}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}")
run("${CMAKE_COMMAND}" --build "${WORK_DIR}")
run("${WORK_DIR}/consumer")
