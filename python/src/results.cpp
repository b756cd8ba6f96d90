// SPDX-License-Identifier: Apache-2.0
#include "results.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "decision/video_metadata_fields.hpp"
#include "transnet/error.hpp"

namespace transnet::python {
namespace {

nb::object to_python(const std::optional<Failure>& failure) {
  if (!failure) return nb::none();
  nb::dict result;
  result["code"] = text(to_string(failure->code));
  result["message"] = file_text(failure->message);
  return result;
}

nb::list to_python(const std::vector<std::string>& texts) {
  nb::list result;
  for (const auto& line : texts) result.append(file_text(line));
  return result;
}

template <typename Value>
nb::object to_python(const std::optional<Value>& value) {
  return value ? nb::cast(*value) : nb::none();
}

nb::list to_python(const std::vector<AudioStream>& streams) {
  nb::list result;
  for (const auto& [stream, channels, sample_rate_hz] : streams) {
    nb::dict one;
    one["stream"] = stream;
    one["channels"] = channels;
    one["sample_rate_hz"] = sample_rate_hz;
    result.append(one);
  }
  return result;
}

nb::dict times_of(const TimeSpan& span) {
  nb::dict result;
  result["start_frame"] = span.start_frame;
  result["end_frame"] = span.end_frame;
  result["start_s"] = span.start_s;
  result["end_s"] = span.end_s;
  return result;
}

nb::object part_of(const std::optional<TimeSpan>& part) { return part ? nb::object(times_of(*part)) : nb::none(); }

nb::dict to_python(const HeadSummary& summary) {
  nb::dict result;
  result["peak"] = summary.peak;
  result["mean"] = summary.mean;
  return result;
}

nb::dict to_python(const BorderSnapCounts& snapped) {
  nb::dict result;
  result["moved"] = snapped.moved;
  result["elsewhere"] = snapped.elsewhere;
  return result;
}

nb::list spans_of(const std::vector<TimeSpan>& spans) {
  nb::list result;
  for (const auto& span : spans) result.append(times_of(span));
  return result;
}

nb::dict to_python(const Score& score) {
  nb::dict result;
  result["truth"] = score.truth;
  result["found"] = score.found;
  result["matched"] = score.matched;
  result["pairs"] = score.pairs;
  result["missed"] = score.missed();
  result["wrong"] = score.wrong();
  result["precision"] = score.precision();
  result["recall"] = score.recall();
  result["f1"] = score.f1();
  result["iou"] = to_python(score.iou());
  result["mean_start_error"] = to_python(score.mean_start_error());
  result["mean_end_error"] = to_python(score.mean_end_error());
  return result;
}

Status status_of(const std::string& name) {
  if (const auto status = parse_status(name)) return *status;
  throw Error(ErrorCode::invalid_argument, "status is '" + name + "'");
}

ErrorCode code_of(const std::string& name) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    if (name == to_string(static_cast<ErrorCode>(code))) return static_cast<ErrorCode>(code);
  }
  throw Error(ErrorCode::invalid_argument, "code is '" + name + "'");
}

[[noreturn]] void refuse_type(const char* name, const char* expected, nb::handle value) {
  const auto shown = nb::cast<std::string>(nb::repr(value));
  throw nb::type_error((std::string(name) + " must be " + expected + ", not " + shown).c_str());
}

template <typename Value>
constexpr const char* kind_of() {
  if constexpr (std::same_as<Value, bool>) return "True or False";
  if constexpr (std::same_as<Value, std::string>) return "text";
  return std::integral<Value> ? "a whole number" : "a number";
}

/// @throws TypeError that names the attribute.
template <typename Value>
Value field_of(nb::handle object, const char* name) {
  const nb::object value = object.attr(name);
  Value field{};
  if (!nb::try_cast(value, field)) refuse_type(name, kind_of<Value>(), value);
  return field;
}

/// The bytes of a text, in which surrogates stand for bytes that are not UTF-8.
std::string bytes_of(nb::handle value, const char* name) {
  if (!nb::isinstance<nb::str>(value)) refuse_type(name, "text", value);
  const auto encoded = nb::steal(PyUnicode_EncodeFSDefault(value.ptr()));
  if (!encoded.is_valid()) nb::raise_python_error();
  const auto bytes = nb::borrow<nb::bytes>(encoded);
  return {bytes.c_str(), bytes.size()};
}

template <typename Value>
void read(nb::handle object, const char* name, std::optional<Value>& field) {
  const nb::object value = object.attr(name);
  if (!value.is_none()) field = field_of<Value>(object, name);
}

void read(nb::handle object, const char* name, std::vector<AudioStream>& field) {
  for (const nb::handle one : object.attr(name)) {
    const auto number = [&one](const char* part) { return field_of<std::int64_t>(one, part); };
    field.push_back({number("stream"), number("channels"), number("sample_rate_hz")});
  }
}

VideoMetadata metadata_of(nb::handle object) {
  VideoMetadata metadata;
  for_each_field(metadata, [&object](const char* name, auto& field) { read(object, name, field); });
  return metadata;
}

}  // namespace

nb::dict to_python(const VideoMetadata& metadata) {
  nb::dict result;
  for_each_field(metadata, [&result](const char* name, const auto& field) { result[name] = to_python(field); });
  return result;
}

nb::dict to_python(const Transition& transition) {
  nb::dict result = times_of(transition);
  result["kind"] = text(to_string(transition.kind));
  result["single"] = to_python(transition.single);
  result["many_hot"] = transition.many_hot ? nb::object(to_python(*transition.many_hot)) : nb::none();
  return result;
}

