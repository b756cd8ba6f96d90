# SPDX-License-Identifier: Apache-2.0
# The RUNPATH of programs and libraries: where they find libraries outside of the system's folders.
#
# The build tree has the same folders as an installed one, and both share one RUNPATH, so that installing changes no
# byte. CMake's own way overwrites the first RUNPATH with the second and pads it with ":". The loader reads such an
# empty entry as the current folder, so anybody who can write there could run code in the name of the command.

set(TRANSNET_INSTALL_RPATH "" CACHE STRING
  "Folders where installed programs look for a LibTorch and an FFmpeg of your own (default: where the build found them)")

# LibTorch has its own folder beside the library: a link in the build tree, copies in an installed one.
set(transnet_libtorch_dir "${CMAKE_INSTALL_LIBDIR}/transnet")

# The folders of FFmpeg that the loader does not know. /usr/local/lib may be one of them.
set(transnet_runpath_folders "")
foreach(component IN ITEMS avformat avcodec avfilter avutil)
  foreach(library IN LISTS FFmpeg_${component}_LINK_LIBRARIES)
    if(NOT library MATCHES "[.]a$")  # a static library is in the program
      cmake_path(GET library PARENT_PATH folder)
      list(APPEND transnet_runpath_folders "${folder}")
    endif()
  endforeach()
endforeach()
list(REMOVE_ITEM transnet_runpath_folders "" ${CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES})
list(REMOVE_DUPLICATES transnet_runpath_folders)

# The folder of LibTorch, which only its backend needs.
set(transnet_torch_folders "")
set(transnet_installs_libtorch FALSE)
if(transnet_has_torch)
  set(transnet_torch_folders "${LibTorch_LIBRARY_DIR}")
  list(REMOVE_ITEM transnet_torch_folders ${CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES})
  # The set-up script's LibTorch belongs to the checkout: it is installed with the package.
  cmake_path(IS_PREFIX TRANSNET_DEPS_DIR "${LibTorch_PREFIX}" NORMALIZE transnet_installs_libtorch)
endif()
set(transnet_links_libtorch FALSE)
if(transnet_torch_folders)
  set(transnet_links_libtorch TRUE)
endif()
if(transnet_installs_libtorch)
  set(transnet_torch_folders "")
endif()
if(TRANSNET_INSTALL_RPATH)
  set(transnet_runpath_folders ${TRANSNET_INSTALL_RPATH})
  set(transnet_torch_folders "")
endif()

# The build tree's folders; with several configurations, each has its own tree.
set(transnet_trees .)
set(transnet_tree "${PROJECT_BINARY_DIR}")
if(CMAKE_CONFIGURATION_TYPES)
  set(transnet_trees ${CMAKE_CONFIGURATION_TYPES})
  set(transnet_tree "${PROJECT_BINARY_DIR}/$<CONFIG>")
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${transnet_tree}/${CMAKE_INSTALL_BINDIR}")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${transnet_tree}/${CMAKE_INSTALL_LIBDIR}")
if(transnet_links_libtorch)
  foreach(tree IN LISTS transnet_trees)
    # Links the whole folder: LibTorch finds NVIDIA's libraries relative to its real place.
    file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/${tree}/${CMAKE_INSTALL_LIBDIR}")
    file(CREATE_LINK "${LibTorch_LIBRARY_DIR}" "${PROJECT_BINARY_DIR}/${tree}/${transnet_libtorch_dir}" SYMBOLIC)
  endforeach()
endif()

# transnet_set_runpath(TARGET FOLDER): for a target that is installed into FOLDER of the prefix.
function(transnet_set_runpath target folder)
  set(runpath "")
  set(neighbours "${CMAKE_INSTALL_LIBDIR}")
  set(folders ${transnet_runpath_folders})
  get_target_property(name ${target} OUTPUT_NAME)
  if(name STREQUAL "transnet_core")
    set(folders "")  # it has the backend beside it, and no FFmpeg
  elseif(target STREQUAL "transnet_torch_backend")
    set(folders ${transnet_torch_folders} ${TRANSNET_INSTALL_RPATH})
    if(transnet_links_libtorch)
      list(APPEND neighbours "${transnet_libtorch_dir}")
    endif()
  endif()
  foreach(neighbour IN LISTS neighbours)
    file(RELATIVE_PATH way "/${folder}" "/${neighbour}")
    if(way)
      string(PREPEND way "/")
    endif()
    list(APPEND runpath "$ORIGIN${way}")  # libtransnet_cut.so finds libtransnet.so beside it
  endforeach()
  list(APPEND runpath ${folders})
  set_target_properties(${target} PROPERTIES INSTALL_RPATH "${runpath}" BUILD_WITH_INSTALL_RPATH TRUE)
endfunction()

# The set-up script's LibTorch, without the parts that Python and NVIDIA's profiler load.
if(TRANSNET_INSTALL AND transnet_installs_libtorch)
  file(GLOB libtorch_nvidia_dirs "${LibTorch_PREFIX}/../nvidia/*/lib")
  foreach(folder IN LISTS LibTorch_LIBRARY_DIR libtorch_nvidia_dirs)
    install(DIRECTORY "${folder}/" DESTINATION "${transnet_libtorch_dir}" COMPONENT libtorch USE_SOURCE_PERMISSIONS
      FILES_MATCHING PATTERN "*.so" PATTERN "*.so.*"
      PATTERN "libtorch.so" EXCLUDE PATTERN "libtorch_global_deps.so" EXCLUDE
      PATTERN "libnvperf_*" EXCLUDE PATTERN "libpcsamplingutil*" EXCLUDE PATTERN "libcheckpoint*" EXCLUDE)
  endforeach()
  file(GLOB libtorch_licenses "${LibTorch_PREFIX}/../torch-*.dist-info/licenses/")
  if(libtorch_licenses)
    install(DIRECTORY "${libtorch_licenses}/" DESTINATION "${CMAKE_INSTALL_DOCDIR}/libtorch" COMPONENT libtorch)
  endif()
endif()
