# SPDX-License-Identifier: Apache-2.0
# LibTorch as the imported target LibTorch::LibTorch.
#
# One prefix is taken, and headers and libraries come from it alone, so two installations are never mixed. In this order:
#   1. LibTorch_ROOT, Torch_ROOT, Torch_DIR, then CMAKE_PREFIX_PATH: variables, then environment. The first three must name
#      a LibTorch: anything else is an error, never a reason to look further.
#   2. LibTorch_HINTS: prefixes that the caller knows of.
#   3. /usr, /usr/local and the other prefixes of the system.
# A prefix is the official archive (libtorch/), the wheel (site-packages/torch, with or without NVIDIA's wheels next to it),
# or a distribution's /usr. The wheel's own package file is not read: it wants the CUDA toolkit.
#
# Sets LibTorch_FOUND, LibTorch_VERSION, LibTorch_PREFIX, LibTorch_LIBRARY_DIR, LibTorch_CUDA: whether the CUDA part is there
# and can be loaded, and LibTorch_CUDA_INCLUDE_DIR: the CUDA runtime's headers, which LibTorch's own of that part include; empty where
# there are none.

include(CheckCXXSourceCompiles)
include(FindPackageHandleStandardArgs)

# The prefix of a LibTorch that `dir` is, holds, or is the package folder of; empty where there is none.
function(_libtorch_prefix_of dir result)
  foreach(suffix IN ITEMS "" torch libtorch ../.. ../../..)
    cmake_path(APPEND dir "${suffix}" OUTPUT_VARIABLE prefix)
    cmake_path(NORMAL_PATH prefix)
    if(EXISTS "${prefix}/include/torch/script.h")
      string(REGEX REPLACE "(.)/$" "\\1" prefix "${prefix}")
      set(${result} "${prefix}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${result} "" PARENT_SCOPE)
endfunction()

# Step 1: the user's variables. `error` names a variable with a wrong value.
function(_libtorch_named_prefix result error)
  set(${result} "" PARENT_SCOPE)
  set(${error} "" PARENT_SCOPE)
  foreach(name IN ITEMS LibTorch_ROOT Torch_ROOT Torch_DIR ENV{LibTorch_ROOT} ENV{Torch_ROOT} ENV{Torch_DIR})
    if(name MATCHES "^ENV{(.*)}$")
      set(is_environment TRUE)
      set(dir "$ENV{${CMAKE_MATCH_1}}")
    else()
      set(is_environment FALSE)
      set(dir "${${name}}")
    endif()
    if(dir AND NOT dir MATCHES "-NOTFOUND$")
      _libtorch_prefix_of("${dir}" prefix)
      if(NOT prefix)
        set(${error} "${name} is \"${dir}\", and there is no LibTorch: include/torch/script.h is not in it" PARENT_SCOPE)
      elseif(is_environment)
        # The build may run CMake again in another environment.
        set(LibTorch_ROOT "${prefix}" CACHE PATH "The LibTorch that ${name} named")
      endif()
      set(${result} "${prefix}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  cmake_path(CONVERT "$ENV{CMAKE_PREFIX_PATH}" TO_CMAKE_PATH_LIST environment_prefixes)
  foreach(dir IN LISTS CMAKE_PREFIX_PATH environment_prefixes)
    _libtorch_prefix_of("${dir}" prefix)
    if(prefix)
      set(${result} "${prefix}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

function(_libtorch_version prefix result)
  # Newer releases keep the numbers in headeronly/, where the older header includes them from.
  foreach(header IN ITEMS torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
    if(EXISTS "${prefix}/include/${header}")
      file(STRINGS "${prefix}/include/${header}" lines REGEX "#define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
      if(lines)
        list(TRANSFORM lines REPLACE ".* " "")
        list(JOIN lines "." version)
        set(${result} "${version}" PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()
  set(${result} "" PARENT_SCOPE)
endfunction()

# Loads the library in a program, as a user's program does. `error` gets the loader's message, empty if it loads. The
# result is kept until the file changes.
function(_libtorch_try_load library error)
  set(${error} "" PARENT_SCOPE)
  if(CMAKE_CROSSCOMPILING)
    return()
  endif()
  file(TIMESTAMP "${library}" time)
  string(MD5 key "${library} ${time}")
  set(loads _libtorch_loads_${key})
  if(NOT ${loads})
    try_run(run compiled SOURCE_FROM_CONTENT libtorch_load.cpp [[
#include <dlfcn.h>
#include <cstdio>
int main(int, char** argv) {
  if (dlopen(argv[1], RTLD_LAZY) != nullptr) return 0;
  std::puts(dlerror());
  return 1;
}
]] NO_CACHE LINK_LIBRARIES ${CMAKE_DL_LIBS} RUN_OUTPUT_VARIABLE output ARGS "${library}")
    if(NOT compiled OR NOT run EQUAL 0)
      string(STRIP "${output}" output)
      string(REPLACE ";" "," output "${output}")  # the package's message may hold no list
      if(NOT output)
        set(output "a program that loads it could not be built or run")
      endif()
      set(${error} "${output}" PARENT_SCOPE)
      return()
    endif()
    set(${loads} TRUE CACHE INTERNAL "LibTorch's library can be loaded")
  endif()
endfunction()

# Why this prefix cannot be used; empty if it can.
function(_libtorch_check_libraries error)
  set(${error} "" PARENT_SCOPE)
  foreach(library IN ITEMS torch_cpu c10)
    if(NOT _libtorch_${library})
      set(${error} "${LibTorch_PREFIX} has LibTorch's headers and not its lib${library}.so" PARENT_SCOPE)
      return()
    endif()
  endforeach()

  # The symbol of one constructor that takes a std::string reveals the ABI; no program needs to be linked.
  file(STRINGS "${_libtorch_c10}" constructors REGEX "_ZN3c105ErrorC[12]ENS_14SourceLocationE(NSt7__cxx11|Ss)")
  set(library_abi 0)
  if(constructors MATCHES "__cxx11")
    set(library_abi 1)
  endif()
  check_cxx_source_compiles("#include <string>
    #if !defined(__GLIBCXX__) || !_GLIBCXX_USE_CXX11_ABI
    #error other
    #endif
    int main() {}" LibTorch_COMPILER_HAS_CXX11_ABI)
  set(compiler_abi 0)
  if(LibTorch_COMPILER_HAS_CXX11_ABI)
    set(compiler_abi 1)
  endif()
  if(constructors AND NOT library_abi EQUAL compiler_abi)
    set(${error} "${LibTorch_PREFIX} was built with _GLIBCXX_USE_CXX11_ABI=${library_abi}, and ${CMAKE_CXX_COMPILER} \
compiles with ${compiler_abi}: std::string differs, so nothing would link. Take a LibTorch of the C++11 ABI: any wheel \
since 2.7, or the \"cxx11-abi\" archive" PARENT_SCOPE)
    return()
  endif()

  _libtorch_try_load("${_libtorch_torch_cpu}" load_error)
  if(load_error)
    set(${error} "${_libtorch_torch_cpu} cannot be loaded: ${load_error}. A wheel needs the libraries of nvidia-cuda-runtime and \
nvidia-cuda-cupti next to it" PARENT_SCOPE)
  endif()
endfunction()

_libtorch_named_prefix(LibTorch_PREFIX _libtorch_error)
if(NOT LibTorch_PREFIX AND NOT _libtorch_error)
  foreach(_libtorch_dir IN LISTS LibTorch_HINTS CMAKE_SYSTEM_PREFIX_PATH)
    _libtorch_prefix_of("${_libtorch_dir}" LibTorch_PREFIX)
    if(LibTorch_PREFIX)
      break()
    endif()
  endforeach()
  if(NOT LibTorch_PREFIX)
    set(_libtorch_error "set LibTorch_ROOT to one, or run scripts/setup.sh to get one")
  endif()
endif()

if(LibTorch_PREFIX)
  _libtorch_version("${LibTorch_PREFIX}" LibTorch_VERSION)
  foreach(_libtorch_library IN ITEMS torch_cpu c10 torch_cuda)
    unset(_libtorch_${_libtorch_library})
    find_library(_libtorch_${_libtorch_library} ${_libtorch_library} NO_CACHE NO_DEFAULT_PATH
      PATHS "${LibTorch_PREFIX}/lib" "${LibTorch_PREFIX}/lib64" "${LibTorch_PREFIX}/lib/${CMAKE_LIBRARY_ARCHITECTURE}")
  endforeach()
  _libtorch_check_libraries(_libtorch_error)
  set(LibTorch_CUDA FALSE)
  if(NOT _libtorch_error AND _libtorch_torch_cuda)
    _libtorch_try_load("${_libtorch_torch_cuda}" _libtorch_cuda_error)
    if(NOT _libtorch_cuda_error)
      set(LibTorch_CUDA TRUE)
    elseif(NOT LibTorch_FIND_QUIETLY)
      message(STATUS "LibTorch without CUDA: ${_libtorch_cuda_error}")
    endif()
  endif()
endif()
if(_libtorch_error)
  set(_libtorch_usable FALSE)
else()
  set(_libtorch_usable TRUE)
endif()
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_PREFIX _libtorch_usable VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "${_libtorch_error}")

if(LibTorch_FOUND)
  cmake_path(GET _libtorch_torch_cpu PARENT_PATH LibTorch_LIBRARY_DIR)
  file(GLOB _libtorch_nvidia_includes "${LibTorch_PREFIX}/../nvidia/*/include")
  find_path(_libtorch_cuda_include cuda_runtime_api.h NO_CACHE
    HINTS ${_libtorch_nvidia_includes} ENV CUDA_HOME PATHS /usr/local/cuda PATH_SUFFIXES include)
  set(LibTorch_CUDA_INCLUDE_DIR "")
  if(_libtorch_cuda_include)
    set(LibTorch_CUDA_INCLUDE_DIR "${_libtorch_cuda_include}")
  endif()
endif()
if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE
    "${LibTorch_PREFIX}/include" "${LibTorch_PREFIX}/include/torch/csrc/api/include")
  target_link_libraries(LibTorch::LibTorch INTERFACE "${_libtorch_torch_cpu}" "${_libtorch_c10}")
  if(LibTorch_CUDA)
    # The CUDA kernels register themselves when the library is loaded; nothing refers to it by a symbol.
    target_link_libraries(LibTorch::LibTorch INTERFACE
      "-Wl,--push-state,--no-as-needed,\"${_libtorch_torch_cuda}\",--pop-state")
  endif()
  # Only for the linker: at run time libtorch_cpu.so finds NVIDIA's libraries by its own rpath.
  file(GLOB _libtorch_nvidia_dirs "${LibTorch_PREFIX}/../nvidia/*/lib")
  foreach(_libtorch_dir IN LISTS _libtorch_nvidia_dirs)
    target_link_options(LibTorch::LibTorch INTERFACE "LINKER:-rpath-link,${_libtorch_dir}")
  endforeach()
endif()
