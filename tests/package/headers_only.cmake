# SPDX-License-Identifier: Apache-2.0
# The pure functions need only Eigen and no library.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
file(MAKE_DIRECTORY "${WORK_DIR}")
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
run("${COMPILER}" ${flags} -std=c++20 -DPURE_ALONE "-I${PREFIX}/include" "-I${EIGEN_INCLUDE_DIR}" "${SOURCE_DIR}/pure.cpp"
  -o "${WORK_DIR}/pure")
run("${WORK_DIR}/pure")
