// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <optional>
#include <string>
#include <vector>

#include "commands/doctor/media_checks.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/ffmpeg_info.hpp"

namespace command {

std::optional<Check> check_encoders() {
  const transnet::CutOptions defaults;
  Check check{.name = "encoders"};
  std::vector<std::string> missing;
  for (const auto& encoder : {defaults.video_codec, defaults.audio_codec}) {
    const bool is_there = transnet::has_encoder(encoder);
    check.facts[encoder] = is_there;
    if (!is_there) missing.push_back(encoder);
  }
  check.finding = defaults.video_codec + " " + defaults.audio_codec;
  if (missing.empty()) return check;
  check.status = CheckStatus::warning;
  check.finding = fmt::format("no encoder named {}", fmt::join(missing, ", "));
  check.advice = "only 'split' needs encoders: name others with --video-codec and --audio-codec, or use --mode copy";
  return check;
}

}  // namespace command
