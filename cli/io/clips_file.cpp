// SPDX-License-Identifier: Apache-2.0
#include "io/clips_file.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/sha256.hpp"
#include "formats/json_text.hpp"
#include "io/open_input.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

using transnet::Error;
using transnet::ErrorCode;

/// One object, an array of them, or one on each line.
std::vector<Json> parse_documents(const std::string& text) {
  if (auto document = Json::parse(text, nullptr, false); !document.is_discarded()) {
    if (document.is_array()) return document.get<std::vector<Json>>();
    return {std::move(document)};
  }
  std::vector<Json> documents;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) documents.push_back(Json::parse(line));
  }
  return documents;
}

transnet::Status status_of(const Json& json) {
  const auto word = json.at("status").get<std::string>();
  for (const auto status : {transnet::Status::complete, transnet::Status::partial}) {
    if (word == to_string(status)) return status;
  }
  return transnet::Status::failed;
}

transnet::VideoClips parse_video(const Json& json) {
  if (json.at("schema") != "transnet.clips/1") throw std::invalid_argument("the schema is not transnet.clips/1");
  transnet::VideoClips video;
  json.at("video").get_to(video.video);
  video.status = status_of(json);
  if (video.status != transnet::Status::complete) {
    video.failure = transnet::Failure{ErrorCode::invalid_media, json.at("error").at("message").get<std::string>()};
  }
  const auto start_s = json.value("start_s", 0.0);
  const auto range = [start_s](const Json& from, auto& to) {
    from.at("start_frame").get_to(to.start_frame);
    from.at("end_frame").get_to(to.end_frame);
    to.start_s = from.at("start_s").get<double>() - start_s;
    to.end_s = from.at("end_s").get<double>() - start_s;
  };
  for (const auto& shot : json.at("shots")) range(shot, video.shots.emplace_back());
  for (const auto& entry : json.at("clips")) {
    auto& clip = video.clips.emplace_back();
    range(entry, clip);
    entry.at("source_video").get_to(clip.source_video);
    clip.uuid = transnet::clip_uuid(clip.source_video, clip.start_frame, clip.end_frame);
  }
  json.at("warnings").get_to(video.warnings);
  return video;
}

}  // namespace

ClipsFile read_clips(const std::filesystem::path& file) {
  auto stream = open_input(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  try {
    ClipsFile clips{.videos = {}, .sha256 = transnet::base::sha256_of(text)};
    for (const auto& document : parse_documents(text)) clips.videos.push_back(parse_video(document));
    return clips;
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::invalid_argument, file.native() + ": not a result of 'transnet clips': " + error.what());
  } catch (const std::invalid_argument& error) {
    throw Error(ErrorCode::invalid_argument, file.native() + ": not a result of 'transnet clips': " + error.what());
  }
}

const transnet::VideoClips& result_of(const std::filesystem::path& video,
                                      const std::vector<transnet::VideoClips>& results, std::size_t video_count) {
  if (video_count == 1 && results.size() == 1) return results.front();
  const auto found = std::ranges::find(results, video.native(), &transnet::VideoClips::video);
  if (found != results.end()) return *found;
  throw Error(ErrorCode::invalid_argument, video.native() + ": not in the file that --clips names");
}

}  // namespace command
