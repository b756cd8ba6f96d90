# SPDX-License-Identifier: Apache-2.0
# The dependencies of transnet::transnet besides transnet::core. The build includes this file and, with `find_dependency`,
# so does the package of a static library.

find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CURL REQUIRED)
find_package(FFmpeg 4.4 REQUIRED COMPONENTS avformat avcodec avfilter avutil)
