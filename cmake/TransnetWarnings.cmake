# SPDX-License-Identifier: Apache-2.0
# transnet_set_warnings(TARGET): the compiler warnings for our own code.
function(transnet_set_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
    -Woverloaded-virtual -Wimplicit-fallthrough
    -Wno-missing-field-initializers  # designated initialisers leave fields at their defaults on purpose
    $<$<BOOL:${TRANSNET_WARNINGS_AS_ERRORS}>:-Werror>)
  # GCC's data flow analysis mistakes the checks of this sanitizer for uses, even in its own headers (std::regex).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=address")
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-stringop-overflow)
  endif()
endfunction()

# transnet_set_c99(TARGET): a program in C, for any compiler of C99.
function(transnet_set_c99 target)
  set_target_properties(${target} PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:C>:-Wall;-Wextra;-pedantic;-Wconversion;-Wstrict-prototypes;-Werror>)
endfunction()
