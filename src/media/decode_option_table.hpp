// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>

#include "base/option_table.hpp"
#include "base/thread_count.hpp"
#include "transnet/abi.hpp"
#include "transnet/decode_options.hpp"

namespace transnet::inline TRANSNET_ABI {

inline constexpr OptionRange limit_range{is_length, "a number, 0 (off) or more"};

template <>
struct OptionTable<Limits> {
  static constexpr auto fields(const Limits& limits) {
    const auto& [max_stall_s, max_time_s, max_picture_memory_gb, max_pixels, max_spool_gb] = limits;
    return std::tie(max_stall_s, max_time_s, max_picture_memory_gb, max_pixels, max_spool_gb);
  }

  static constexpr std::tuple rows{
      OptionRow<Limits, double>{"max_stall_s", &Limits::max_stall_s, Affects::failures,
                                "Longest time without data from a pipe, seconds; 0 = no limit", limit_range},
      OptionRow<Limits, double>{"max_time_s", &Limits::max_time_s, Affects::failures,
                                "Longest time for a whole video, seconds; 0 = no limit", limit_range},
      // A video that exceeds one of these ends early, with results for the frames before.
      OptionRow<Limits, double>{"max_picture_memory_gb", &Limits::max_picture_memory_gb, Affects::predictions,
                                "Memory for decoded pictures, GB; 0 = no limit", limit_range},
      OptionRow<Limits, std::int64_t>{"max_pixels", &Limits::max_pixels, Affects::predictions,
                                      "Most pixels of one picture; 0 = no limit", limit_range},
      OptionRow<Limits, double>{"max_spool_gb", &Limits::max_spool_gb, Affects::failures,
                                "Longest pipe that is kept on disk, GB; 0 = no limit", limit_range},
  };
};

inline constexpr std::array timing_words{
    OptionWord<Timing>{"presentation", Timing::presentation},
    OptionWord<Timing>{"constant-rate", Timing::constant_rate},
};

template <>
struct OptionTable<DecodeOptions> {
  static constexpr auto fields(const DecodeOptions& options) {
    const auto& [timing, threads, stream, framerate, fast, decoder, limits, spool_dir, start_s, end_s, margin_frames] =
        options;
    return std::tie(timing, threads, stream, framerate, fast, decoder, limits, spool_dir, start_s, end_s,
                    margin_frames);
  }

  static constexpr std::tuple rows{
      OptionRow<DecodeOptions, Timing>{
          "timing",
          &DecodeOptions::timing,
          Affects::predictions,
          "Take every frame once at its own time, or repeat and drop frames to fit a constant rate",
          {},
          timing_words},
      OptionRow<DecodeOptions, int>{
          "threads",
          &DecodeOptions::threads,
          Affects::nothing,
          "",
          {[](double value) { return value >= 0.0 && value <= base::most_threads; }, "0 (as FFmpeg chooses) to 1024"}},
      OptionRow<DecodeOptions, std::optional<int>>{
          "stream", &DecodeOptions::stream, Affects::predictions,
          "Stream to decode, numbered as by ffprobe (default: the best video stream)"},
      OptionRow<DecodeOptions, double>{
          "framerate",
          &DecodeOptions::framerate,
          Affects::predictions,
          "Frames per second of images, which state no rate; 0 = 25",
          {[](double value) { return value == 0.0 || (value >= 0.001 && value <= 10000.0); },
           "0 (25), or between 0.001 and 10000"}},
      OptionRow<DecodeOptions, bool>{"fast_decode", &DecodeOptions::fast, Affects::predictions,
                                     "Decode and scale faster, with slightly different pictures"},
      OptionRow<DecodeOptions, std::string>{
          "decoder", &DecodeOptions::decoder, Affects::predictions,
          "Decode on the processor (auto, cpu) or by a device that FFmpeg knows, such as cuda or vaapi, or cuda:1"},
      OptionRow<DecodeOptions, Limits>{"limits", &DecodeOptions::limits, Affects::predictions, ""},
      OptionRow<DecodeOptions, std::filesystem::path>{
          "spool_dir", &DecodeOptions::spool_dir, Affects::nothing,
          "Folder for a pipe with an MP4 file whose index is at its end (default: the system's for temporary files)"},
      OptionRow<DecodeOptions, double>{"start_s",
                                       &DecodeOptions::start_s,
                                       Affects::predictions,
                                       "",
                                       {is_length, "0 (the first frame) or more seconds"}},
      OptionRow<DecodeOptions, double>{"end_s",
                                       &DecodeOptions::end_s,
                                       Affects::predictions,
                                       "",
                                       {is_length, "0 (the end of the video) or more seconds"}},
      OptionRow<DecodeOptions, std::int64_t>{"margin_frames",
                                             &DecodeOptions::margin_frames,
                                             Affects::nothing,
                                             "",
                                             {[](double value) { return value >= 0.0; }, "0 or more frames"}},
  };
};

}  // namespace transnet::inline TRANSNET_ABI
