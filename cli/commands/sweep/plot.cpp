// SPDX-License-Identifier: Apache-2.0
#include "commands/sweep/plot.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "formats/svg.hpp"

namespace command {
namespace {

constexpr std::array counts = {&SweepRow::transitions, &SweepRow::shots, &SweepRow::clips};
constexpr std::array styles = {svg::Style{"transitions", svg::first_colour, "none"},
                               svg::Style{"shots", svg::second_colour, "2 3"},
                               svg::Style{"clips", svg::third_colour, "7 3"}};

/// A round step that reaches `most` in at most five steps.
std::int64_t tick_step(std::int64_t most) {
  for (std::int64_t power = 1;; power *= 10) {
    for (const std::int64_t step : {power, 2 * power, 5 * power}) {
      if (step * 5 >= most) return step;
    }
  }
}

std::int64_t most_of(std::span<const SweepRow> rows) {
  std::int64_t most = 1;  // an axis needs a length
  for (const auto& count : counts) {
    for (const auto& row : rows) most = std::max(most, row.*count);
  }
  return most;
}

/// The positions of numbers in a plot.
class Scale {
 public:
  explicit Scale(std::span<const SweepRow> rows)
      : first_(rows.front().threshold),
        last_(rows.back().threshold),
        step_(tick_step(most_of(rows))),
        most_((most_of(rows) + step_ - 1) / step_ * step_) {}

  [[nodiscard]] double x(double threshold) const {
    if (last_ <= first_) return (svg::left + svg::right) / 2.0;
    return svg::left + (svg::right - svg::left) * (threshold - first_) / (last_ - first_);
  }
  [[nodiscard]] double y(std::int64_t count) const {
    return svg::bottom - (svg::bottom - svg::top) * static_cast<double>(count) / static_cast<double>(most_);
  }
  [[nodiscard]] std::int64_t step() const { return step_; }
  [[nodiscard]] std::int64_t most() const { return most_; }

 private:
  double first_;
  double last_;
  std::int64_t step_;
  std::int64_t most_;  // a multiple of the step
};

void draw_axes(pugi::xml_node plot, std::span<const SweepRow> rows, const Scale& scale) {
  for (std::int64_t count = 0; count <= scale.most(); count += scale.step()) {
    svg::add_line(plot, svg::left, scale.y(count), svg::right, scale.y(count));
    svg::add_text(plot, svg::left - 8.0, scale.y(count) + 4.0, "end", fmt::format("{}", count));
  }
  const std::size_t every = (rows.size() + 9) / 10;
  for (std::size_t i = 0; i < rows.size(); i += every) {
    svg::add_text(plot, scale.x(rows[i].threshold), svg::bottom + 18.0, "middle",
                  fmt::format("{:.4g}", rows[i].threshold));
  }
  svg::add_text(plot, (svg::left + svg::right) / 2.0, svg::bottom + 38.0, "middle", "threshold");
}

void draw_plateau(pugi::xml_node plot, std::span<const SweepRow> rows, const Scale& scale) {
  const auto plateau = widest_plateau(rows);
  if (!plateau) return;
  const double first = rows[plateau->first_row].threshold;
  const double last = rows[plateau->last_row].threshold;
  svg::add_range(plot, scale.x(first), scale.x(last), svg::first_colour,
                 fmt::format("steadiest from {} to {}", first, last));
}

void draw_series(pugi::xml_node plot, std::size_t series, std::span<const SweepRow> rows, const Scale& scale) {
  const auto& style = styles[series];
  std::vector<svg::Point> points;
  for (const auto& row : rows) points.push_back({scale.x(row.threshold), scale.y(row.*counts[series])});
  svg::add_curve(plot, points, style);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    svg::add_dot(plot, points[i], 3.0, style.colour,
                 fmt::format("{}: {} {}", rows[i].threshold, rows[i].*counts[series], style.name));
  }
}

}  // namespace

std::string draw(std::span<const Plot> plots) {
  svg::Document document(plots.size(), "Transitions, shots and clips by threshold");
  for (const auto& [name, rows] : plots) {
    const auto plot = document.add_plot(name);
    const Scale scale(rows);
    svg::add_legend(plot, styles);
    draw_plateau(plot, rows, scale);
    draw_axes(plot, rows, scale);
    for (std::size_t series = 0; series < styles.size(); ++series) draw_series(plot, series, rows, scale);
  }
  return document.text();
}

}  // namespace command
