# SPDX-License-Identifier: Apache-2.0
# The installed package: libraries, headers, CMake package, pkg-config files.
include(CMakePackageConfigHelpers)

# The package has the same dependencies as the build, each required only if the consumer requires transnet.
foreach(dependencies IN ITEMS TransnetCoreDependencies TransnetDependencies)
  file(READ "${PROJECT_SOURCE_DIR}/cmake/${dependencies}.cmake" _dependencies)
  string(REGEX REPLACE "find_package\\(([^)]*) REQUIRED" "find_dependency(\\1" _dependencies "${_dependencies}")
  string(REPLACE "Transnet" "transnet" dependencies "${dependencies}")
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/package/${dependencies}.cmake" CONTENT "${_dependencies}" @ONLY)
endforeach()
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/transnetConfigVersion.cmake"
  COMPATIBILITY ${transnet_compatibility})

# The headers of transnet::core, and the one of transnet::cut. All others belong to transnet::transnet.
set(transnet_core_headers abi border_snap clips decision_options error evaluation export frames model_file networks
  predictions profile published_weights runtime_info scene_rows scenes shot_model shot_stream status time_span timeline
  uuid version video_metadata windows)
list(TRANSFORM transnet_core_headers PREPEND "${PROJECT_SOURCE_DIR}/include/transnet/")
list(TRANSFORM transnet_core_headers APPEND .hpp)
list(APPEND transnet_core_headers "${PROJECT_SOURCE_DIR}/include/transnet/transnet.h")
set(transnet_cut_headers "${PROJECT_SOURCE_DIR}/include/transnet/clip_cutter.hpp")
file(GLOB transnet_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/transnet/*.hpp")
list(REMOVE_ITEM transnet_headers ${transnet_core_headers} ${transnet_cut_headers})

# transnet_install_library(TARGET EXPORT TARGETS_FILE HEADERS PKG_CONFIG): one library as transnet::<EXPORT>, its headers and its
# pkg-config file. Uses the variables of transnet_install.
macro(transnet_install_library target export targets_file headers pkg_config)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${export})
  if(COMMAND transnet_set_runpath)
    transnet_set_runpath(${target} ${CMAKE_INSTALL_LIBDIR})
  endif()
  install(TARGETS ${target} EXPORT ${target}_targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} ${dev}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ${runtime} ${namelink}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} ${runtime})
  install(EXPORT ${target}_targets FILE ${targets_file}.cmake NAMESPACE transnet:: DESTINATION ${package_dir} ${dev})
  install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/transnet ${dev})
  configure_file("${PROJECT_SOURCE_DIR}/cmake/${pkg_config}.pc.in" "${work_dir}/${pkg_config}.pc" @ONLY)
  install(FILES "${work_dir}/${pkg_config}.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig ${dev})
endmacro()

# transnet_install(SUFFIX [PREFIX PREFIX]): installs the targets of `transnet_add_libraries` as transnet::core,
# transnet::transnet and transnet::cut. The component `runtime` holds the files for running a program linked with the shared
# libraries, `dev` the files for building one; `torch`, `command` and `libtorch` are defined elsewhere. With a PREFIX before
# their names, a plain installation leaves the components out: the tests install the other type of the libraries that way.
function(transnet_install suffix)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PREFIX" "")
  set(runtime COMPONENT ${arg_PREFIX}runtime)
  set(dev COMPONENT ${arg_PREFIX}dev)
  set(namelink NAMELINK_COMPONENT ${arg_PREFIX}dev)
  if(arg_PREFIX)
    list(APPEND runtime EXCLUDE_FROM_ALL)
    list(APPEND dev EXCLUDE_FROM_ALL)
  endif()
  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/transnet)
  set(work_dir "${CMAKE_CURRENT_BINARY_DIR}/package/transnet${suffix}")
  get_target_property(type transnet_core${suffix} TYPE)

  # transnetConfig.cmake
  set(TRANSNET_IS_STATIC OFF)
  if(type STREQUAL STATIC_LIBRARY)
    set(TRANSNET_IS_STATIC ON)
  endif()
  set(TRANSNET_HAS_TORCH OFF)
  if(transnet_has_torch AND NOT arg_PREFIX)
    set(TRANSNET_HAS_TORCH ON)
  endif()
  set(TRANSNET_HAS_MEDIA OFF)
  set(TRANSNET_MISSING_FOR_CUT MEDIA)
  if(TRANSNET_BUILD_MEDIA)
    set(TRANSNET_HAS_MEDIA ON)
    set(TRANSNET_MISSING_FOR_CUT CUT)
  endif()
  set(TRANSNET_HAS_CUT OFF)
  if(TRANSNET_BUILD_CUT)
    set(TRANSNET_HAS_CUT ON)
  endif()
  configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/transnetConfig.cmake.in" "${work_dir}/transnetConfig.cmake"
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)

  # The pkg-config files: a shared library loads its dependencies itself. A static one lists them as public requirements
  # instead of private ones: `pkg-config --static` would also add the static dependencies of FFmpeg.
  set(TRANSNET_PC_REQUIRES)
  set(TRANSNET_PC_LIBS)
  if(TRANSNET_IS_STATIC)
    set(TRANSNET_PC_LIBS -lstdc++ -lm -lpthread)
    foreach(library IN LISTS CMAKE_DL_LIBS)
      list(APPEND TRANSNET_PC_LIBS -l${library})
    endforeach()
  endif()
  if(TRANSNET_IS_STATIC AND TRANSNET_HAS_MEDIA)
    set(pkg_config_name_CURL::libcurl libcurl)
    get_target_property(libraries transnet${suffix} LINK_LIBRARIES)
    foreach(library IN LISTS libraries)
      if(library MATCHES "^FFmpeg::(.*)")
        list(APPEND TRANSNET_PC_REQUIRES lib${CMAKE_MATCH_1})
      elseif(DEFINED pkg_config_name_${library})
        list(APPEND TRANSNET_PC_REQUIRES ${pkg_config_name_${library}})
      elseif(NOT library MATCHES "^(transnet_core${suffix}|Eigen3::Eigen|Threads::Threads|${CMAKE_DL_LIBS})$")
        message(FATAL_ERROR "transnet.pc would lack ${library}: name it in TransnetInstall.cmake")
      endif()
    endforeach()
  endif()
  list(JOIN TRANSNET_PC_REQUIRES " " TRANSNET_PC_REQUIRES)
  list(JOIN TRANSNET_PC_LIBS " " TRANSNET_PC_LIBS)
  file(RELATIVE_PATH TRANSNET_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")

  set(package_files
    "${work_dir}/transnetConfig.cmake"
    "${PROJECT_BINARY_DIR}/package/transnetConfigVersion.cmake"
    "${PROJECT_BINARY_DIR}/package/transnetCoreDependencies.cmake")
  transnet_install_library(transnet_core${suffix} core transnetCoreTargets "${transnet_core_headers}" transnet-core)
  if(TRANSNET_HAS_MEDIA)
    transnet_install_library(transnet${suffix} transnet transnetTargets "${transnet_headers}" transnet)
    file(GLOB find_modules "${PROJECT_SOURCE_DIR}/cmake/Find*.cmake")
    list(APPEND package_files "${PROJECT_BINARY_DIR}/package/transnetDependencies.cmake" ${find_modules})
  endif()
  if(TRANSNET_HAS_CUT)
    transnet_install_library(transnet_cut_library${suffix} cut transnetCutTargets "${transnet_cut_headers}" transnet-cut)
  endif()
  install(FILES ${package_files} DESTINATION ${package_dir} ${dev})
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR} ${runtime})
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR} ${dev})
endfunction()

if(TRANSNET_INSTALL)
  transnet_install("")
  if(transnet_has_torch)
    # A program need not link the backend: the library loads it. One backend serves both types of the libraries.
    install(TARGETS transnet_torch_backend EXPORT transnet_torch_targets
      LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT torch NAMELINK_COMPONENT dev)
    install(EXPORT transnet_torch_targets FILE transnetTorchTargets.cmake NAMESPACE transnet::
      DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/transnet COMPONENT dev)
    install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT torch)
  endif()
endif()
