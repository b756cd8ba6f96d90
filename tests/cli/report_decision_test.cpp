// SPDX-License-Identifier: Apache-2.0
// The page of the report decides as the library does: its script runs in a browser on thousands of cases, and
// find_clips answers them, too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "decision/decision_option_table.hpp"
#include "support/browser.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clips.hpp"
#include "transnet/scenes.hpp"

namespace transnet::test {
namespace {

using Json = nlohmann::json;

struct Case {
  VideoPredictions predictions{.video = "v.mp4", .single = {}, .many_hot = {}, .timeline = Timeline(25.0)};
  DecisionOptions options;
  BorderSnap snap;
};

/// Cases where rounding, strictness and empty results matter.
class Cases {
 public:
  Case next() {
    Case result;
    const auto frame_count = pick(std::vector<std::size_t>{1, 2, 3, 17, 60, 200});
    result.options.threshold = pick(std::vector<double>{0.0, 0.1, 0.3, 0.4, 0.5, 0.7, 1.0, real(0.0, 1.0)});
    result.predictions.single = probabilities(frame_count, result.options.threshold);
    result.options.many_hot_threshold =
        pick(std::vector<double>{1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.1, 0.5, real(0.0, 1.0)});
    if (chance(0.7)) {
      const double at = chance(0.5) ? 0.1 : result.options.many_hot_threshold;
      result.predictions.many_hot = probabilities(frame_count, at);
    }
    const double framerate = pick(
        std::vector<double>{1.0, 12.5, 24000.0 / 1001, 25.0, 30000.0 / 1001, 30.0, 59.94, 1000.0, real(0.3, 90.0)});
    result.predictions.timeline = chance(0.5)
                                      ? Timeline::constant_rate(framerate, static_cast<std::int64_t>(frame_count))
                                      : stamped(framerate, frame_count);
    const double duration_s = static_cast<double>(frame_count) / framerate;
    result.options.min_length_s = length(framerate, duration_s);
    result.options.max_length_s = length(framerate, duration_s);
    result.options.crop_s = length(framerate, duration_s / 8);
    result.options.max_length_mode = chance(0.5) ? MaxLengthMode::stride : MaxLengthMode::truncate;
    result.options.entire_scene_as_clip = chance(0.7);
    result.options.limit_clips = pick(std::vector<std::int64_t>{-1, -1, 0, 1, 2, 5});
    const auto words = transition_frames_words;
    result.options.transition_frames = pick(std::vector(words.begin(), words.end())).value;
    result.options.top = pick(std::vector<std::int64_t>{0, 0, 0, 1, 2, 5, 1000});
    result.options.min_shot_s = chance(0.5) ? 0.0 : length(framerate, duration_s);
    const auto fates = short_shots_words;
    result.options.short_shots = pick(std::vector(fates.begin(), fates.end())).value;
    if (chance(0.3)) analyse_part(result.predictions);
    if (chance(0.5)) return result;
    result.snap.within_frames = pick(std::vector<std::int64_t>{0, 1, 3, 12, 500});
    const double density = pick(std::vector<double>{0.01, 0.1, 0.5, 1.0});
    for (std::int64_t frame = 0; frame < static_cast<std::int64_t>(frame_count) + 3; ++frame) {
      if (chance(density)) result.snap.frames.push_back(frame);
    }
    return result;
  }

 private:
  bool chance(double probability) { return std::bernoulli_distribution(probability)(random_); }
  double real(double from, double to) { return std::uniform_real_distribution(from, to)(random_); }

  template <typename T>
  T pick(const std::vector<T>& choices) {
    return choices[std::uniform_int_distribution<std::size_t>(0, choices.size() - 1)(random_)];
  }

  /// Some at the threshold itself and its neighbours in single precision, in runs.
  std::vector<float> probabilities(std::size_t count, double threshold) {
    const auto at = static_cast<float>(threshold);
    const std::vector<float> special{at, std::nextafter(at, 0.0F), std::nextafter(at, 1.0F), 0.0F, 1.0F};
    const double noise = real(0.0, 1.0);
    std::vector<float> values;
    while (values.size() < count) {
      const float value = chance(noise) ? static_cast<float>(real(0.0, 1.0)) : pick(special);
      const auto length = pick(std::vector<std::size_t>{1, 1, 2, 3, 9, 30});
      for (std::size_t i = 0; i < length && values.size() < count; ++i) values.push_back(value);
    }
    return values;
  }

  /// The frames outside of the part have no probability.
  void analyse_part(VideoPredictions& predictions) {
    const auto frame_count = std::ssize(predictions.single);
    const auto start = std::uniform_int_distribution<std::int64_t>(0, frame_count - 1)(random_);
    const auto end = std::uniform_int_distribution<std::int64_t>(start + 1, frame_count)(random_);
    for (auto* head : {&predictions.single, &predictions.many_hot}) {
      if (head->empty()) continue;
      std::fill(head->begin(), head->begin() + start, 0.0F);
      std::fill(head->begin() + end, head->end(), 0.0F);
    }
    predictions.analysed = TimeSpan{start, end, predictions.timeline.start_s(start), predictions.timeline.start_s(end)};
  }

