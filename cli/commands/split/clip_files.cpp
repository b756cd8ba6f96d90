// SPDX-License-Identifier: Apache-2.0
#include "commands/split/clip_files.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/counted.hpp"
#include "commands/split/cut_options.hpp"
#include "cut/usual_ending.hpp"
#include "formats/text.hpp"
#include "io/output.hpp"
#include "run/console.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;
using transnet::Status;

/// The ending that the user has chosen; empty: none.
std::string wanted_ending(const fs::path& video, const ClipFilesRequest& request) {
  if (request.container == own_container) return lower_case_ending(video);
  return request.container.empty() ? "" : "." + request.container;
}

/// The ending that a clip will probably have, as far as the video's name tells: `clip_ending` opens the video.
std::string likely_ending(const fs::path& video, const ClipFilesRequest& request) {
  if (auto wanted = wanted_ending(video, request); !wanted.empty()) return wanted;
  if (request.cut.mode != transnet::CutMode::copy) return transnet::media::usual_ending(video);
  const auto ending = lower_case_ending(video);
  return ending.empty() ? ".mkv" : ending;
}

}  // namespace

ClipFiles::ClipFiles(ClipFilesRequest request, const Inputs& inputs, std::string folder_option, std::string name_option,
                     ProtectedFiles& files)
    : request_(std::move(request)),
      names_(request_.folder, request_.name, inputs,
             [this](const fs::path& video) { return likely_ending(video, request_); }),
      name_option_(std::move(name_option)),
      files_(files) {
  for (const auto& file : names_.first_files()) {
    files_.check_output(file, request_.cut.overwrites, folder_option);
  }
  make_folder(shared_folder(request_.folder));  // the others when they are needed
}

Json ClipFiles::settings() const {
  // The binding makes sure that a new field is either here or named as one without effect.
  const auto& [mode, video_codec, audio_codec, crf, preset, encoder_options, overwrites, decode] = request_.cut;
  static_cast<void>(overwrites);
  static_cast<void>(decode);  // part of the settings that found the clips
  return {{"mode", to_string(mode)},          {"video-codec", video_codec}, {"audio-codec", audio_codec},
          {"crf", crf ? Json(*crf) : Json()}, {"preset", preset},           {"encoder-option", encoder_options},
          {"container", request_.container}};
}

std::string ClipFiles::ending_of(const fs::path& video, const std::stop_token& stop) const {
  return clip_ending(video, request_.cut, wanted_ending(video, request_), stop);
}

std::vector<SplitClip> ClipFiles::cut(std::size_t number, const fs::path& video, const transnet::VideoClips& found,
                                      SpanKind what, const std::string& ending, const transnet::DecodeOptions& decode,
                                      const std::stop_token& stop) const {
  std::vector<transnet::CutRequest> requests;
  auto entries = entries_to_cut(found, what);
  for (const auto& entry : entries) {
    auto file = names_.file(number, requests.size() + 1, entry, ending);
    requests.push_back({{entry.start_frame, entry.end_frame, entry.start_s, entry.end_s}, std::move(file)});
  }
  for (const auto& one : requests) files_.claim(one.file, "clip", name_option_);
  if (!requests.empty()) make_folder(names_.folder(number));
  auto options = request_.cut;
  options.decode = decode;
  auto results = cut_clips(video, requests, options, stop);
  std::vector<SplitClip> clips;
  for (std::size_t i = 0; i < results.size(); ++i) clips.push_back({std::move(entries[i]), std::move(results[i])});
  early_.add(clips);
  return clips;
}

const SplitClip* worst_of(const std::vector<SplitClip>& clips) {
  for (const auto status : {Status::failed, Status::partial}) {
    const auto of_status = [status](const SplitClip& clip) { return clip.cut.status == status; };
    const auto worst = std::ranges::find_if(clips, of_status);
    if (worst != clips.end()) return &*worst;
  }
  return nullptr;
}

void log_warnings(const std::string& video, const std::vector<SplitClip>& clips) {
  std::vector<std::pair<std::string_view, std::size_t>> counts;  // of the clips with a warning, by its text
  for (const auto& clip : clips) {
    for (const auto& warning : clip.cut.warnings) {
      const auto known = std::ranges::find(counts, warning, &std::pair<std::string_view, std::size_t>::first);
      if (known == counts.end()) {
        counts.emplace_back(warning, 1);
      } else {
        ++known->second;
      }
    }
  }
  for (const auto& [warning, count] : counts) {
    log_warning(video, fmt::format("{}: {}", transnet::base::counted(count, "clip"), warning));
  }
}

}  // namespace command
