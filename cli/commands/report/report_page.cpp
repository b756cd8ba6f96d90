// SPDX-License-Identifier: Apache-2.0
#include "commands/report/report_page.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "base/sha256.hpp"
#include "commands/report/base64.hpp"
#include "commands/report/page_template.hpp"
#include "formats/clock.hpp"
#include "formats/format.hpp"
#include "formats/json_text.hpp"
#include "formats/made_by.hpp"
#include "formats/media.hpp"
#include "formats/option_values.hpp"
#include "formats/source_json.hpp"
#include "formats/text.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "transnet/error.hpp"
#include "transnet/version.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

template <typename T>
Json known(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json to_json(const transnet::VideoMetadata& metadata) {
  return {{"size", known(metadata.size)},
          {"width", known(metadata.width)},
          {"height", known(metadata.height)},
          {"framerate", known(metadata.framerate)},
          {"num_frames", known(metadata.num_frames)},
          {"duration", known(metadata.duration)},
          {"video_codec", known(metadata.video_codec)},
          {"pixel_format", known(metadata.pixel_format)},
          {"audio_codec", known(metadata.audio_codec)},
          {"bit_rate_k", known(metadata.bit_rate_k)}};
}

/// The options that the page can change. Its times always start at the first frame.
Json decision_values(const transnet::DecisionOptions& options) {
  Json values = option_values(options, transnet::Affects::clips);
  values.erase("absolute_times");
  return values;
}

/// How the page's results are made, for its file of the schema transnet.clips/2. The page knows no elapsed time.
Json made_by_page(const ReportContent& content) {
  auto options = content.options;
  options.decision.absolute_times = false;
  auto facts = made_by(options, content.model_sha256);
  if (!content.snap_file.empty()) facts.options["snap_to"] = content.snap_file;
  Json json = to_json(facts);
  json.erase("elapsed_s");
  return json;
}

/// The options that say which frames a file has, as words of the command line. `split` has these as well.
Json decode_words(const transnet::DecodeOptions& decode) {
  Json words = Json::array();
  if (decode.framerate > 0.0) words.insert(words.end(), {"--framerate", fmt::format("{}", decode.framerate)});
  if (decode.stream) words.insert(words.end(), {"--stream", std::to_string(*decode.stream)});
  return words;
}

/// The words after `transnet split VIDEO --shots FILE`. Null: frames of a constant rate are not for cutting.
Json split_words(const transnet::DecodeOptions& decode) {
  return decode.timing == transnet::Timing::constant_rate ? Json() : decode_words(decode);
}

transnet::Profile profile_of(const transnet::ClipExtractorOptions& options) {
  return options.second_look ? transnet::Profile::accurate : transnet::Profile::reference;
}

/// The networks, as words of the command line.
Json model_words(const transnet::ClipExtractorOptions& options) {
  Json words = Json::array();
  const auto profile = profile_of(options);
  if (profile != transnet::Profile::reference) words.insert(words.end(), {"--profile", to_string(profile)});
  if (options.networks != networks_of(profile)) {
    words.insert(words.end(), {"--model", text_of(transnet::network_words, options.networks)});
  }
  if (!options.model_dir.empty()) words.insert(words.end(), {"--model-dir", options.model_dir.native()});
  if (!options.weights.empty()) words.insert(words.end(), {"--weights", options.weights.native()});
  if (!options.second_weights.empty()) {
    words.insert(words.end(), {"--second-weights", options.second_weights.native()});
  }
  return words;
}

/// The decision that `transnet clips` makes with these words alone. Null: it depends on the file of the weights.
Json decision_of_words(const transnet::ClipExtractorOptions& options) {
  auto decision = transnet::command_defaults<transnet::DecisionOptions>();
  use_profile(profile_of(options), decision);
  decision.threshold = threshold_of(options.networks);
  Json values = decision_values(decision);
  if (!options.weights.empty() && options.networks != transnet::Networks::both) values["threshold"] = nullptr;
  return values;
}

/// The other options that shape results, as words of the command line.
Json run_words(const ReportContent& content) {
  const auto& options = content.options;
  Json words = decode_words(options.decode);
  if (options.decode.timing == transnet::Timing::constant_rate) {
    words.insert(words.end(), {"--timing", "constant-rate"});
  }
  if (options.decode.start_s > 0.0) words.insert(words.end(), {"--start", fmt::format("{}", options.decode.start_s)});
  if (options.decode.end_s > 0.0) words.insert(words.end(), {"--end", fmt::format("{}", options.decode.end_s)});
  if (!content.snap_file.empty()) words.insert(words.end(), {"--snap-to", content.snap_file});
  if (options.decode.fast) words.push_back("--fast-decode");
  if (options.decode.decoder != transnet::DecodeOptions{}.decoder) {
    words.insert(words.end(), {"--decoder", options.decode.decoder});
  }
  if (options.frame_step > 1) words.insert(words.end(), {"--frame-step", std::to_string(options.frame_step)});
  if (options.model.precision == transnet::Precision::bf16) words.insert(words.end(), {"--precision", "bf16"});
  const Json model = model_words(options);
  words.insert(words.end(), model.begin(), model.end());
  return words;
}

/// Times of a video of variable rate: the start of every frame, and the end of the last one.
Json starts_of(const transnet::Timeline& timeline) {
  if (timeline.is_constant_rate()) return nullptr;
  std::vector<double> starts_s;
  for (std::int64_t frame = 0; frame <= timeline.frame_count(); ++frame) starts_s.push_back(timeline.start_s(frame));
  return numbers_to_base64(std::span<const double>(starts_s));
}

/// The analysed frames, [first, end). Null: all.
Json part_of(const transnet::VideoPredictions& predictions) {
  if (!predictions.analysed) return nullptr;
  return Json::array({predictions.analysed->start_frame, predictions.analysed->end_frame});
}

Json to_json(const std::vector<Thumbnail>& thumbnails) {
  Json frames = Json::array();
  Json images = Json::array();
  for (const auto& thumbnail : thumbnails) {
    frames.push_back(thumbnail.frame);
    images.push_back(to_base64(thumbnail.jpeg));
  }
  return {{"frames", std::move(frames)},
          {"width", thumbnails.empty() ? 0 : thumbnails.front().width},
          {"height", thumbnails.empty() ? 0 : thumbnails.front().height},
          {"images", std::move(images)}};
}

/// The name of the video in its clips' UUIDs.
std::string clip_source(const std::string& video) {
  // A video of one frame without a transition is one clip.
  const transnet::VideoPredictions one_frame{
      .video = video, .single = {0.0F}, .many_hot = {}, .timeline = transnet::Timeline::constant_rate(1.0, 1)};
  return find_clips(one_frame, {.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0}).clips.at(0).source_video;
}

/// The whole video as one shot in the lists of editing programs, from which the page makes lists of its shots: names,
/// tracks, rate and timecode are the same. Null: no frame.
Json edit_lists(const transnet::VideoPredictions& predictions, const std::string& file) {
  const auto& timeline = predictions.timeline;
  if (timeline.frame_count() == 0) return nullptr;
  transnet::VideoClips whole;
  whole.video = predictions.video;
  whole.frame_count = timeline.frame_count();
  whole.framerate = timeline.framerate();
  whole.is_constant_rate = timeline.is_constant_rate();
  whole.duration_s = timeline.start_s(timeline.frame_count());
  whole.metadata = predictions.metadata;
  whole.shots = {{0, whole.frame_count, 0.0, whole.duration_s}};
  const auto written = [&](const char* name) {
    const auto writer =
        make_clip_writer(*formats_of(name).front(), {.what = SpanKind::shots, .video_count = 1, .columns = {}});
    auto text = writer->add(whole, {.made_by = {}, .columns = {}, .file = file});
    return text += writer->finish();
  };
  return {{"edl", written("x.edl")}, {"otio", Json::parse(written("x.otio"))}};
}

/// The name of this result: of this file, these probabilities and these options.
std::string result_id(const Json& data) {
  Json facts = Json::array();
  for (const auto* name : {"path_base64", "edit_lists", "frame_count", "framerate", "starts_base64", "single_base64",
                           "many_hot_base64", "given_frames", "options", "made_by"}) {
    facts.push_back(data.at(name));
  }
  return transnet::base::sha256_of(to_line(facts));
}

Json data_of(const ReportContent& content) {
  const auto& predictions = content.predictions;
  const fs::path video = predictions.video;
  const auto file = content.file.empty() ? predictions.video : content.file.native();
  const bool has_id = file != predictions.video;  // with dots of its own
  const auto source = clip_source(predictions.video);
  Json data = {{"version", transnet::version()},
               {"video", predictions.video},
               {"name", plain_text(video.filename().native())},
               {"stem", plain_text((has_id ? video.filename() : video.stem()).native())},
               {"path_base64", to_base64(std::string_view(file))},
               {"uuid_name", source},
               {"uuid_name_base64", to_base64(std::string_view(source))},
               {"source", content.source_link.empty() ? Json() : Json(content.source_link)},
               {"status", to_string(predictions.status)},
               {"error", nullptr}};
  if (const auto& failure = predictions.failure) {
    data["error"] = {{"code", to_string(failure->code)}, {"message", failure->message}};
  }
  const auto& timeline = predictions.timeline;
  data["frame_count"] = timeline.frame_count();
  data["framerate"] = timeline.framerate();
  data["origin_s"] = timeline.origin_s();
  data["player_offset_s"] = first_frame_s(ChapterReader::player, timeline.origin_s(), predictions.metadata);
  data["part"] = part_of(predictions);
  data["starts_base64"] = starts_of(timeline);
  data["single_base64"] = numbers_to_base64(std::span<const float>(predictions.single));
  data["many_hot_base64"] =
      predictions.many_hot.empty() ? Json() : Json(numbers_to_base64(std::span<const float>(predictions.many_hot)));
  data["options"] = decision_values(content.options.decision);
  data["defaults"] = decision_of_words(content.options);
  data["given_frames"] = content.snap.frames;
  if (!content.snap_file.empty()) {
    data["options"]["snap_frames"] = content.snap.within_frames;
    data["defaults"]["snap_frames"] = transnet::BorderSnap().within_frames;
  }
  data["run_words"] = run_words(content);
  data["split_words"] = split_words(content.options.decode);
  data["metadata"] = to_json(predictions.metadata);
  data["source_json"] = source_json(predictions.metadata);
  data["made_by"] = made_by_page(content);
  data["edit_lists"] = edit_lists(predictions, has_id ? file : "");
  data["result_id"] = result_id(data);
  data["run"] = Json::array();
  for (const auto& [name, value] : content.run) data["run"].push_back(Json::array({name, value}));
  data["warnings"] = predictions.warnings;
  data["thumbnails"] = to_json(content.thumbnails);
  return data;
}

}  // namespace

std::string report_page(const ReportContent& content) {
  // The page could not show options that it refuses.
  static_cast<void>(find_clips(content.predictions, content.options.decision, content.snap));
  const auto data = to_line(data_of(content));
  const auto page = page_template();
  std::string html(page.before_data);
  html.reserve(page.before_data.size() + data.size() + page.after_data.size() + data.size() / 64);
  // In JSON, this character can only be part of a string. Without it, no string can end the element or begin another.
  for (const char c : data) {
    if (c == '<') {
      html += "\\u003c";
    } else {
      html += c;
    }
  }
  return html.append(page.after_data);
}

std::string relative_link(const fs::path& video, const fs::path& page) {
  // Folders are resolved, so that ".." leads to the right place; the video keeps its given name, because browsers use
  // its ending.
  const auto folder_of = [](const fs::path& file) { return fs::weakly_canonical(fs::absolute(file).parent_path()); };
  const auto link = (folder_of(video) / video.filename()).lexically_relative(folder_of(page));
  return "./" + url_encoded(link.native());
}

}  // namespace command