  /// Frames that last as long as they like, some for ages.
  Timeline stamped(double framerate, std::size_t count) {
    Timeline timeline(framerate);
    double time_s = real(-5.0, 5.0);
    for (std::size_t frame = 0; frame < count; ++frame) {
      const double duration_s = pick(std::vector<double>{1.0, 1.0, 0.5, 2.0, 7.3, 40.0, real(0.01, 3.0)}) / framerate;
      timeline.push(time_s, chance(0.9) ? duration_s : 0.0);
      time_s += duration_s;
    }
    return timeline;
  }

  double length(double framerate, double duration_s) {
    const auto frames = static_cast<double>(pick(std::vector<int>{1, 2, 3, 7, 10, 29, 59}));
    return pick(std::vector<double>{0.0, 0.0, frames / framerate, std::nextafter(frames / framerate, 0.0),
                                    real(0.0, duration_s), real(0.0, 0.2 * duration_s), 0.28, 0.5, 2.0, 1e-9, 1e300});
  }

  std::mt19937_64 random_{20200811};
};

std::string word_of(TransitionFrames value) {
  return std::string(std::ranges::find(transition_frames_words, value, &OptionWord<TransitionFrames>::value)->text);
}

std::string word_of(ShortShots value) {
  return std::string(std::ranges::find(short_shots_words, value, &OptionWord<ShortShots>::value)->text);
}

/// The analysed frames [start, end); null: all.
Json part_of(const VideoPredictions& predictions) {
  const auto& part = predictions.analysed;
  return part ? Json{part->start_frame, part->end_frame} : Json();
}

Json to_json(const Case& one) {
  const auto& timeline = one.predictions.timeline;
  Json starts;
  if (!timeline.is_constant_rate()) {
    for (std::int64_t frame = 0; frame <= timeline.frame_count(); ++frame) starts.push_back(timeline.start_s(frame));
  }
  const auto& options = one.options;
  const auto& many_hot = one.predictions.many_hot;
  return {{"single", one.predictions.single},
          {"manyHot", many_hot.empty() ? Json() : Json(many_hot)},
          {"framerate", timeline.framerate()},
          {"starts", starts},
          {"part", part_of(one.predictions)},
          {"given", one.snap.frames},
          {"options",
           {{"threshold", options.threshold},
            {"minLengthS", options.min_length_s},
            {"maxLengthS", options.max_length_s},
            {"maxLengthMode", options.max_length_mode == MaxLengthMode::stride ? "stride" : "truncate"},
            {"cropS", options.crop_s},
            {"entireSceneAsClip", options.entire_scene_as_clip},
            {"limitClips", options.limit_clips},
            {"transitionFrames", word_of(options.transition_frames)},
            {"manyHotThreshold", options.many_hot_threshold},
            {"top", options.top},
            {"minShotS", options.min_shot_s},
            {"shortShots", word_of(options.short_shots)},
            {"snapFrames", one.snap.within_frames}}}};
}

/// Everything that find_clips decides, in the words of the page.
Json answer_of(const Case& one) {
  VideoClips found;
  try {
    found = find_clips(one.predictions, one.options, one.snap);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument) << error.what();
    return "refused";
  }
  Json transitions = Json::array();
  const auto& part = one.predictions.analysed;
  const std::int64_t first = part ? part->start_frame : 0;
  const std::int64_t end = part ? part->end_frame : std::ssize(one.predictions.single);
  Predictions predictions = Predictions::Zero(end - first);
  const auto summary = [](const HeadSummary& head) { return Json{head.peak, head.mean}; };
  for (const auto& each : found.transitions) {
    transitions.push_back({each.start_frame, each.end_frame - 1, each.start_s, each.end_s, to_string(each.kind),
                           summary(each.single), each.many_hot ? summary(*each.many_hot) : Json()});
    predictions.segment(each.start_frame - first, each.end_frame - each.start_frame).setOnes();
  }
  Json scenes = Json::array();
  for (const auto& row : to_rows(get_scenes(predictions, one.options.entire_scene_as_clip))) {
    const auto start = first + row[0];
    if (std::ranges::find(found.scenes, start, &TimeSpan::start_frame) == found.scenes.end()) continue;  // dropped
    scenes.push_back({start, first + row[1]});
  }
  const auto ranges = [](const auto& spans) {
    Json list = Json::array();
    for (const auto& span : spans) list.push_back({span.start_frame, span.end_frame, span.start_s, span.end_s});
    return list;
  };
  Json scene_frames = Json::array();
  for (const auto& scene : found.scenes) scene_frames.push_back({scene.start_frame, scene.end_frame});
  return {{"transitions", transitions},
          {"scenes", one.snap.frames.empty() ? scenes : Json()},  // given frames move them from their transitions
          {"sceneFrames", scene_frames},
          {"shots", ranges(found.shots)},
          {"clips", ranges(found.clips)},
          {"snapped", found.snapped ? Json{found.snapped->moved, found.snapped->elsewhere} : Json()}};
}

constexpr const char* ask = R"(
  return arguments[0].map(({single, manyHot, framerate, starts, part, given, options}) => {
    const timeline = new Decision.Timeline(framerate, single.length,
                                           starts === null ? null : Float64Array.from(starts), part);
    if (Decision.problemOf(options, timeline) !== null) return "refused";
    const heads = [Float32Array.from(single), manyHot === null ? null : Float32Array.from(manyHot)];
    const found = Decision.decide(...heads, timeline, options, Corrections.none, given);
    const kept = found.shots.flatMap(({pieces}) => pieces.filter(({fate}) => fate === "kept"));
    const agree = kept.length === found.clips.length && kept.every(({startFrame, endFrame, clip}, index) =>
      clip === index && found.clips[index].startFrame === startFrame && found.clips[index].endFrame === endFrame);
    if (!agree) return "the shots tell of other clips";
    const summary = (head) => head === null ? null : [head.peak, head.mean];
    const range = ({startFrame, endFrame, startS, endS}) => [startFrame, endFrame, startS, endS];
    return {
      transitions: found.transitions.map(({firstFrame, lastFrame, startS, endS, kind, single, manyHot}) =>
        [firstFrame, lastFrame, startS, endS, kind, summary(single), summary(manyHot)]),
      scenes: given.length === 0 ? found.scenes : null,
      sceneFrames: found.scenes.map(([start, end]) => [start, Math.min(end + 1, timeline.partEnd)]),
      shots: found.shots.map(range),
      clips: found.clips.map(range),
      snapped: found.snapped === null ? null : [found.snapped.moved, found.snapped.elsewhere],
    };
  });)";

