# SPDX-License-Identifier: Apache-2.0
# What transnet::core is built on. Read by the build and, with `find_dependency`, by the package of a static library.

find_package(Threads REQUIRED)
