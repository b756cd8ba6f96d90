// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "pipeline/return_finder.hpp"
#include "transnet/abi.hpp"
#include "transnet/frames.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The second look sees every third frame of the first one.
inline constexpr int second_look_step = 3;

/// Looks at the frames of a video a second time and corrects the answers of a network: it adds slow transitions, which
/// the network sees in every third frame but not in 100 frames, and removes changes that return.
class SecondLook {
 public:
  /// `model` must have a many-hot head. `first_look`: the options of the stream whose answers will be corrected.
  SecondLook(std::shared_ptr<const ShotModel> model, const ShotStreamOptions& first_look);

  /// As `ShotStream::resume`.
  void resume(ShotProbabilities answers) { thirds_.resume(std::move(answers)); }

  void push(std::span<const std::uint8_t> frame);

  /// The network's answers so far, for `resume`. The second look is over.
  [[nodiscard]] ShotProbabilities take() { return thirds_.take(); }

  /// Corrects the answers for all pushed frames. Ends the video.
  void correct(ShotProbabilities& answers);

 private:
  ShotStream thirds_;
  ReturnFinder returns_;
};

/// The options of a stream whose answers a second look corrects: it compares them with a threshold of its own.
[[nodiscard]] ShotStreamOptions with_second_look(ShotStreamOptions first_look);

/// Adds the slow transitions that `thirds` shows and `answers` lacks. Both are about the same frames.
void add_slow_transitions(const ShotProbabilities& thirds, ShotProbabilities& answers);

}  // namespace transnet::inline TRANSNET_ABI
