// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "media/ffmpeg.hpp"

/// Copies the properties of containers other than packets from a video to a clip.
namespace transnet::media {

/// Copies the tags of the file that are also true of a part of it.
void copy_metadata(const AVFormatContext& from, AVFormatContext& to);

/// Copies the chapters that overlap [start_us, end_us) of the video, on the clip's clock.
void copy_chapters(const AVFormatContext& from, AVFormatContext& to, std::int64_t start_us, std::int64_t end_us);

/// Copies language, title, disposition, rotation, aspect and HDR data: all properties that do not depend on the
/// encoding.
void copy_stream_properties(const AVStream& from, AVStream& to);

/// Copies rotation and HDR data from a picture if the stream lacks them, because an encoder may drop them.
void keep_picture_properties(const AVFrame& picture, AVStream& to);

/// Copies the properties and the codec's parameters, for a stream with copied packets.
void copy_stream(const AVStream& from, const AVFormatContext& container, AVStream& to);

}  // namespace transnet::media