class ReportDecision : public BrowserTest {
 protected:
  void SetUp() override {
    BrowserTest::SetUp();
    if (IsSkipped()) return;
    const std::filesystem::path room = TRANSNET_REPORT_DIR;
    const auto script = read_file(room / "corrections.js") + read_file(room / "decision.js");
    write_file(folder_.path() / "decision.html", "<!doctype html><title>-</title><script>" + script + "</script>");
    browser().open(folder_.path() / "decision.html");
  }

 private:
  TempDir folder_;
};

TEST_F(ReportDecision, IsThatOfFindClips) {
  Cases cases;
  std::size_t refused = 0;
  std::size_t variable = 0;
  std::size_t parts = 0;
  std::size_t clips = 0;
  int moved = 0;
  for (int round = 0; round < 17; ++round) {
    std::vector<Case> batch;
    Json questions = Json::array();
    for (int i = 0; i < 500; ++i) questions.push_back(to_json(batch.emplace_back(cases.next())));
    const Json answers = browser().run(ask, Json::array({questions}));
    ASSERT_EQ(answers.size(), batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const Json expected = answer_of(batch[i]);
      ASSERT_EQ(answers[i], expected) << questions[i].dump();
      if (expected == "refused") {
        ++refused;
        continue;
      }
      if (!batch[i].predictions.timeline.is_constant_rate()) ++variable;
      if (batch[i].predictions.analysed) ++parts;
      clips += expected["clips"].size();
      if (!expected["snapped"].is_null()) moved += expected["snapped"][0].get<int>();
    }
  }
  // The cases are no empty ones.
  EXPECT_GT(refused, 100U);
  EXPECT_GT(variable, 1000U);
  EXPECT_GT(parts, 1000U);
  EXPECT_GT(clips, 3000U);
  EXPECT_GT(moved, 500);
}

TEST_F(ReportDecision, RefusesWhatTheLibraryRefuses) {
  const auto refuses = [this](const std::string& option, const std::string& value) {
    const auto script =
        "const options = {threshold: 0.4, minLengthS: 2, maxLengthS: 10, maxLengthMode: 'stride', cropS: 0.5, "
        "entireSceneAsClip: true, limitClips: -1, transitionFrames: 'none', "
        "manyHotThreshold: 1, top: 0, minShotS: 0, shortShots: 'drop'}; options." +
        option + " = " + value +
        "; return Decision.problemOf(options, new Decision.Timeline(25, 100))?.option ?? null;";
    return browser().run(script) == option;
  };
  for (const char* value : {"-0.01", "1.01", "NaN", "Infinity"}) {
    EXPECT_TRUE(refuses("threshold", value)) << value;
    EXPECT_TRUE(refuses("manyHotThreshold", value)) << value;
  }
  for (const char* option : {"minLengthS", "maxLengthS", "cropS", "minShotS"}) {
    for (const char* value : {"-1", "NaN", "Infinity"}) EXPECT_TRUE(refuses(option, value)) << option << value;
    EXPECT_FALSE(refuses(option, "0")) << option;
  }
  for (const char* option : {"top", "snapFrames"}) {
    for (const char* value : {"-1", "0.5", "NaN", "Infinity"}) EXPECT_TRUE(refuses(option, value)) << option << value;
  }
  EXPECT_TRUE(refuses("maxLengthS", "0.039"));
  EXPECT_FALSE(refuses("maxLengthS", "0.04"));
  EXPECT_FALSE(refuses("threshold", "1"));
}

}  // namespace
}  // namespace transnet::test
