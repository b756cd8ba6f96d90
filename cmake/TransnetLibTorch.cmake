# SPDX-License-Identifier: Apache-2.0
# Finds LibTorch for the backend, which runs TorchScript models and CUDA. Sets transnet_has_torch.
set(LibTorch_HINTS "${TRANSNET_DEPS_DIR}/libtorch")
set(transnet_has_torch OFF)
set(transnet_torch_library
  "${CMAKE_SHARED_LIBRARY_PREFIX}transnet_torch${CMAKE_SHARED_LIBRARY_SUFFIX}.${transnet_interface_version}")
if(TRANSNET_WITH_LIBTORCH STREQUAL "AUTO")
  find_package(LibTorch 2.7 QUIET)  # the oldest version whose wheel has the C++11 ABI
  set(transnet_has_torch ${LibTorch_FOUND})
  if(LibTorch_FOUND)
    message(STATUS "LibTorch ${LibTorch_VERSION}: TorchScript models and CUDA will work")
  else()
    message(STATUS "No LibTorch: TorchScript models and CUDA will not work (TRANSNET_WITH_LIBTORCH=ON says why)")
  endif()
elseif(TRANSNET_WITH_LIBTORCH)
  find_package(LibTorch 2.7 REQUIRED)
  set(transnet_has_torch ON)
endif()
