# SPDX-License-Identifier: Apache-2.0
# libzip by pkg-config, as the imported target LibZip::LibZip. Its own CMake package is not used, because Debian's
# version requires the libzip tools.
find_package(PkgConfig REQUIRED)
pkg_check_modules(LibZip QUIET IMPORTED_TARGET libzip)
if(LibZip_FOUND AND NOT TARGET LibZip::LibZip)
  add_library(LibZip::LibZip INTERFACE IMPORTED)
  target_link_libraries(LibZip::LibZip INTERFACE PkgConfig::LibZip)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibZip REQUIRED_VARS LibZip_LINK_LIBRARIES VERSION_VAR LibZip_VERSION)
