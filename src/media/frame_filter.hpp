// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "media/ffmpeg.hpp"
#include "media/picture_filter.hpp"
#include "scale/picture_scaler.hpp"

namespace transnet::media {

/// Makes frames of decoded pictures, with the bytes of `PictureFilter`. Where it can, it uses the project's own scaler,
/// which takes a fraction of the time: whenever a property of the pictures changes, pictures of noise and the first
/// real one go through both, and only if all bytes are equal the next ones go through the own scaler alone.
class FrameFilter {
 public:
  /// `scale`: the options of libavfilter's filter of that name. `may_use_own_scaler`: they ask for 48x27 and bicubic.
  /// `threads`: of libavfilter; 0 = FFmpeg's choice. `stream` must outlive the filter.
  FrameFilter(const AVStream& stream, std::string scale, int threads, bool may_use_own_scaler)
      : stream_(stream), filter_(stream, std::move(scale), threads), may_use_own_scaler_(may_use_own_scaler) {}

  /// `rgb` has the size of a scaled picture. @throws as PictureFilter::apply
  void apply(const AVFrame& picture, std::span<std::uint8_t> rgb);

  /// As `PictureFilter::check`.
  void check(const AVFrame& picture) { filter_.check(picture); }

  /// Whether the last picture went through the own scaler or was equal in both.
  [[nodiscard]] bool uses_own_scaler() const noexcept { return scaler_.has_value(); }

 private:
  /// The properties of pictures that may change how libavfilter scales them.
  struct Input {
    int format = AV_PIX_FMT_NONE;
    int width = 0;
    int height = 0;
    int aspect_numerator = 0;
    int aspect_denominator = 0;
    int color_space = 0;
    int color_range = 0;
    int chroma_location = 0;
    bool has_display_matrix = false;

    bool operator==(const Input&) const = default;
  };

  [[nodiscard]] Input input_of(const AVFrame& picture) const;
  void filter(const AVFrame& picture, std::span<std::uint8_t> rgb);
  /// The own scaler, if one gives the same bytes for pictures of noise like `picture`.
  [[nodiscard]] std::optional<scale::PictureScaler> proven_scaler(const AVFrame& picture);

  const AVStream& stream_;
  PictureFilter filter_;
  bool may_use_own_scaler_;
  int proofs_ = 0;
  Input input_;
  std::optional<scale::PictureScaler> scaler_;
};

}  // namespace transnet::media
