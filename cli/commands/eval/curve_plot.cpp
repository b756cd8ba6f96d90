// SPDX-License-Identifier: Apache-2.0
#include "commands/eval/curve_plot.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "formats/svg.hpp"

namespace command {
namespace {

constexpr std::array<ScoreMember, 3> kinds = {&transnet::Evaluation::all, &transnet::Evaluation::cut,
                                              &transnet::Evaluation::gradual};
constexpr std::array styles = {svg::Style{"all", svg::first_colour, "none"},
                               svg::Style{"cut", svg::second_colour, "2 3"},
                               svg::Style{"gradual", svg::third_colour, "7 3"}};

/// ClipShots' precision can exceed 1.
svg::Point place_of(const transnet::Score& score) {
  return {svg::left + (svg::right - svg::left) * score.recall(),
          svg::bottom - (svg::bottom - svg::top) * std::min(score.precision(), 1.0)};
}

void draw_axes(pugi::xml_node plot) {
  for (int tenths = 0; tenths <= 10; tenths += 2) {
    const double share = tenths / 10.0;
    const double x = svg::left + (svg::right - svg::left) * share;
    const double y = svg::bottom - (svg::bottom - svg::top) * share;
    svg::add_line(plot, svg::left, y, svg::right, y);
    svg::add_line(plot, x, svg::top, x, svg::bottom);
    svg::add_text(plot, svg::left - 8.0, y + 4.0, "end", fmt::format("{:.1f}", share));
    svg::add_text(plot, x, svg::bottom + 18.0, "middle", fmt::format("{:.1f}", share));
  }
  svg::add_text(plot, 2.0, 46.0, "start", "precision");
  svg::add_text(plot, (svg::left + svg::right) / 2.0, svg::bottom + 38.0, "middle", "recall");
}

void draw_kind(pugi::xml_node plot, std::span<const ScoresAtThreshold> scores, std::size_t rule, std::size_t kind) {
  const auto score_at = [&](const ScoresAtThreshold& row) { return row.rules[rule].evaluation.*kinds[kind]; };
  // Where nothing is found, the precision means nothing.
  std::vector<ScoresAtThreshold> shown;
  std::ranges::copy_if(scores, std::back_inserter(shown), [&](const auto& row) { return score_at(row).found > 0; });
  if (shown.empty() || score_at(shown.front()).truth == 0) return;
  std::vector<svg::Point> points;
  for (const auto& row : shown) points.push_back(place_of(score_at(row)));
  svg::add_curve(plot, points, styles[kind]);
  const auto best = best_of(shown, rule, kinds[kind]);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto score = score_at(shown[i]);
    const auto threshold = shown[i].threshold ? fmt::format("{}", *shown[i].threshold) : "no threshold";
    svg::add_dot(plot, points[i], i == best ? 6.0 : 3.0, styles[kind].colour,
                 fmt::format("{} at {}: precision {:.3f}, recall {:.3f}, F1 {:.3f}{}", styles[kind].name, threshold,
                             score.precision(), score.recall(), score.f1(), i == best ? " (the best)" : ""));
  }
}

}  // namespace

std::string draw_curves(std::span<const CurvePlot> plots) {
  std::size_t count = 0;
  for (const auto& plot : plots) count += plot.scores.empty() ? 0 : plot.scores.front().rules.size();
  svg::Document document(count, "Precision and recall by threshold");
  for (const auto& [title, scores] : plots) {
    if (scores.empty()) continue;
    for (std::size_t rule = 0; rule < scores.front().rules.size(); ++rule) {
      const auto plot =
          document.add_plot(fmt::format("{}, {} rule", title, to_string(scores.front().rules[rule].rule)));
      svg::add_legend(plot, styles);
      draw_axes(plot);
      for (std::size_t kind = 0; kind < kinds.size(); ++kind) draw_kind(plot, scores, rule, kind);
    }
  }
  return document.text();
}

}  // namespace command
