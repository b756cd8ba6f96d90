# SPDX-License-Identifier: Apache-2.0
# libuuid (util-linux) by pkg-config, as the imported target UUID::UUID.
find_package(PkgConfig REQUIRED)
pkg_check_modules(UUID QUIET IMPORTED_TARGET uuid)
if(UUID_FOUND AND NOT TARGET UUID::UUID)
  add_library(UUID::UUID INTERFACE IMPORTED)
  target_link_libraries(UUID::UUID INTERFACE PkgConfig::UUID)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(UUID REQUIRED_VARS UUID_LINK_LIBRARIES VERSION_VAR UUID_VERSION)
