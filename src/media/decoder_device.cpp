// SPDX-License-Identifier: Apache-2.0
#include "media/decoder_device.hpp"

#include <algorithm>
#include <new>

#include "transnet/error.hpp"

namespace transnet::media {
namespace {

/// "cuda:1": the second device of the type cuda.
struct DeviceName {
  std::string type;
  std::string device;  // empty: the first
};

DeviceName device_name(const std::string& decoder) {
  const auto colon = decoder.find(':');
  return {decoder.substr(0, colon), colon == std::string::npos ? "" : decoder.substr(colon + 1)};
}

AVHWDeviceType device_type(const AVCodecContext& context) {
  if (context.hw_device_ctx == nullptr) return AV_HWDEVICE_TYPE_NONE;
  return reinterpret_cast<const AVHWDeviceContext*>(context.hw_device_ctx->data)->type;
}

/// The format of pictures in the memory of a device of this type, or none if the codec has no decoder for it.
AVPixelFormat device_format(const AVCodec& codec, AVHWDeviceType type) {
  for (int i = 0;; ++i) {
    const AVCodecHWConfig* config = avcodec_get_hw_config(&codec, i);
    if (config == nullptr) return AV_PIX_FMT_NONE;
    if (config->device_type == type && (config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) != 0) {
      return config->pix_fmt;
    }
  }
}

/// The format of the chosen device if the decoder offers it, otherwise its first format in main memory.
AVPixelFormat choose_format(AVCodecContext* context, const AVPixelFormat* formats) noexcept {
  const AVHWDeviceType type = device_type(*context);
  const AVPixelFormat wanted = type == AV_HWDEVICE_TYPE_NONE ? AV_PIX_FMT_NONE : device_format(*context->codec, type);
  const AVPixelFormat* end = formats;
  while (*end != AV_PIX_FMT_NONE) ++end;
  if (wanted != AV_PIX_FMT_NONE && std::find(formats, end, wanted) != end) return wanted;
  return *std::find_if(formats, end, [](AVPixelFormat format) {
    return (av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_HWACCEL) == 0;
  });
}

}  // namespace

bool names_device(const std::string& decoder) noexcept { return decoder != "auto" && decoder != "cpu"; }

void check_decoder(const std::string& decoder) {
  if (!names_device(decoder)) return;
  if (av_hwdevice_find_type_by_name(device_name(decoder).type.c_str()) != AV_HWDEVICE_TYPE_NONE) return;
  std::string known = "auto, cpu";
  for (auto type = AV_HWDEVICE_TYPE_NONE; (type = av_hwdevice_iterate_types(type)) != AV_HWDEVICE_TYPE_NONE;) {
    known += std::string(", ") + av_hwdevice_get_type_name(type);
  }
  throw Error(ErrorCode::invalid_argument, "decoder \"" + decoder + "\" is unknown; this FFmpeg knows " + known);
}

void choose_decoder(AVCodecContext& context, const std::string& decoder) {
  context.get_format = choose_format;
  if (!names_device(decoder)) return;
  const auto [type_name, device] = device_name(decoder);
  const AVHWDeviceType type = av_hwdevice_find_type_by_name(type_name.c_str());
  if (device_format(*context.codec, type) == AV_PIX_FMT_NONE) return;
  AVDictionary* options = nullptr;
  // One context for a card, which LibTorch then shares.
  if (type == AV_HWDEVICE_TYPE_CUDA) av_dict_set(&options, "primary_ctx", "1", 0);
  const int result =
      av_hwdevice_ctx_create(&context.hw_device_ctx, type, device.empty() ? nullptr : device.c_str(), options, 0);
  av_dict_free(&options);
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (result < 0) {
    throw Error(ErrorCode::unsupported, "the decoder \"" + decoder +
                                            "\" cannot be used: FFmpeg finds no such device, or "
                                            "its driver is missing (" +
                                            error_text(result) + ")");
  }
}

bool bring_to_main_memory(AVFrame& picture) {
  if (picture.hw_frames_ctx == nullptr) return false;
  const FramePtr copy = make_frame();
  int result = av_hwframe_transfer_data(copy.get(), &picture, 0);
  if (result >= 0) result = av_frame_copy_props(copy.get(), &picture);
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (result < 0) {
    throw Error(ErrorCode::unsupported, "a picture cannot be copied out of the device's memory: " + error_text(result));
  }
  av_frame_unref(&picture);
  av_frame_move_ref(&picture, copy.get());
  return true;
}

}  // namespace transnet::media
