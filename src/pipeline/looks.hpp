// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "pipeline/second_look.hpp"
#include "transnet/abi.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/frames.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The network's looks at the frames of one video: always a first one, and a second one on demand.
class Looks {
 public:
  /// `model` needs a many-hot head for a second look. @throws Error(unsupported) otherwise.
  Looks(const std::shared_ptr<const ShotModel>& model, const ShotStreamOptions& options, bool second_look);

  /// Takes the answers of looks that were broken off. @throws as `ShotStream::resume`.
  void resume(NetworkAnswers answers);

  void push(std::span<const std::uint8_t> frame);

  [[nodiscard]] bool has_second() const noexcept { return second_.has_value(); }
  /// As `ShotStream::answered_frames`, of the first look.
  [[nodiscard]] std::int64_t answered_frames() const noexcept { return first_.answered_frames(); }

  /// Ends the video. Returns the answers for all frames.
  [[nodiscard]] ShotProbabilities finish();
  /// The answers so far, for a caller that needs no more, or for `resume`. A second look has not corrected them.
  [[nodiscard]] NetworkAnswers take();

 private:
  ShotStream first_;
  std::optional<SecondLook> second_;
};

}  // namespace transnet::inline TRANSNET_ABI
