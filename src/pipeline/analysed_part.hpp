// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "media/video_part.hpp"
#include "transnet/abi.hpp"
#include "transnet/clips.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/frames.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Chooses the frames that networks must see to answer for a part of a video as they do for all of it.
///
/// Networks see a video in windows, which begin at multiples of `grid_frames` and need some frames before and after
/// them. Frames are passed on from such a multiple on, two or three of them before the part, so that the first windows,
/// which lack the frames before them, answer for no frame of the part.
class AnalysedPart {
 public:
  using Push = std::function<void(std::span<const std::uint8_t> rgb)>;

  /// `frame_step` and `has_second_look` as in `ClipExtractorOptions`.
  AnalysedPart(const DecodeOptions& options, int frame_step, bool has_second_look);

  /// The options for a decoder whose frames `take` gets.
  [[nodiscard]] DecodeOptions decode_options() const;

  /// Takes the next frame of the video. Calls `push` for each frame that the networks must see.
  void take(const Frame& frame, const Push& push);

  /// The number of frames of the part that have an answer, if so many pushed frames have one.
  [[nodiscard]] std::int64_t done_frames(std::int64_t answers) const noexcept;
  /// How many answers of pushed frames complete the part; empty until its end is known.
  [[nodiscard]] std::optional<std::int64_t> needed_answers() const noexcept;

  /// Places the answers for the pushed frames in the whole video, of which `predictions` has everything else.
  /// @throws Error(invalid_argument) if the part has no frame.
  void place(const ShotProbabilities& answers, VideoPredictions& predictions) const;

 private:
  /// The pushed frames before the part.
  [[nodiscard]] std::int64_t lead_frames() const noexcept { return first_ - first_pushed_; }

  DecodeOptions options_;
  std::int64_t grid_frames_;
  std::int64_t lead_grids_;
  media::VideoPart part_;
  std::deque<std::vector<std::uint8_t>> before_;  // the last pictures before the part
  std::int64_t number_ = 0;                       // of the next frame
  std::int64_t first_pushed_ = 0;
  std::int64_t first_ = 0;  // frame of the part
  std::int64_t end_ = 0;    // of the part so far
  bool has_begun_ = false;
  bool has_ended_ = false;
};

}  // namespace transnet::inline TRANSNET_ABI