nb::dict to_python(const VideoClips& clips) {
  nb::list transitions;
  for (const auto& transition : clips.transitions) transitions.append(to_python(transition));
  nb::list spans;
  for (const auto& clip : clips.clips) {
    nb::dict span = times_of(clip);
    span["uuid"] = text(clip.uuid.to_string());
    span["source_video"] = file_text(clip.source_video);
    spans.append(span);
  }
  nb::dict result;
  result["video"] = file_text(clips.video);
  result["status"] = text(to_string(clips.status));
  result["failure"] = to_python(clips.failure);
  result["frame_count"] = clips.frame_count;
  result["framerate"] = clips.framerate;
  result["is_constant_rate"] = clips.is_constant_rate;
  result["duration_s"] = clips.duration_s;
  result["origin_s"] = clips.origin_s;
  result["start_s"] = clips.start_s;
  result["analysed"] = part_of(clips.analysed);
  result["transitions"] = transitions;
  result["scenes"] = spans_of(clips.scenes);
  result["shots"] = spans_of(clips.shots);
  result["clips"] = spans;
  result["warnings"] = to_python(clips.warnings);
  result["metadata"] = to_python(clips.metadata);
  result["snapped"] = clips.snapped ? nb::object(to_python(*clips.snapped)) : nb::none();
  return result;
}

nb::dict to_python(VideoPredictions&& predictions) {
  const Timeline& timeline = predictions.timeline;
  std::vector<double> starts_s;
  starts_s.reserve(static_cast<std::size_t>(timeline.frame_count()));
  for (std::int64_t frame = 0; frame < timeline.frame_count(); ++frame) starts_s.push_back(timeline.start_s(frame));
  nb::dict result;
  result["video"] = file_text(predictions.video);
  result["framerate"] = timeline.framerate();
  result["is_constant_rate"] = timeline.is_constant_rate();
  result["starts_s"] = nb::cast(to_numpy(std::move(starts_s)));
  result["last_duration_s"] = timeline.last_duration_s();
  result["origin_s"] = timeline.origin_s();
  result["tick_s"] = timeline.tick_s();
  result["status"] = text(to_string(predictions.status));
  result["failure"] = to_python(predictions.failure);
  result["warnings"] = to_python(predictions.warnings);
  result["metadata"] = to_python(predictions.metadata);
  result["analysed"] = part_of(predictions.analysed);
  const bool has_many_hot = !predictions.many_hot.empty() || predictions.single.empty();
  result["single"] = nb::cast(to_numpy(std::move(predictions.single)));
  result["many_hot"] = has_many_hot ? nb::cast(to_numpy(std::move(predictions.many_hot))) : nb::none();
  return result;
}

nb::dict to_python(const Evaluation& evaluation) {
  nb::dict result;
  result["all"] = to_python(evaluation.all);
  result["cut"] = to_python(evaluation.cut);
  result["gradual"] = to_python(evaluation.gradual);
  result["uncertain"] = evaluation.uncertain;
  result["missed"] = nb::cast(evaluation.missed);
  result["wrong"] = nb::cast(evaluation.wrong);
  return result;
}

VideoPredictions predictions_of(nb::handle object) {
  const auto framerate = field_of<double>(object, "framerate");
  const auto origin_s = field_of<double>(object, "origin_s");
  std::vector<float> single = floats_of(object.attr("single"), "single").values;
  nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu> starts;
  const nb::object starts_s =
      nb::module_::import_("numpy").attr("ascontiguousarray")(object.attr("starts_s"), "float64");
  if (!nb::try_cast(starts_s, starts) || starts.size() != single.size()) {
    throw Error(ErrorCode::bad_shape, "starts_s and single must have one value for each frame");
  }
  auto timeline = field_of<bool>(object, "is_constant_rate")
                      ? Timeline::constant_rate(framerate, static_cast<std::int64_t>(single.size()), origin_s)
                      : Timeline::from_starts(framerate, {starts.data(), starts.data() + starts.size()},
                                              field_of<double>(object, "last_duration_s"), origin_s,
                                              field_of<double>(object, "tick_s"));
  VideoPredictions predictions{.video = bytes_of(object.attr("video"), "video"), .timeline = std::move(timeline)};
  predictions.single = std::move(single);
  const nb::object many_hot = object.attr("many_hot");
  if (!many_hot.is_none()) predictions.many_hot = floats_of(many_hot, "many_hot").values;
  predictions.status = status_of(field_of<std::string>(object, "status"));
  const nb::object failure = object.attr("failure");
  if (!failure.is_none()) {
    predictions.failure =
        Failure{code_of(field_of<std::string>(failure, "code")), bytes_of(failure.attr("message"), "message")};
  }
  for (const nb::handle warning : object.attr("warnings"))
    predictions.warnings.push_back(bytes_of(warning, "a warning"));
  predictions.metadata = metadata_of(object.attr("metadata"));
  const nb::object analysed = object.attr("analysed");
  if (!analysed.is_none()) {
    predictions.analysed =
        TimeSpan{field_of<std::int64_t>(analysed, "start_frame"), field_of<std::int64_t>(analysed, "end_frame"),
                 field_of<double>(analysed, "start_s"), field_of<double>(analysed, "end_s")};
  }
  return predictions;
}

}  // namespace transnet::python
