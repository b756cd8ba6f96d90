// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "media/ffmpeg.hpp"

/// What containers say beside their packets, on its way from a video to a clip.
namespace transnet::media {

/// Tags of the whole file, without those that are true of the whole file alone.
void copy_metadata(const AVFormatContext& from, AVFormatContext& to);

/// Chapters that lie in [start_us, end_us) of the video at least in part, on the clip's clock.
void copy_chapters(const AVFormatContext& from, AVFormatContext& to, std::int64_t start_us, std::int64_t end_us);

/// Language, title, disposition, rotation, aspect, HDR data: all that holds for a stream whoever has encoded it.
void copy_stream_properties(const AVStream& from, AVStream& to);

/// What pictures say of themselves where the stream does not: rotation and HDR data. An encoder may leave it out.
void keep_picture_properties(const AVFrame& picture, AVStream& to);

/// The same and the codec's parameters, for a stream whose packets are copied.
void copy_stream(const AVStream& from, const AVFormatContext& container, AVStream& to);

}  // namespace transnet::media
