// SPDX-License-Identifier: Apache-2.0
#include "cut/audio_format.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
}

#include <array>
#include <cstdint>
#include <new>
#include <span>

namespace transnet::media {

namespace {

/// The surround channels of AC-3 and DTS are at the sides. AAC has a number for the layouts in which they are at the
/// back, and describes others in a way that most players do not read.
std::uint64_t layout_of_aac(std::uint64_t layout) noexcept {
  if (layout == AV_CH_LAYOUT_5POINT0) return AV_CH_LAYOUT_5POINT0_BACK;
  return layout == AV_CH_LAYOUT_5POINT1 ? AV_CH_LAYOUT_5POINT1_BACK : layout;
}

}  // namespace

#if TRANSNET_FFMPEG_HAS_CHANNEL_LAYOUTS
namespace {

struct Layout {
  AVChannelLayout value{};
  explicit Layout(const AVChannelLayout& from) {
    if (from.order == AV_CHANNEL_ORDER_UNSPEC) {
      av_channel_layout_default(&value, from.nb_channels);
    } else if (av_channel_layout_copy(&value, &from) < 0) {
      throw std::bad_alloc();
    }
  }
  ~Layout() { av_channel_layout_uninit(&value); }
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;

  [[nodiscard]] std::string text() const {
    std::array<char, 256> text{};
    av_channel_layout_describe(&value, text.data(), text.size());
    return text.data();
  }
};

#if TRANSNET_FFMPEG_CODECS_ARE_ASKED
std::span<const AVChannelLayout> layouts_of(const AVCodec& codec) {
  const void* values = nullptr;
  int count = 0;
  const int result = avcodec_get_supported_config(nullptr, &codec, AV_CODEC_CONFIG_CHANNEL_LAYOUT, 0, &values, &count);
  if (result < 0 || values == nullptr) return {};
  return {static_cast<const AVChannelLayout*>(values), static_cast<std::size_t>(count)};
}
#else
std::span<const AVChannelLayout> layouts_of(const AVCodec& codec) {
  std::size_t count = 0;
  while (codec.ch_layouts != nullptr && codec.ch_layouts[count].nb_channels != 0) ++count;
  return {codec.ch_layouts, count};
}
#endif

/// `From`: a frame or an encoder.
template <typename From>
void copy_channels(const From& from, AVFrame& to) {
  if (av_channel_layout_copy(&to.ch_layout, &from.ch_layout) < 0) throw std::bad_alloc();
}

}  // namespace

int channel_count(const AVFrame& frame) noexcept { return frame.ch_layout.nb_channels; }
int channel_count(const AVCodecContext& encoder) noexcept { return encoder.ch_layout.nb_channels; }

void set_channels(const AVCodecParameters& from, AVCodecContext& encoder) {
  Layout wanted(from.ch_layout);
  if (encoder.codec->id == AV_CODEC_ID_AAC && wanted.value.order == AV_CHANNEL_ORDER_NATIVE) {
    wanted.value.u.mask = layout_of_aac(wanted.value.u.mask);
  }
  const AVChannelLayout* best = nullptr;
  for (const AVChannelLayout& layout : layouts_of(*encoder.codec)) {
    const bool is_same = av_channel_layout_compare(&layout, &wanted.value) == 0;
    const bool fits = layout.nb_channels <= wanted.value.nb_channels;
    if (is_same || best == nullptr || (fits && layout.nb_channels > best->nb_channels)) best = &layout;
    if (is_same) break;
  }
  if (av_channel_layout_copy(&encoder.ch_layout, best != nullptr ? best : &wanted.value) < 0) throw std::bad_alloc();
}

std::string channel_text(const AVFrame& frame) { return Layout(frame.ch_layout).text(); }
std::string channel_text(const AVCodecContext& encoder) { return Layout(encoder.ch_layout).text(); }

#else
namespace {

std::uint64_t layout_or_default(std::uint64_t layout, int channels) {
  return layout != 0 ? layout : static_cast<std::uint64_t>(av_get_default_channel_layout(channels));
}

std::string mask_text(std::uint64_t layout) { return std::to_string(layout); }

template <typename From>
void copy_channels(const From& from, AVFrame& to) {
  to.channel_layout = from.channel_layout;
  to.channels = from.channels;
}

}  // namespace

int channel_count(const AVFrame& frame) noexcept { return frame.channels; }
int channel_count(const AVCodecContext& encoder) noexcept { return encoder.channels; }

void set_channels(const AVCodecParameters& from, AVCodecContext& encoder) {
  const std::uint64_t given = layout_or_default(from.channel_layout, from.channels);
  const std::uint64_t wanted = encoder.codec->id == AV_CODEC_ID_AAC ? layout_of_aac(given) : given;
  std::uint64_t best = 0;
  for (const auto* layout = encoder.codec->channel_layouts; layout != nullptr && *layout != 0; ++layout) {
    const int channels = av_get_channel_layout_nb_channels(*layout);
    const bool fits = channels <= from.channels && channels > av_get_channel_layout_nb_channels(best);
    if (*layout == wanted || best == 0 || fits) best = *layout;
    if (*layout == wanted) break;
  }
  encoder.channel_layout = best != 0 ? best : wanted;
  encoder.channels = av_get_channel_layout_nb_channels(encoder.channel_layout);
}

std::string channel_text(const AVFrame& frame) {
  return mask_text(layout_or_default(frame.channel_layout, frame.channels));
}
std::string channel_text(const AVCodecContext& encoder) { return mask_text(encoder.channel_layout); }

#endif

namespace {

template <typename From>
void make_samples_of(int format, const From& from, int sample_count, AVFrame& to) {
  to.format = format;
  to.sample_rate = from.sample_rate;
  to.nb_samples = sample_count;
  copy_channels(from, to);
  if (av_frame_get_buffer(&to, 0) < 0) throw std::bad_alloc();
}

}  // namespace

void make_samples(const AVFrame& from, int sample_count, AVFrame& to) {
  make_samples_of(from.format, from, sample_count, to);
}

void make_samples(const AVCodecContext& encoder, int sample_count, AVFrame& to) {
  make_samples_of(encoder.sample_fmt, encoder, sample_count, to);
}

}  // namespace transnet::media
