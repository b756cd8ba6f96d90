# SPDX-License-Identifier: Apache-2.0
# The dependencies of the library. The build includes this file and, with `find_dependency`, so does the package of a
# static library.

find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(FFmpeg 4.4 REQUIRED COMPONENTS avformat avcodec avfilter avutil)
find_package(UUID REQUIRED)
find_package(LibZip REQUIRED)
