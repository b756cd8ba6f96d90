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
#include "transnet/shot_model.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The options of `ClipExtractor`. Those of NeMo Curator's `TransNetV2ClipExtractionStage` have its names and defaults:
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
  std::filesystem::path model_dir;  ///< folder that holds the weights; empty = the user's cache folder
  std::filesystem::path weights;    ///< a `.pth` or TorchScript file to use instead of model_dir; empty = model_dir
  DecisionOptions decision;
  DecodeOptions decode;  ///< of videos that are given by their paths
  /// The network sees every n-th frame, and its answer holds from there to the next one that it sees: for frame rates
  /// above those of films. Frame numbers and times stay those of the video; a hard cut is a transition of n frames
  /// then, one of which is the last of its shot. 1 = every frame
  int frame_step = 1;
  ShotModelOptions model;
  bool verbose = false;  ///< log the counts
  std::string name = "transnetv2_clip_extraction";
  LogCallback log;  ///< receives warnings, and the counts where verbose
};

/// Checks the ranges; returns the warnings of `validate(options.decision)`.
/// @throws Error(invalid_argument) that names the option and its value.
TRANSNET_API std::vector<std::string> validate(const ClipExtractorOptions& options);

}  // namespace transnet::inline TRANSNET_ABI
