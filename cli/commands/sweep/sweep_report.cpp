// SPDX-License-Identifier: Apache-2.0
#include "commands/sweep/sweep_report.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "base/counted.hpp"
#include "commands/sweep/plot.hpp"
#include "formats/json_text.hpp"
#include "formats/text.hpp"
#include "formats/time_span.hpp"

namespace command {
namespace {

constexpr const char* csv_header = "Video,Threshold,Transitions,Shots,Clips\n";

/// "0.40" if another threshold is "0.45", so that the decimal points line up.
std::vector<std::string> aligned_thresholds(std::span<const SweepRow> rows) {
  std::size_t decimals = 0;
  for (const auto& row : rows) {
    const auto text = fmt::format("{}", row.threshold);
    const auto point = text.find('.');
    if (point != std::string::npos) decimals = std::max(decimals, text.size() - point - 1);
  }
  std::vector<std::string> texts;
  for (const auto& row : rows) texts.push_back(fmt::format("{:.{}f}", row.threshold, decimals));
  return texts;
}

std::string plateau_text(std::span<const SweepRow> rows) {
  const auto plateau = widest_plateau(rows);
  if (!plateau) return "no two neighbouring thresholds find the same number of transitions\n";
  return fmt::format("steadiest from {} to {}: {}\n", rows[plateau->first_row].threshold,
                     rows[plateau->last_row].threshold,
                     transnet::base::counted(rows[plateau->first_row].transitions, "transition"));
}

std::string table_of_rows(std::span<const SweepRow> rows, BarStyle style) {
  if (rows.empty()) return "";
  constexpr int cells = 36;  // a line of 80 characters
  const auto most = std::ranges::max_element(rows, {}, &SweepRow::transitions)->transitions;
  const auto thresholds = aligned_thresholds(rows);
  std::string text = fmt::format("{:>10} {:>12} {:>8} {:>8}\n", "threshold", "transitions", "shots", "clips");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    text += fmt::format("{:>10} {:>12} {:>8} {:>8}", thresholds[i], row.transitions, row.shots, row.clips);
    const double share = most > 0 ? static_cast<double>(row.transitions) / static_cast<double>(most) : 0.0;
    if (row.transitions > 0) text += "  " + bar(share, cells, style);
    text += '\n';
  }
  return text + plateau_text(rows);
}

std::string table_of(const SweptVideo& video, BarStyle style) {
  auto text = printable(video.video) + ": ";
  if (video.status == transnet::Status::failed) return text + fmt::format("{}\n", to_string(video.status));
  if (video.status != transnet::Status::complete) text += fmt::format("{}, ", to_string(video.status));
  return text + fmt::format("{}, {:.6g} fps\n", transnet::base::counted(video.frame_count, "frame"), video.framerate) +
         part_line(video.analysed) + table_of_rows(video.rows, style);
}

std::string csv_of(const SweptVideo& video) {
  std::string text;
  const auto name = csv_cell(video.video);
  for (const auto& row : video.rows) {
    text += fmt::format("{},{},{},{},{}\n", name, row.threshold, row.transitions, row.shots, row.clips);
  }
  return text;
}

void add_rows(Json& json, std::span<const SweepRow> rows) {
  Json thresholds = Json::array();
  for (const auto& row : rows) {
    thresholds.push_back(
        {{"threshold", row.threshold}, {"transitions", row.transitions}, {"shots", row.shots}, {"clips", row.clips}});
  }
  json["thresholds"] = std::move(thresholds);
  json["steadiest"] = Json();
  if (const auto plateau = widest_plateau(rows)) {
    json["steadiest"] = {{"from", rows[plateau->first_row].threshold},
                         {"to", rows[plateau->last_row].threshold},
                         {"transitions", rows[plateau->first_row].transitions}};
  }
}

Json to_json(const SweptVideo& video) {
  Json json = {{"video", video.video}, {"status", to_string(video.status)}};
  if (video.failure) json["error"] = {{"code", to_string(video.failure->code)}, {"message", video.failure->message}};
  json["frame_count"] = video.frame_count;
  json["framerate"] = video.framerate;
  if (video.analysed) json["analysed"] = span_json(*video.analysed);
  add_rows(json, video.rows);
  json["warnings"] = video.warnings;
  return json;
}

std::string sum_title(std::size_t videos) { return fmt::format("{} videos together", videos); }

std::string document_of(std::span<const SweptVideo> videos, std::span<const SweepRow> sum, std::size_t summed) {
  Json swept = Json::array();
  for (const auto& video : videos) swept.push_back(to_json(video));
  Json together = {{"videos", summed}};
  add_rows(together, sum);
  return to_document({{"schema", "transnet.sweep/1"}, {"videos", std::move(swept)}, {"sum", std::move(together)}}) +
         "\n";
}

std::string plots_of(std::span<const SweptVideo> videos, const std::vector<SweepRow>& sum, std::size_t summed) {
  std::vector<Plot> plots;
  if (summed > 1) plots.push_back({sum_title(summed), sum});
  for (const auto& video : videos) {
    if (!video.rows.empty()) plots.push_back({video.video, video.rows});
  }
  return draw(plots);
}

}  // namespace

std::string SweepReport::add(const SweptVideo& video) {
  ++videos_;
  if (!video.rows.empty()) ++summed_;
  add_rows(video.rows, sum_);
  switch (format_) {
    case SweepFormat::table: return fmt::format("{}{}", videos_ > 1 ? "\n" : "", table_of(video, style_));
    case SweepFormat::csv: return (videos_ > 1 ? "" : csv_header) + csv_of(video);
    case SweepFormat::json:
    case SweepFormat::svg: waiting_.push_back(video);
  }
  return "";
}

std::string SweepReport::finish() {
  switch (format_) {
    case SweepFormat::table:
      return summed_ > 1 ? fmt::format("\n{}\n{}", sum_title(summed_), table_of_rows(sum_, style_)) : "";
    case SweepFormat::csv: return videos_ > 0 ? "" : csv_header;
    case SweepFormat::json: return document_of(waiting_, sum_, summed_);
    case SweepFormat::svg: return plots_of(waiting_, sum_, summed_);
  }
  return "";
}

}  // namespace command
