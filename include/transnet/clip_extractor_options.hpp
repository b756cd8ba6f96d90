#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "transnet/export.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/limits.hpp"
#include "transnet/log.hpp"
#include "transnet/scenes.hpp"
#include "transnet/shot_model.hpp"

namespace transnet {

/// What `ClipExtractor` does. The first block has the names and defaults of NeMo Curator's
/// `TransNetV2ClipExtractionStage`.
struct ClipExtractorOptions {
  std::filesystem::path model_dir;  ///< folder that holds the weights; empty = the user's cache folder
  double threshold = 0.4;           ///< a frame is a transition where probability > threshold, 0..1
  double min_length_s = 2.0;        ///< shorter clips are dropped; 0 = off
  double max_length_s = 10.0;       ///< longer scenes are cut down; 0 = off
  MaxLengthMode max_length_mode = MaxLengthMode::stride;
  double crop_s = 0.5;               ///< taken off both ends of a clip; 0 = off
  bool entire_scene_as_clip = true;  ///< a video without a transition is one scene; false: it has none
  double gpu_memory_gb = 10.0;       ///< memory budget on a CUDA device
  std::int64_t limit_clips = -1;     ///< stop once the video holds this many clips; <= 0 = no limit
  bool verbose = false;              ///< log the counts
  std::string name = "transnetv2_clip_extraction";

  std::filesystem::path weights;  ///< a `.pth` or TorchScript file to use instead of model_dir; empty = model_dir
  Device device;                  ///< where the network runs
  Precision precision = Precision::automatic;
  int threads = 0;                       ///< threads of the network on the CPU, see ShotModelOptions; 0 = all cores
  Timing timing = Timing::presentation;  ///< frames and times of a video that is given by its path
  std::optional<int> stream;             ///< the video stream, see FrameDecoderOptions; empty = the best
  bool fast_decode = false;              ///< see FrameDecoderOptions: other bytes, nearly always the same clips
  /// The network sees every n-th frame, and its answer holds from there to the next one that it sees: for frame rates
  /// above those that films have. Frame numbers and times stay those of the video; a hard cut is a transition of n frames
  /// then, one of which is the last of its shot. 1 = every frame
  int frame_step = 1;
  bool absolute_times = false;  ///< spans on the container's own clock; false: from the first frame
  Limits limits;                ///< what one video may cost, where it is given by its path
  LogCallback log;              ///< receives warnings, and the counts where verbose
};

/// Checks the ranges; returns a warning for every combination that is allowed and leaves hardly any clip.
/// @throws Error(invalid_argument) that names the option and its value.
TRANSNET_API std::vector<std::string> validate(const ClipExtractorOptions& options);

}  // namespace transnet
