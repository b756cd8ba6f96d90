# SPDX-License-Identifier: Apache-2.0
# The installed package: libraries, headers, CMake package, pkg-config files.
include(CMakePackageConfigHelpers)

# The package's dependencies are the build's, each required as far as the consumer requires transnet.
file(READ "${PROJECT_SOURCE_DIR}/cmake/TransnetDependencies.cmake" _dependencies)
string(REGEX REPLACE "find_package\\(([^)]*) REQUIRED" "find_dependency(\\1" _dependencies "${_dependencies}")
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/package/transnetDependencies.cmake" CONTENT "${_dependencies}" @ONLY)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/transnetConfigVersion.cmake"
  COMPATIBILITY ${transnet_compatibility})

# transnet_install(SUFFIX [PREFIX PREFIX]): the rules that install the targets that `transnet_add_libraries` made, as
# transnet::transnet and transnet::cut. The component `runtime` is what a program needs that was linked with the shared
# libraries, `dev` what building one needs; `torch`, `command` and `libtorch` are elsewhere. With a PREFIX before their names, a plain
# installation leaves them out: the tests install the libraries' other type that way.
function(transnet_install suffix)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PREFIX" "")
  set(target transnet${suffix})
  set(cut_target transnet_cut_library${suffix})
  set(runtime COMPONENT ${arg_PREFIX}runtime)
  set(dev COMPONENT ${arg_PREFIX}dev)
  set(namelink NAMELINK_COMPONENT ${arg_PREFIX}dev)
  if(arg_PREFIX)
    list(APPEND runtime EXCLUDE_FROM_ALL)
    list(APPEND dev EXCLUDE_FROM_ALL)
  endif()
  set(library_rules
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} ${dev}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ${runtime} ${namelink}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} ${runtime})
  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/transnet)
  set(work_dir "${CMAKE_CURRENT_BINARY_DIR}/package/${target}")
  get_target_property(type ${target} TYPE)
  get_target_property(libraries transnet LINK_LIBRARIES)

  # transnetConfig.cmake
  set(TRANSNET_IS_STATIC OFF)
  if(type STREQUAL STATIC_LIBRARY)
    set(TRANSNET_IS_STATIC ON)
  endif()
  set(TRANSNET_HAS_TORCH OFF)
  if(transnet_has_torch AND NOT arg_PREFIX)
    set(TRANSNET_HAS_TORCH ON)
  endif()
  set(TRANSNET_HAS_CUT OFF)
  if(TARGET ${cut_target})
    set(TRANSNET_HAS_CUT ON)
  endif()
  configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/transnetConfig.cmake.in" "${work_dir}/transnetConfig.cmake"
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)

  # transnet.pc: a shared library brings its dependencies along. A static one has them as public requirements, not as
  # private ones: `pkg-config --static` would ask for the static closure of FFmpeg as well.
  set(pkg_config_name_CURL::libcurl libcurl)
  set(TRANSNET_PC_REQUIRES)
  foreach(library IN LISTS libraries)
    if(library MATCHES "^FFmpeg::(.*)")
      list(APPEND TRANSNET_PC_REQUIRES lib${CMAKE_MATCH_1})
    elseif(DEFINED pkg_config_name_${library})
      list(APPEND TRANSNET_PC_REQUIRES ${pkg_config_name_${library}})
    elseif(NOT library MATCHES "^(Eigen3::Eigen|Threads::Threads|${CMAKE_DL_LIBS})$")
      message(FATAL_ERROR "transnet.pc would lack ${library}: name it in TransnetInstall.cmake")
    endif()
  endforeach()
  set(TRANSNET_PC_LIBS -lstdc++ -lpthread)
  foreach(library IN LISTS CMAKE_DL_LIBS)
    list(APPEND TRANSNET_PC_LIBS -l${library})
  endforeach()
  if(NOT TRANSNET_IS_STATIC)
    set(TRANSNET_PC_REQUIRES)
    set(TRANSNET_PC_LIBS)
  endif()
  list(JOIN TRANSNET_PC_REQUIRES " " TRANSNET_PC_REQUIRES)
  list(JOIN TRANSNET_PC_LIBS " " TRANSNET_PC_LIBS)
  file(RELATIVE_PATH TRANSNET_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/transnet.pc.in" "${work_dir}/transnet.pc" @ONLY)

  set_target_properties(${target} PROPERTIES EXPORT_NAME transnet)
  if(COMMAND transnet_set_runpath)
    transnet_set_runpath(${target} ${CMAKE_INSTALL_LIBDIR})
  endif()
  install(TARGETS ${target} EXPORT ${target}_targets ${library_rules})
  install(EXPORT ${target}_targets FILE transnetTargets.cmake NAMESPACE transnet:: DESTINATION ${package_dir} ${dev})
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/transnet" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${dev}
    PATTERN clip_cutter.hpp EXCLUDE)
  file(GLOB find_modules "${PROJECT_SOURCE_DIR}/cmake/Find*.cmake")
  install(FILES
    "${work_dir}/transnetConfig.cmake"
    "${PROJECT_BINARY_DIR}/package/transnetConfigVersion.cmake"
    "${PROJECT_BINARY_DIR}/package/transnetDependencies.cmake"
    ${find_modules}
    DESTINATION ${package_dir} ${dev})
  install(FILES "${work_dir}/transnet.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig ${dev})
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR} ${runtime})
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR} ${dev})
  if(NOT TRANSNET_HAS_CUT)
    return()
  endif()

  set_target_properties(${cut_target} PROPERTIES EXPORT_NAME cut)
  if(COMMAND transnet_set_runpath)
    transnet_set_runpath(${cut_target} ${CMAKE_INSTALL_LIBDIR})
  endif()
  install(TARGETS ${cut_target} EXPORT ${cut_target}_targets ${library_rules})
  install(EXPORT ${cut_target}_targets FILE transnetCutTargets.cmake NAMESPACE transnet:: DESTINATION ${package_dir} ${dev})
  install(FILES "${PROJECT_SOURCE_DIR}/include/transnet/clip_cutter.hpp"
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/transnet ${dev})
  configure_file("${PROJECT_SOURCE_DIR}/cmake/transnet-cut.pc.in" "${work_dir}/transnet-cut.pc" @ONLY)
  install(FILES "${work_dir}/transnet-cut.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig ${dev})
endfunction()

if(TRANSNET_INSTALL)
  transnet_install("")
  if(transnet_has_torch)
    # A program need not be linked with it: the library loads it. One library serves both types of the others.
    install(TARGETS transnet_torch_backend EXPORT transnet_torch_targets
      LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT torch NAMELINK_COMPONENT dev)
    install(EXPORT transnet_torch_targets FILE transnetTorchTargets.cmake NAMESPACE transnet::
      DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/transnet COMPONENT dev)
    install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT torch)
  endif()
endif()
