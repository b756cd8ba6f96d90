# SPDX-License-Identifier: Apache-2.0
# The files installed beside the library: the command, its manual and its completion scripts, where man(1) and shells
# look.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
file(REMOVE_RECURSE "${PREFIX}")
install_components("${BUILD_DIR}" "${PREFIX}" ${COMPONENTS})
foreach(file IN ITEMS
    "${MAN_DIR}/man1/transnet.1"
    "${MAN_DIR}/man1/transnet-clips.1"
    "${DATA_DIR}/bash-completion/completions/transnet"
    "${DATA_DIR}/zsh/site-functions/_transnet"
    "${DATA_DIR}/fish/vendor_completions.d/transnet.fish")
  if(NOT EXISTS "${PREFIX}/${file}")
    message(FATAL_ERROR "${file} is not installed")
  endif()
endforeach()
run("${PREFIX}/${BIN_DIR}/transnet" completion bash)
file(READ "${PREFIX}/${DATA_DIR}/bash-completion/completions/transnet" installed)
if(NOT installed STREQUAL output)
  message(FATAL_ERROR "the installed completion of bash is not the command's")
endif()
