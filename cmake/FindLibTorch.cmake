# LibTorch as the imported target LibTorch::LibTorch.
find_path(LibTorch_INCLUDE_DIR torch/script.h PATH_SUFFIXES include
  HINTS ${TRANSNET_DEPS_DIR}/libtorch/torch)
find_library(LibTorch_TORCH_CPU torch_cpu HINTS ${LibTorch_INCLUDE_DIR}/../lib)
find_library(LibTorch_C10 c10 HINTS ${LibTorch_INCLUDE_DIR}/../lib)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_TORCH_CPU LibTorch_C10 LibTorch_INCLUDE_DIR)
if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE ${LibTorch_INCLUDE_DIR}
    ${LibTorch_INCLUDE_DIR}/torch/csrc/api/include)
  target_link_libraries(LibTorch::LibTorch INTERFACE ${LibTorch_TORCH_CPU} ${LibTorch_C10})
  target_link_options(LibTorch::LibTorch INTERFACE
    -Wl,-rpath-link,${LibTorch_INCLUDE_DIR}/../../nvidia/cu13/lib)
endif()
