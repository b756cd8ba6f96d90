// SPDX-License-Identifier: Apache-2.0
#include "commands/doctor/media_checks.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/ffmpeg_info.hpp"

namespace command {
namespace {

/// Without these, most videos cannot be read.
constexpr std::array<std::string_view, 2> needed_codecs{"h264", "hevc"};
constexpr std::array<std::string_view, 12> further_codecs{
    "av1", "vp9", "vp8", "mpeg4", "mpeg2video", "mpeg1video", "prores", "dnxhd", "mjpeg", "vc1", "theora", "ffv1"};
constexpr const char* install_advice =
    "install a full FFmpeg (Debian: libavcodec), or point PKG_CONFIG_PATH to one and rebuild";

struct Decoders {
  Json found = Json::object();
  std::vector<std::string> names;
  std::vector<std::string> missing;
};

template <typename Codecs>
void look_for(const Codecs& codecs, Decoders& decoders) {
  for (const auto codec : codecs) {
    const auto decoder = transnet::decoder_of(codec);
    decoders.found[std::string(codec)] = decoder.empty() ? Json() : Json(decoder);
    (decoder.empty() ? decoders.missing : decoders.names).emplace_back(codec);
  }
}

}  // namespace

Check check_ffmpeg() {
  Check check{.name = "ffmpeg"};
  for (const auto& library : transnet::ffmpeg_libraries()) {
    check.finding += (check.finding.empty() ? "" : ", ") + library.name + " " + library.version;
    check.facts[library.name] = {{"version", library.version}, {"file", library.file.native()}};
  }
  return check;
}

Check check_decoders() {
  Decoders decoders;
  look_for(needed_codecs, decoders);
  const bool lacks_needed = !decoders.missing.empty();
  look_for(further_codecs, decoders);

  Check check{.name = "decoders"};
  check.finding = fmt::format("{}", fmt::join(decoders.names, " "));
  check.facts = decoders.found;
  if (decoders.missing.empty()) return check;
  check.status = lacks_needed ? CheckStatus::failed : CheckStatus::warning;
  check.finding += fmt::format("; no decoder for {}", fmt::join(decoders.missing, ", "));
  check.advice = lacks_needed ? install_advice : "videos in these formats fail; a full FFmpeg can read them";
  return check;
}

}  // namespace command
