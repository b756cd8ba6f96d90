# SPDX-License-Identifier: Apache-2.0
# Installs components into an empty prefix.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
file(REMOVE_RECURSE "${PREFIX}")
install_components("${BUILD_DIR}" "${PREFIX}" ${COMPONENTS})
