# SPDX-License-Identifier: Apache-2.0
# What the library is built on. Read by the build and, with `find_dependency`, by the package of a static library.

find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CURL REQUIRED)
find_package(FFmpeg 4.4 REQUIRED COMPONENTS avformat avcodec avfilter avutil)
