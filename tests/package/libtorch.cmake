# SPDX-License-Identifier: Apache-2.0
# The choice of LibTorch, and the errors for unsuitable ones. The stand-ins consist of the real one's files.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

# make_libtorch(NAME VERSION): a prefix with the headers that the search reads.
function(make_libtorch name major minor)
  set(include "${WORK_DIR}/${name}/include/torch")
  file(WRITE "${include}/script.h" "")
  file(WRITE "${include}/headeronly/version.h"
    "#define TORCH_VERSION_MAJOR ${major}\n#define TORCH_VERSION_MINOR ${minor}\n#define TORCH_VERSION_PATCH 0\n")
endfunction()

# search(EXPECTED OPTION...): looks for LibTorch in a new build folder; the output must hold EXPECTED.
function(search expected)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" --fresh -G "${GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}"
      "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DMODULE_DIR=${MODULE_DIR}" -S "${CMAKE_CURRENT_LIST_DIR}/libtorch"
      -B "${WORK_DIR}/build" ${ARGN}
    OUTPUT_VARIABLE out ERROR_VARIABLE out)
  string(REGEX REPLACE "[ \n]+" " " out "${out}")  # CMake breaks its lines
  string(FIND "${out}" "${expected}" at)
  if(at EQUAL -1)
    message(SEND_ERROR "searched with ${ARGN}\nexpected: ${expected}\nfound: ${out}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
foreach(variable IN ITEMS LibTorch_ROOT Torch_ROOT Torch_DIR CMAKE_PREFIX_PATH)
  unset(ENV{${variable}})
endforeach()

# The user's choice comes first, under any name, and headers and libraries come from the same prefix.
make_libtorch(own 2 99)
file(CREATE_LINK "${LIBTORCH}/lib" "${WORK_DIR}/own/lib" SYMBOLIC)
set(own "${WORK_DIR}/own")
set(taken "taken: ${own} ${own}/lib/libtorch_cpu.so;${own}/lib/libc10.so")
file(WRITE "${own}/share/cmake/Torch/TorchConfig.cmake" "message(FATAL_ERROR \"the wheel's own package file was read\")")
foreach(option IN ITEMS LibTorch_ROOT=${own} Torch_ROOT=${own} Torch_DIR=${own}/share/cmake/Torch
    CMAKE_PREFIX_PATH=${own})
  search("${taken}" -D${option} -DLibTorch_HINTS=${LIBTORCH})
endforeach()
search("taken: ${LIBTORCH} " -DLibTorch_HINTS=${LIBTORCH})

# An unsuitable one is refused by name, and no other one replaces it.
search("there is no LibTorch" -DLibTorch_ROOT=${WORK_DIR} -DLibTorch_HINTS=${LIBTORCH})

make_libtorch(headers_alone 2 99)
search("headers_alone has LibTorch's headers and not its libtorch_cpu.so" -DLibTorch_ROOT=${WORK_DIR}/headers_alone
  -DLibTorch_HINTS=${LIBTORCH})

make_libtorch(old 2 6)
file(CREATE_LINK "${LIBTORCH}/lib" "${WORK_DIR}/old/lib" SYMBOLIC)
search("Found unsuitable version \"2.6.0\", but required is at least \"2.7\"" -DLibTorch_ROOT=${WORK_DIR}/old
  -DLibTorch_HINTS=${LIBTORCH})

make_libtorch(other_abi 2 99)
file(WRITE "${WORK_DIR}/other_abi/lib/libtorch_cpu.so" "")
file(WRITE "${WORK_DIR}/other_abi/lib/libc10.so" "_ZN3c105ErrorC1ENS_14SourceLocationESs\n")
search("other_abi was built with _GLIBCXX_USE_CXX11_ABI=0" -DLibTorch_ROOT=${WORK_DIR}/other_abi)

make_libtorch(broken 2 99)
file(WRITE "${WORK_DIR}/broken/lib/libtorch_cpu.so" "no library")
file(WRITE "${WORK_DIR}/broken/lib/libc10.so" "no library")
search("libtorch_cpu.so cannot be loaded" -DLibTorch_ROOT=${WORK_DIR}/broken)
