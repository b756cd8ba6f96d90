// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <tuple>

#include "base/option_table.hpp"
#include "decision/decision_option_table.hpp"
#include "media/decode_option_table.hpp"
#include "nn/shot_model_option_table.hpp"
#include "transnet/abi.hpp"
#include "transnet/clip_extractor_options.hpp"

namespace transnet::inline TRANSNET_ABI {

inline constexpr std::array network_words{
    OptionWord<Networks>{published_weights[0].name, Networks::transnetv2},
    OptionWord<Networks>{published_weights[1].name, Networks::autoshot},
    OptionWord<Networks>{"both", Networks::both},
};

template <>
struct OptionTable<ClipExtractorOptions> {
  static auto fields(const ClipExtractorOptions& options) {
    const auto& [model_dir, weights, second_weights, networks, decision, decode, frame_step, second_look, model,
                 verbose, name, log] = options;
    return std::tie(model_dir, weights, second_weights, networks, decision, decode, frame_step, second_look, model,
                    verbose, name, log);
  }

  // The weights change every result: comparisons of results include their sha256 besides the options.
  static constexpr std::tuple rows{
      OptionRow<ClipExtractorOptions, std::filesystem::path>{
          "model_dir", &ClipExtractorOptions::model_dir, Affects::nothing,
          "Folder that holds the weights (default: beside the program, or the user's cache folder)"},
      OptionRow<ClipExtractorOptions, std::filesystem::path>{
          "weights", &ClipExtractorOptions::weights, Affects::nothing, ".pth or TorchScript file to use instead"},
      OptionRow<ClipExtractorOptions, std::filesystem::path>{"second_weights", &ClipExtractorOptions::second_weights,
                                                             Affects::nothing,
                                                             "The same for the second network of '--model both'"},
      OptionRow<ClipExtractorOptions, Networks>{"model",
                                                &ClipExtractorOptions::networks,
                                                Affects::nothing,
                                                "Networks whose published weights to use; both = their mean",
                                                {},
                                                network_words},
      OptionRow<ClipExtractorOptions, DecisionOptions>{"decision", &ClipExtractorOptions::decision, Affects::clips, ""},
      OptionRow<ClipExtractorOptions, DecodeOptions>{"decode", &ClipExtractorOptions::decode, Affects::predictions, ""},
      OptionRow<ClipExtractorOptions, int>{"frame_step",
                                           &ClipExtractorOptions::frame_step,
                                           Affects::predictions,
                                           "The network sees every N-th frame, for high frame rates; 1 = every frame",
                                           {[](double value) { return value >= 1.0; }, "1 (every frame) or more"}},
      OptionRow<ClipExtractorOptions, bool>{"second_look", &ClipExtractorOptions::second_look, Affects::predictions,
                                            ""},
      OptionRow<ClipExtractorOptions, ShotModelOptions>{"model", &ClipExtractorOptions::model, Affects::predictions,
                                                        ""},
      OptionRow<ClipExtractorOptions, bool>{"verbose", &ClipExtractorOptions::verbose, Affects::nothing,
                                            "Log the number of scenes and clips"},
      OptionRow<ClipExtractorOptions, std::string>{"name", &ClipExtractorOptions::name, Affects::nothing, ""},
      OptionRow<ClipExtractorOptions, LogCallback>{"log", &ClipExtractorOptions::log, Affects::nothing, ""},
  };
};

}  // namespace transnet::inline TRANSNET_ABI
