# Kernels of one instruction set share no symbol with code that every processor runs: of functions with vague linkage, the
# linker keeps one copy for the whole program, which may be the one with instructions that the processor lacks. Compiled
# without optimisation, where nothing is inlined.
#   SOURCE, OPTIONS (of that source), INSTRUCTION_SET, INCLUDE_DIRS, COMPILER, NM, WORK_DIR
include("${CMAKE_CURRENT_LIST_DIR}/../package/run.cmake")
file(MAKE_DIRECTORY "${WORK_DIR}")
set(object "${WORK_DIR}/${INSTRUCTION_SET}.o")
list(TRANSFORM INCLUDE_DIRS PREPEND "-I")
run("${COMPILER}" -std=c++20 ${OPTIONS} -O0 ${INCLUDE_DIRS} -c "${SOURCE}" -o "${object}")
run("${NM}" --defined-only "${object}")
if(NOT output MATCHES "_kernels")
  message(FATAL_ERROR "${object} defines no kernels: nothing was checked")
endif()
string(REGEX MATCHALL "[^\n]+ [WVu] [^\n]+" vague "${output}")
if(NOT vague)
  message(FATAL_ERROR "${object} has no function with vague linkage: nothing was checked")
endif()
string(LENGTH "${INSTRUCTION_SET}" length)
list(FILTER vague EXCLUDE REGEX "${length}${INSTRUCTION_SET}E")
list(FILTER vague EXCLUDE REGEX "${length}${INSTRUCTION_SET}[0-9]")
list(FILTER vague EXCLUDE REGEX " V DW[.]ref[.]")  # a pointer to the handler of exceptions, no instructions
if(vague)
  list(JOIN vague "\n" vague)
  message(FATAL_ERROR "not in the namespace ${INSTRUCTION_SET}:\n${vague}")
endif()
