// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/decision_options.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/export.hpp"
#include "transnet/log.hpp"
#include "transnet/networks.hpp"
#include "transnet/profile.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The options of `ClipExtractor`. These have the names and defaults of NeMo Curator's `TransNetV2ClipExtractionStage`:
///
///     ClipExtractorOptions{
///         .model_dir = {},
///         .decision = {.threshold = 0.4, .min_length_s = 2.0, .max_length_s = 10.0,
///                      .max_length_mode = MaxLengthMode::stride, .crop_s = 0.5,
///                      .entire_scene_as_clip = true, .limit_clips = -1},
///         .model = {.gpu_memory_gb = 10.0},
///         .verbose = false,
///         .name = "transnetv2_clip_extraction"};
struct ClipExtractorOptions {
  std::filesystem::path model_dir;       ///< folder that holds the weights; empty = as `weights_path`
  std::filesystem::path weights;         ///< `.pth` or TorchScript file to use instead of model_dir; empty = model_dir
  std::filesystem::path second_weights;  ///< the same for the second network of `Networks::both`
  /// The networks whose weights `model_dir` holds. A single network comes from `weights` instead if that is set. Other
  /// networks may need another `decision.threshold`: `threshold_of(networks)` and `recommended_threshold(weights)`.
  Networks networks = Networks::transnetv2;
  DecisionOptions decision;
  DecodeOptions decode;  ///< how videos are read; frames in memory ignore it
  /// The network sees every n-th frame, for frame rates above 30. Its probability holds until the next
  /// frame that it sees. Frame numbers and times still count all frames. A hard cut then becomes a transition of n
  /// frames, one of which is the last of its shot. 1 = every frame
  int frame_step = 1;
  /// Adds slow transitions, which the network sees in every third frame alone, and removes changes after which the
  /// video returns to the picture before, such as flashes. Takes a third of the first network's time. Needs a model
  /// with a many-hot head.
  bool second_look = false;
  ShotModelOptions model;
  bool verbose = false;  ///< log the number of scenes and clips
  std::string name = "transnetv2_clip_extraction";
  LogCallback log;  ///< receives warnings and, with verbose, the counts
};

/// Sets the networks, the thresholds and `second_look` of a profile and leaves the other options as they are.
TRANSNET_API void use_profile(Profile profile, ClipExtractorOptions& options) noexcept;

/// Default options with a profile.
[[nodiscard]] TRANSNET_API ClipExtractorOptions options_of(Profile profile);

/// Checks the ranges; returns the warnings of `validate(options.decision)`.
/// @throws Error(invalid_argument) that names the option and its value.
TRANSNET_API std::vector<std::string> validate(const ClipExtractorOptions& options);

}  // namespace transnet::inline TRANSNET_ABI
