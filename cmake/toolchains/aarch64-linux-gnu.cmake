# SPDX-License-Identifier: Apache-2.0
# Debian's cross compiler for 64-bit ARM; programs run under qemu-user. TRANSNET_ARM64_ROOT is a folder with arm64's packages,
# which scripts/test_arm.sh fills; without it, only transnet::core can be built, against the cross compiler's own libraries.
# QEMU_CPU in the environment chooses the processor.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TRANSNET_ARM64_ROOT)
if(TRANSNET_ARM64_ROOT)
  set(CMAKE_SYSROOT "${TRANSNET_ARM64_ROOT}")
  set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static -L "${TRANSNET_ARM64_ROOT}")
  set(ENV{PKG_CONFIG_SYSROOT_DIR} "${TRANSNET_ARM64_ROOT}")
  set(ENV{PKG_CONFIG_LIBDIR} "${TRANSNET_ARM64_ROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${TRANSNET_ARM64_ROOT}/usr/share/pkgconfig")
else()
  set(CMAKE_FIND_ROOT_PATH /usr/aarch64-linux-gnu)
  set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static -L /usr/aarch64-linux-gnu)
endif()
