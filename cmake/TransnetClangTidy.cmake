# SPDX-License-Identifier: Apache-2.0
# With TRANSNET_CLANG_TIDY, clang-tidy reads every compiled source. It needs release 16 or newer: older ones cannot
# parse libstdc++'s <ranges> and drown the findings in errors of their own.
function(transnet_require_clang_tidy)
  find_program(TRANSNET_CLANG_TIDY_PROGRAM NAMES clang-tidy clang-tidy-19 clang-tidy-18 clang-tidy-17 clang-tidy-16
    VALIDATOR transnet_is_new_clang_tidy DOC "clang-tidy 16 or newer")
  if(NOT TRANSNET_CLANG_TIDY_PROGRAM)
    message(FATAL_ERROR "TRANSNET_CLANG_TIDY needs clang-tidy 16 or newer: install it (Debian: clang-tidy-16), or name it "
      "with -DTRANSNET_CLANG_TIDY_PROGRAM=")
  endif()
endfunction()

function(transnet_is_new_clang_tidy result program)
  execute_process(COMMAND "${program}" --version OUTPUT_VARIABLE text ERROR_QUIET)
  if(NOT text MATCHES "LLVM version ([0-9]+)" OR CMAKE_MATCH_1 LESS 16)
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

if(TRANSNET_CLANG_TIDY)
  transnet_require_clang_tidy()
  # Compiler warnings are the compiler's job: Clang does not know all of GCC's flags.
  set(CMAKE_CXX_CLANG_TIDY "${TRANSNET_CLANG_TIDY_PROGRAM};--quiet;--extra-arg=-Wno-unknown-warning-option")
endif()
