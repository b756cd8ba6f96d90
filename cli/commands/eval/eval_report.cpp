// SPDX-License-Identifier: Apache-2.0
#include "commands/eval/eval_report.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/counted.hpp"
#include "commands/eval/curve_plot.hpp"
#include "formats/json_text.hpp"
#include "formats/text.hpp"

namespace command {
namespace {

using transnet::Evaluation;
using transnet::Score;

constexpr const char* csv_header =
    "Video,Threshold,Rule,Kind,True,Found,Matched,Precision,Recall,F1,IoU,Start Error (frames),End Error (frames)\n";

struct NamedKind {
  const char* name;
  ScoreMember member;
  ShownKinds shown;
};
constexpr std::array all_kinds = {NamedKind{"all", &Evaluation::all, ShownKinds::all},
                                  NamedKind{"cut", &Evaluation::cut, ShownKinds::cut},
                                  NamedKind{"gradual", &Evaluation::gradual, ShownKinds::gradual}};

std::vector<NamedKind> kinds_of(ShownKinds shown) {
  if (shown == ShownKinds::every) return {all_kinds.begin(), all_kinds.end()};
  return {*std::ranges::find(all_kinds, shown, &NamedKind::shown)};
}

/// A sweep has a row for each threshold, and therefore shows a single kind.
NamedKind kind_of_sweep(ShownKinds shown) { return kinds_of(shown).front(); }

std::string optional_text(const std::optional<double>& value, int decimals, const char* missing) {
  return value ? fmt::format("{:.{}f}", *value, decimals) : missing;
}

constexpr const char* score_header = "  true  found  matched  precision  recall     F1    IoU  start    end";

std::string columns_of(const Score& score) {
  return fmt::format("{:>6} {:>6} {:>8} {:>10.3f} {:>7.3f} {:>6.3f} {:>6} {:>6} {:>6}", score.truth, score.found,
                     score.matched, score.precision(), score.recall(), score.f1(), optional_text(score.iou(), 3, "-"),
                     optional_text(score.mean_start_error(), 1, "-"), optional_text(score.mean_end_error(), 1, "-"));
}

std::string table_of_rules(const ScoresAtThreshold& scores, ShownKinds shown) {
  std::string text = fmt::format("{:<9} {:<7}{}\n", "rule", "kind", score_header);
  for (const auto& [rule, evaluation] : scores.rules) {
    for (const auto& kind : kinds_of(shown)) {
      text += fmt::format("{:<9} {:<7}{}\n", to_string(rule), kind.name, columns_of(evaluation.*kind.member));
    }
  }
  return text;
}

std::string table_of_thresholds(std::span<const ScoresAtThreshold> scores, ShownKinds shown) {
  const auto kind = kind_of_sweep(shown);
  std::string text;
  for (std::size_t rule = 0; rule < scores.front().rules.size(); ++rule) {
    text += fmt::format("{} rule, {}\n{:>9} {}\n", to_string(scores.front().rules[rule].rule), kind.name, "threshold",
                        score_header);
    const auto best = best_of(scores, rule, kind.member);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      text += fmt::format("{:>9.4g} {}{}\n", scores[i].threshold.value_or(0.0),
                          columns_of(scores[i].rules[rule].evaluation.*kind.member), i == best ? "  best F1" : "");
    }
  }
  return text;
}

std::string words_text(const WordCounts& words, const EvaluationRequest& request) {
  // The words of a truth with cuts alone, or with "gradual", repeat the rows.
  const auto is_finer = [](const auto& word) { return word.first != "cut" && word.first != "gradual"; };
  if (!std::ranges::any_of(words, is_finer)) return "";
  std::vector<std::string> parts;
  for (const auto& [word, count] : words) {
    parts.push_back(fmt::format("{} {} of {}", printable(word), count.matched, count.truth));
  }
  return fmt::format("found ({}): {}\n", to_string(request.rules.front()), fmt::join(parts, ", "));
}

std::string table_of(std::span<const ScoresAtThreshold> scores, const WordCounts& words, ShownKinds shown,
                     const EvaluationRequest& request) {
  if (scores.empty()) return "";
  if (is_sweep(scores, request)) return table_of_thresholds(scores, shown);
  return table_of_rules(scores.front(), shown) + words_text(words, request);
}

std::string title_of(const EvaluatedVideo& video) {
  std::string text = printable(video.video) + ": ";
  if (video.status != transnet::Status::complete) return text + std::string(to_string(video.status)) + "\n";
  if (video.frame_count) text += transnet::base::counted(*video.frame_count, "frame") + ", ";
  text += transnet::base::counted(video.truth.transitions.size(), "true transition");
  if (!video.truth.uncertain.empty())
    text += ", " + transnet::base::counted(video.truth.uncertain.size(), "uncertain range");
  return text + "\n";
}

std::string csv_of(const EvaluatedVideo& video, ShownKinds shown) {
  std::string text;
  const auto name = csv_cell(video.video);
  for (const auto& row : video.scores) {
    for (const auto& [rule, evaluation] : row.rules) {
      for (const auto& kind : kinds_of(shown)) {
        const Score& score = evaluation.*kind.member;
        text += fmt::format("{},{},{},{},{},{},{},{:.6f},{:.6f},{:.6f},{},{},{}\n", name,
                            row.threshold ? fmt::format("{}", *row.threshold) : "", to_string(rule), kind.name,
                            score.truth, score.found, score.matched, score.precision(), score.recall(), score.f1(),
                            optional_text(score.iou(), 6, ""), optional_text(score.mean_start_error(), 6, ""),
                            optional_text(score.mean_end_error(), 6, ""));
      }
    }
  }
  return text;
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json to_json(const Score& score) {
  return {{"true", score.truth},
          {"found", score.found},
          {"matched", score.matched},
          {"precision", score.precision()},
          {"recall", score.recall()},
          {"f1", score.f1()},
          {"iou", optional_json(score.iou())},
          {"start_error_frames", optional_json(score.mean_start_error())},
          {"end_error_frames", optional_json(score.mean_end_error())}};
}

Json to_json(std::span<const std::size_t> indices, std::span<const transnet::LabelledTransition> transitions) {
  Json list = Json::array();
  for (const auto index : indices) {
    const auto& transition = transitions[index];
    list.push_back({{"start_frame", transition.start_frame},
                    {"end_frame", transition.end_frame},
                    {"kind", transition.name.empty() ? std::string(to_string(transition.kind)) : transition.name}});
  }
  return list;
}

/// `video`: the one whose mistakes are listed; null = none.
Json to_json(std::span<const ScoresAtThreshold> scores, const EvaluatedVideo* video) {
  Json list = Json::array();
  for (const auto& row : scores) {
    Json rules = Json::array();
    for (const auto& [rule, evaluation] : row.rules) {
      Json one = {{"rule", to_string(rule)}};
      for (const auto& kind : all_kinds) one[kind.name] = to_json(evaluation.*kind.member);
      one["uncertain"] = evaluation.uncertain;
      if (video != nullptr) {
        one["missed"] = to_json(evaluation.missed, video->truth.transitions);
        one["wrong"] = to_json(evaluation.wrong, video->found);
      }
      rules.push_back(std::move(one));
    }
    list.push_back({{"threshold", optional_json(row.threshold)}, {"rules", std::move(rules)}});
  }
  return list;
}

Json to_json(const WordCounts& words) {
  Json json = Json::object();
  for (const auto& [word, count] : words) json[word] = {{"true", count.truth}, {"matched", count.matched}};
  return json;
}

Json best_json(std::span<const ScoresAtThreshold> scores, const EvaluationRequest& request) {
  Json list = Json::array();
  if (!is_sweep(scores, request)) return list;
  for (std::size_t rule = 0; rule < request.rules.size(); ++rule) {
    for (const auto& kind : all_kinds) {
      const auto& best = scores[best_of(scores, rule, kind.member)];
      list.push_back({{"rule", to_string(request.rules[rule])},
                      {"kind", kind.name},
                      {"threshold", optional_json(best.threshold)},
                      {"f1", (best.rules[rule].evaluation.*kind.member).f1()}});
    }
  }
  return list;
}

Json to_json(const EvaluatedVideo& video, const EvaluationRequest& request) {
  Json json = {{"video", video.video}, {"status", to_string(video.status)}};
  if (video.failure) json["error"] = {{"code", to_string(video.failure->code)}, {"message", video.failure->message}};
  json["truth"] = video.truth_file;
  json["frame_count"] = video.frame_count ? Json(*video.frame_count) : Json();
  json["scores"] = to_json(video.scores, is_sweep(video.scores, request) ? nullptr : &video);
  json["best"] = best_json(video.scores, request);
  json["words"] = to_json(video.words);
  json["warnings"] = video.warnings;
  return json;
}

std::string sum_title(std::size_t videos) { return fmt::format("{} videos together", videos); }

}  // namespace

std::string EvalReport::add(const EvaluatedVideo& video) {
  ++videos_;
  if (!video.scores.empty()) {
    ++summed_;
    add_scores(video.scores, sum_);
    add_words(video.words, words_);
  }
  waiting_.push_back(video);
  switch (format_) {
    case EvalFormat::table:
      return (videos_ > 1 ? "\n" : "") + title_of(video) + table_of(video.scores, video.words, kinds_, request_);
    case EvalFormat::csv: return (videos_ > 1 ? "" : csv_header) + csv_of(video, kinds_);
    case EvalFormat::json: break;
  }
  return "";
}

std::string EvalReport::finish() {
  switch (format_) {
    case EvalFormat::table:
      return summed_ > 1 ? fmt::format("\n{}\n", sum_title(summed_)) + table_of(sum_, words_, kinds_, request_) : "";
    case EvalFormat::csv: return videos_ > 0 ? "" : csv_header;
    case EvalFormat::json: break;
  }
  Json videos = Json::array();
  for (const auto& video : waiting_) videos.push_back(to_json(video, request_));
  Json sum = {{"videos", summed_},
              {"scores", to_json(sum_, nullptr)},
              {"best", best_json(sum_, request_)},
              {"words", to_json(words_)}};
  return to_document({{"schema", "transnet.eval/1"},
                      {"tolerance_frames", request_.tolerance_frames},
                      {"videos", std::move(videos)},
                      {"sum", std::move(sum)}}) +
         "\n";
}

std::string EvalReport::plot() const {
  std::vector<CurvePlot> plots;
  if (summed_ > 1 && is_sweep(sum_, request_)) plots.push_back({sum_title(summed_), sum_});
  for (const auto& video : waiting_) {
    if (is_sweep(video.scores, request_)) plots.push_back({video.video, video.scores});
  }
  return draw_curves(plots);
}

}  // namespace command
