# SPDX-License-Identifier: Apache-2.0
# A program that is linked with no library of transnet opens the installed one by its file.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
run("${C_COMPILER}" ${flags} -std=c99 -pedantic -Wall -Wextra -Werror "-I${PREFIX}/include" "${CMAKE_CURRENT_LIST_DIR}/dlopen.c"
  -o "${WORK_DIR}/host" -ldl)
# The copy has another name to the loader as well, or it would take both for one.
file(COPY_FILE "${LIBRARY}" "${WORK_DIR}/libplugin.so")
if(NOT EXISTS "${MODEL}")
  message("without a model: ${MODEL} is missing (scripts/setup.sh)")
  set(MODEL "")
endif()
run("${WORK_DIR}/host" "${LIBRARY}" "${WORK_DIR}/libplugin.so" ${MODEL})
