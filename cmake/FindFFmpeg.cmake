# SPDX-License-Identifier: Apache-2.0
# FFmpeg's libraries by pkg-config (PKG_CONFIG_PATH names their folder), as imported targets FFmpeg::<component>.
#
# The requested version is FFmpeg's own; each library must have at least its version in that release of FFmpeg.

find_package(PkgConfig REQUIRED)
include(FindPackageHandleStandardArgs)

set(_ffmpeg_avutil_4.4 56.70)
set(_ffmpeg_avcodec_4.4 58.134)
set(_ffmpeg_avformat_4.4 58.76)
set(_ffmpeg_avfilter_4.4 7.110)
set(_ffmpeg_swscale_4.4 5.9)

set(_ffmpeg_reasons "")
set(_ffmpeg_found "")
foreach(_ffmpeg_component IN LISTS FFmpeg_FIND_COMPONENTS)
  set(_ffmpeg_minimum "${_ffmpeg_${_ffmpeg_component}_${FFmpeg_FIND_VERSION}}")
  if(FFmpeg_FIND_VERSION AND NOT _ffmpeg_minimum)
    message(FATAL_ERROR "FindFFmpeg.cmake does not know the version of lib${_ffmpeg_component} in FFmpeg ${FFmpeg_FIND_VERSION}")
  endif()
  # Not cached: the next configuration must respect another PKG_CONFIG_PATH.
  unset(__pkg_config_checked_FFmpeg_${_ffmpeg_component} CACHE)
  pkg_check_modules(FFmpeg_${_ffmpeg_component} QUIET IMPORTED_TARGET lib${_ffmpeg_component})
  if(NOT FFmpeg_${_ffmpeg_component}_FOUND)
    list(APPEND _ffmpeg_reasons "lib${_ffmpeg_component} is missing")
  elseif(FFmpeg_${_ffmpeg_component}_VERSION VERSION_LESS "${_ffmpeg_minimum}")
    list(APPEND _ffmpeg_reasons "lib${_ffmpeg_component} is ${FFmpeg_${_ffmpeg_component}_VERSION} in \
${FFmpeg_${_ffmpeg_component}_LIBDIR} and must be ${_ffmpeg_minimum} or newer")
    set(FFmpeg_${_ffmpeg_component}_FOUND FALSE)
  else()
    list(APPEND _ffmpeg_found "lib${_ffmpeg_component} ${FFmpeg_${_ffmpeg_component}_VERSION}")
    if(NOT TARGET FFmpeg::${_ffmpeg_component})
      add_library(FFmpeg::${_ffmpeg_component} INTERFACE IMPORTED)
      target_link_libraries(FFmpeg::${_ffmpeg_component} INTERFACE PkgConfig::FFmpeg_${_ffmpeg_component})
    endif()
  endif()
endforeach()

list(JOIN _ffmpeg_reasons ", " _ffmpeg_reasons)
list(JOIN _ffmpeg_found ", " _ffmpeg_found)
if(_ffmpeg_reasons)
  string(APPEND _ffmpeg_reasons ". FFmpeg ${FFmpeg_FIND_VERSION} or newer is needed with its headers. PKG_CONFIG_PATH names \
one that lies elsewhere")
endif()
find_package_handle_standard_args(FFmpeg REQUIRED_VARS _ffmpeg_found HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "${_ffmpeg_reasons}")
