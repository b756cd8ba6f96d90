# SPDX-License-Identifier: Apache-2.0
# What transnet::transnet is built on, beside transnet::core. Read by the build and, with `find_dependency`, by the package
# of a static library.

find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CURL REQUIRED)
find_package(FFmpeg 4.4 REQUIRED COMPONENTS avformat avcodec avfilter avutil)
