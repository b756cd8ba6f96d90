// SPDX-License-Identifier: Apache-2.0
#include "run/extraction.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "base/assumed_framerate.hpp"
#include "base/counted.hpp"
#include "base/image_sequence.hpp"
#include "formats/option_values.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "run/batch.hpp"
#include "run/console.hpp"
#include "transnet/version.hpp"
#include "transnet/video_input.hpp"

namespace command {
namespace {

void add_options_to(Json& settings, const MadeBy& made_by) {
  for (const auto& [field, value] : made_by.options.items()) settings[word_of(field)] = value;
}

/// A wrong rate makes all times wrong. Asked before the analysis.
std::vector<std::string> warnings_about_rate(const std::filesystem::path& video,
                                             const transnet::DecodeOptions& decode) {
  if (decode.framerate > 0.0 || !transnet::base::is_image_pattern(video)) return {};
  return {fmt::format("images state no frame rate: {} is assumed", transnet::assumed_framerate)};
}

/// Whoever can write into the cache can leave other answers there.
bool fit(const transnet::NetworkAnswers& answers, const transnet::ShotModel& model) {
  const auto fits = [&model](const transnet::ShotProbabilities& look) {
    return look.many_hot.size() == (model.info().has_many_hot ? look.single.size() : 0);
  };
  return fits(answers.first_look) && fits(answers.second_look);
}

}  // namespace

Json extraction_settings(const transnet::ClipExtractorOptions& stage, const std::string& model_sha256) {
  Json settings = {{"version", transnet::version()}, {"model", model_sha256}};
  add_options_to(settings, made_by(stage));
  return settings;
}

Json reading_settings(const transnet::DecodeOptions& decode) {
  Json settings = {{"version", transnet::version()}};
  add_options_to(settings, made_by(decode));
  return settings;
}

transnet::ClipExtractorOptions for_any_threshold(transnet::ClipExtractorOptions stage) {
  auto& precision = stage.model.precision;
  if (precision == transnet::Precision::automatic) precision = transnet::Precision::fp32;
  return stage;
}

Extraction::Extraction(transnet::ClipExtractorOptions stage, LazyModel& model, const std::filesystem::path& cache)
    : stage_(std::move(stage)), model_(model) {
  stage_.log = nullptr;  // the results are logged here
  if (cache.empty()) {
    (void)model_.get();
  } else {
    cache_.emplace(cache, stage_, model_.sha256());
  }
}

transnet::VideoPredictions Extraction::predict(const std::filesystem::path& video, const std::string& name,
                                               const transnet::RunControl& control) {
  const auto key = cache_ ? cache_->key_of(video) : std::nullopt;
  if (auto kept = key ? cache_->find(*key, video) : std::nullopt) {
    if (stage_.verbose) log(transnet::LogLevel::info, name + ": from the cache");
    kept->video = name;
    const auto frames = static_cast<std::int64_t>(kept->single.size());
    if (control.on_progress) control.on_progress({frames, frames, kept->timeline.framerate()});
    return std::move(*kept);
  }
  const auto warnings = warnings_about_rate(video, stage_.decode);
  auto predictions = key ? predict_resumably(*key, video, name, control) : run_network(video, name, control);
  predictions.warnings.insert(predictions.warnings.begin(), warnings.begin(), warnings.end());
  if (key) cache_->keep(*key, video, predictions);
  return predictions;
}

transnet::VideoPredictions Extraction::run_network(const std::filesystem::path& video, const std::string& name,
                                                   const transnet::RunControl& control) {
  return transnet::ClipExtractor(stage_, model_.get()).predict(transnet::VideoInput::of_file(video, name), control);
}

transnet::VideoPredictions Extraction::predict_resumably(const PredictionCache::Key& key,
                                                         const std::filesystem::path& video, const std::string& name,
                                                         const transnet::RunControl& control) {
  auto answers = cache_->find_answers(key);
  if (!fit(answers, *model_.get())) answers = {};
  const auto frames = [&answers] { return transnet::base::counted(std::ssize(answers.first_look.single), "frame"); };
  if (stage_.verbose && !answers.first_look.single.empty()) {
    log(transnet::LogLevel::info, name + ": the answers for " + frames() + " are from the cache");
  }
  auto resumed = control;
  resumed.answers = &answers;
  try {
    return run_network(video, name, resumed);
  } catch (const transnet::Error& error) {
    if (error.code() == transnet::ErrorCode::cancelled && cache_->keep_answers(key, video, answers)) {
      log(transnet::LogLevel::warning,
          name + ": the answers for " + frames() + " are in the cache; the same command continues there");
    }
    throw;
  }
}

transnet::VideoClips Extraction::extract(const std::filesystem::path& video, const std::string& name, SpanKind what,
                                         const transnet::RunControl& control, const transnet::BorderSnap& snap) {
  if (cache_) return clips_of(predict(video, name, control), what, snap);
  const auto warnings = warnings_about_rate(video, stage_.decode);
  auto clips =
      transnet::ClipExtractor(stage_, model_.get()).extract(transnet::VideoInput::of_file(video, name), control, snap);
  clips.warnings.insert(clips.warnings.begin(), warnings.begin(), warnings.end());
  log_result(clips, what, stage_.verbose);
  return clips;
}

transnet::VideoClips Extraction::clips_of(const transnet::VideoPredictions& predictions, SpanKind what,
                                          const transnet::BorderSnap& snap) const {
  auto clips = find_clips(predictions, stage_.decision, snap);
  log_result(clips, what, stage_.verbose);
  return clips;
}

MadeBy Extraction::made_by() const {
  auto facts = command::made_by(stage_, model_.sha256());
  if (!cache_) facts.options["precision"] = to_string(model_.get()->info().precision);
  return facts;
}

}  // namespace command
