// SPDX-License-Identifier: Apache-2.0
#include "media/frame_filter.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <vector>

#include "media/scaler_proof.hpp"
#include "scale/kernel_sets.hpp"
#include "transnet/error.hpp"
#include "transnet/frames.hpp"

namespace transnet::media {
namespace {

// A stream that changes its properties again and again would be proven all the time.
constexpr int most_proofs = 16;

scale::PictureScaler::Planes planes_of(const AVFrame& picture) {
  scale::PictureScaler::Planes planes{};
  for (std::size_t i = 0; i < planes.size(); ++i) planes[i] = {picture.data[i], picture.linesize[i]};
  return planes;
}

}  // namespace

FrameFilter::Input FrameFilter::input_of(const AVFrame& picture) const {
  return {picture.format,
          picture.width,
          picture.height,
          picture.sample_aspect_ratio.num,
          picture.sample_aspect_ratio.den,
          number_of(picture.colorspace),
          number_of(picture.color_range),
          number_of(picture.chroma_location),
          frame_display_matrix(picture) != nullptr || stream_display_matrix(stream_) != nullptr};
}

void FrameFilter::filter(const AVFrame& picture, std::span<std::uint8_t> rgb) {
  const FramePtr copy = clone_frame(picture);
  const AVFrame& scaled = filter_.apply(*copy);
  const int row_bytes = scaled.width * static_cast<int>(frame_channels);
  av_image_copy_plane(rgb.data(), row_bytes, scaled.data[0], scaled.linesize[0], row_bytes, scaled.height);
}

std::optional<scale::PictureScaler> FrameFilter::proven_scaler(const AVFrame& picture) {
  const auto layout = picture_layout(picture);
  if (!layout) return std::nullopt;
  try {
    std::vector<ScaledPicture> truth;
    for (int i = 0; i < 2; ++i) {
      auto& [noise, rgb] = truth.emplace_back(ScaledPicture{noise_picture(picture, *layout, i), {}});
      filter(*noise, rgb);
    }
    const auto& kernels = *scale::chosen_kernel_set().kernels;
    for (const auto& arithmetic : possible_arithmetics(picture)) {
      scale::PictureScaler scaler(*layout, arithmetic, kernels);
      const bool is_equal = std::all_of(truth.begin(), truth.end(), [&](const ScaledPicture& each) {
        std::array<std::uint8_t, frame_bytes> rgb{};
        scaler.scale(planes_of(*each.picture), rgb);
        return rgb == each.rgb;
      });
      if (is_equal) return scaler;
    }
  } catch (const Error&) {  // the picture itself will meet it too
  } catch (const std::bad_alloc&) {
  }
  return std::nullopt;
}

void FrameFilter::apply(const AVFrame& picture, std::span<std::uint8_t> rgb) {
  const Input input = input_of(picture);
  if (input == input_ && scaler_) {
    scaler_->scale(planes_of(picture), rgb.first<frame_bytes>());
    return;
  }
  if (input != input_) {
    input_ = input;
    scaler_.reset();
    if (may_use_own_scaler_ && !input.has_display_matrix && proofs_ < most_proofs) {
      ++proofs_;
      scaler_ = proven_scaler(picture);
    }
  }
  filter(picture, rgb);
  if (!scaler_) return;
  std::array<std::uint8_t, frame_bytes> own{};
  scaler_->scale(planes_of(picture), own);
  if (!std::equal(own.begin(), own.end(), rgb.begin())) scaler_.reset();
}

}  // namespace transnet::media
