// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/library_file.hpp"
#include "media/encoder.hpp"
#include "media/ffmpeg.hpp"
#include "transnet/ffmpeg_info.hpp"

extern "C" {
#include <libavutil/avutil.h>
}

namespace transnet::inline TRANSNET_ABI {
namespace {

std::string version_text(unsigned version) {
  return std::to_string(AV_VERSION_MAJOR(version)) + "." + std::to_string(AV_VERSION_MINOR(version)) + "." +
         std::to_string(AV_VERSION_MICRO(version));
}

}  // namespace

std::vector<LibraryInfo> ffmpeg_libraries() {
  using base::library_file;
  return {{"FFmpeg", av_version_info(), {}},
          {"libavformat", version_text(avformat_version()), library_file(&avformat_version)},
          {"libavcodec", version_text(avcodec_version()), library_file(&avcodec_version)},
          {"libavfilter", version_text(avfilter_version()), library_file(&avfilter_version)},
          {"libavutil", version_text(avutil_version()), library_file(&avutil_version)}};
}

std::string decoder_of(std::string_view codec) {
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get_by_name(std::string(codec).c_str());
  if (descriptor == nullptr) return "";
  const AVCodec* decoder = avcodec_find_decoder(descriptor->id);
  // FFmpeg's own AV1 decoder leaves all work to a graphics card.
  const bool needs_hardware =
      decoder != nullptr && (descriptor->id == AV_CODEC_ID_AV1 && std::string_view(decoder->name) == "av1");
  return decoder == nullptr || needs_hardware ? "" : decoder->name;
}

std::vector<std::string> video_encoders() { return media::encoder_names(AVMEDIA_TYPE_VIDEO); }

std::vector<std::string> audio_encoders() { return media::encoder_names(AVMEDIA_TYPE_AUDIO); }

bool has_encoder(std::string_view name) { return avcodec_find_encoder_by_name(std::string(name).c_str()) != nullptr; }

}  // namespace transnet::inline TRANSNET_ABI
