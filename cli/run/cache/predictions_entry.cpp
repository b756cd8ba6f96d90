// SPDX-License-Identifier: Apache-2.0
#include "run/cache/predictions_entry.hpp"

#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/is_probability.hpp"
#include "decision/video_metadata_fields.hpp"
#include "formats/json_text.hpp"
#include "run/cache/sealed_entry.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

constexpr std::string_view predictions_kind = "transnet.predictions/1";

template <typename T>
void add(const char* name, const std::optional<T>& field, Json& json) {
  if (field) json[name] = *field;
}

void add(const char* name, const std::vector<transnet::AudioStream>& streams, Json& json) {
  if (streams.empty()) return;
  auto& array = json[name] = Json::array();
  for (const auto& [stream, channels, sample_rate_hz] : streams) {
    array.push_back({{"stream", stream}, {"channels", channels}, {"sample_rate_hz", sample_rate_hz}});
  }
}

Json to_json(const transnet::VideoMetadata& metadata) {
  Json json = Json::object();
  transnet::for_each_field(metadata, [&json](const char* name, const auto& field) { add(name, field, json); });
  return json;
}

/// A number that is too large for the integer is an error.
template <typename T>
T get_integer(const Json& json) {
  if (!json.is_number_integer()) throw transnet::Error(transnet::ErrorCode::invalid_argument, "not a whole number");
  return json.get<T>();
}

void parse(const Json& json, std::int64_t& value) { value = get_integer<std::int64_t>(json); }
void parse(const Json& json, double& value) { json.get_to(value); }
void parse(const Json& json, std::string& value) { json.get_to(value); }

template <typename T>
void parse(const Json& json, std::optional<T>& field) {
  parse(json, field.emplace());
}

void parse(const Json& json, std::vector<transnet::AudioStream>& streams) {
  if (!json.is_array()) throw transnet::Error(transnet::ErrorCode::invalid_argument, "not an array");
  for (const auto& one : json) {
    const auto number = [&one](const char* name) { return get_integer<std::int64_t>(one.at(name)); };
    streams.push_back({number("stream"), number("channels"), number("sample_rate_hz")});
  }
}

transnet::VideoMetadata parse_metadata(const Json& json) {
  transnet::VideoMetadata metadata;
  transnet::for_each_field(metadata, [&json](const char* name, auto& field) {
    if (const auto found = json.find(name); found != json.end()) parse(*found, field);
  });
  return metadata;
}

bool is_finite(const std::optional<double>& value) { return !value || std::isfinite(*value); }

std::optional<transnet::TimeSpan> parse_part(const Json& header, const transnet::Timeline& timeline) {
  const auto found = header.find("analysed");
  if (found == header.end()) return std::nullopt;
  const auto start = get_integer<std::int64_t>(found->at(0));
  const auto end = get_integer<std::int64_t>(found->at(1));
  if (start < 0 || start >= end || end > timeline.frame_count()) {
    throw transnet::Error(transnet::ErrorCode::invalid_argument, "not a part of the video");
  }
  return transnet::TimeSpan{start, end, timeline.start_s(start), timeline.start_s(end)};
}

/// The header before the arrays.
Json make_header(const std::string& key, const transnet::VideoPredictions& predictions) {
  const auto& timeline = predictions.timeline;
  Json header = entry_header(key);
  header.update({{"video", predictions.video},
                 {"frame_count", predictions.single.size()},
                 {"has_many_hot", !predictions.many_hot.empty()},
                 {"is_constant_rate", timeline.is_constant_rate()},
                 {"framerate", timeline.framerate()},
                 {"last_duration_s", timeline.last_duration_s()},
                 {"tick_s", timeline.tick_s()},
                 {"origin_s", timeline.origin_s()},
                 {"warnings", predictions.warnings},
                 {"metadata", to_json(predictions.metadata)}});
  if (const auto& part = predictions.analysed) header["analysed"] = {part->start_frame, part->end_frame};
  return header;
}

std::optional<transnet::VideoPredictions> parse_entry(const OpenedEntry& entry, const std::string& video) {
  const auto& header = entry.header;
  auto numbers = entry.numbers;
  const auto frame_count = get_integer<std::uint64_t>(header.at("frame_count"));
  const bool has_many_hot = header.at("has_many_hot").get<bool>();
  const bool is_constant_rate = header.at("is_constant_rate").get<bool>();
  const auto frame_bytes = (has_many_hot ? 2 : 1) * sizeof(float) + (is_constant_rate ? 0 : sizeof(double));
  if (frame_count > numbers.size() || numbers.size() != frame_count * frame_bytes) return std::nullopt;

  const auto framerate = header.at("framerate").get<double>();
  const auto origin_s = header.at("origin_s").get<double>();
  auto single = take_numbers<float>(frame_count, numbers);
  auto many_hot = take_numbers<float>(has_many_hot ? frame_count : 0, numbers);
  if (!transnet::are_probabilities(single) || !transnet::are_probabilities(many_hot)) return std::nullopt;
  auto timeline = is_constant_rate
                      ? transnet::Timeline::constant_rate(framerate, static_cast<std::int64_t>(frame_count), origin_s)
                      : transnet::Timeline::from_starts(framerate, take_numbers<double>(frame_count, numbers),
                                                        header.at("last_duration_s").get<double>(), origin_s,
                                                        header.at("tick_s").get<double>());
  const auto analysed = parse_part(header, timeline);
  return transnet::VideoPredictions{.video = video,
                                    .single = std::move(single),
                                    .many_hot = std::move(many_hot),
                                    .timeline = std::move(timeline),
                                    .status = transnet::Status::complete,
                                    .failure = std::nullopt,
                                    .warnings = header.at("warnings").get<std::vector<std::string>>(),
                                    .metadata = parse_metadata(header.at("metadata")),
                                    .analysed = analysed};
}

}  // namespace

std::string encode_predictions(const std::string& key, const transnet::VideoPredictions& predictions) {
  const auto& metadata = predictions.metadata;
  // JSON cannot hold numbers that are not finite.
  if (!is_finite(metadata.framerate) || !is_finite(metadata.duration)) return "";
  std::string numbers;
  append_numbers(std::span(predictions.single), numbers);
  append_numbers(std::span(predictions.many_hot), numbers);
  const auto& timeline = predictions.timeline;
  if (!timeline.is_constant_rate()) {
    std::vector<double> starts_s;
    for (std::int64_t frame = 0; frame < timeline.frame_count(); ++frame) starts_s.push_back(timeline.start_s(frame));
    append_numbers(std::span<const double>(starts_s), numbers);
  }
  return seal_entry(predictions_kind, make_header(key, predictions), numbers);
}

std::optional<transnet::VideoPredictions> decode_predictions(std::string_view bytes, const std::string& key,
                                                             const std::string& video) {
  try {
    const auto entry = open_entry(bytes, predictions_kind, key);
    return entry ? parse_entry(*entry, video) : std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const transnet::Error&) {  // for example, invalid values for a timeline
    return std::nullopt;
  }
}

}  // namespace command
