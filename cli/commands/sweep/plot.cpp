// SPDX-License-Identifier: Apache-2.0
#include "commands/sweep/plot.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <pugixml.hpp>
#include <sstream>
#include <utility>

#include "formats/text.hpp"

namespace command {
namespace {

constexpr double width = 720.0;
constexpr double height = 280.0;  // of one plot
constexpr double left = 64.0, right = width - 24.0, top = 64.0, bottom = height - 48.0;

// The colours have enough contrast on white and on black, and hue alone does not tell them apart: lines differ in their
// dashes.
constexpr const char* text_colour = "#7a7974";
constexpr const char* plateau_colour = "#2a78d6";

struct Series {
  const char* name;
  std::int64_t SweepRow::*count;
  const char* colour;
  const char* dashes;
};
constexpr std::array all_series = {Series{"transitions", &SweepRow::transitions, "#2a78d6", "none"},
                                   Series{"shots", &SweepRow::shots, "#7a7974", "2 3"},
                                   Series{"clips", &SweepRow::clips, "#c2570c", "7 3"}};

pugi::xml_node add(pugi::xml_node parent, const char* name,
                   std::initializer_list<std::pair<const char*, std::string>> attributes) {
  auto node = parent.append_child(name);
  for (const auto& [key, value] : attributes) node.append_attribute(key) = value.c_str();
  return node;
}

std::string number(double value) { return fmt::format("{:.6g}", std::round(value * 10.0) / 10.0); }

void add_text(pugi::xml_node parent, double x, double y, const char* anchor, const std::string& text) {
  add(parent, "text", {{"x", number(x)}, {"y", number(y)}, {"text-anchor", anchor}, {"fill", text_colour}}).text() =
      text.c_str();
}

void add_line(pugi::xml_node parent, double x1, double y1, double x2, double y2) {
  add(parent, "line",
      {{"x1", number(x1)},
       {"y1", number(y1)},
       {"x2", number(x2)},
       {"y2", number(y2)},
       {"stroke", text_colour},
       {"stroke-opacity", "0.35"}});
}

/// A round step that reaches `most` in at most five steps.
std::int64_t tick_step(std::int64_t most) {
  for (std::int64_t power = 1;; power *= 10) {
    for (const std::int64_t step : {power, 2 * power, 5 * power}) {
      if (step * 5 >= most) return step;
    }
  }
}

std::int64_t most_of(std::span<const SweepRow> rows) {
  std::int64_t most = 0;
  for (const auto& series : all_series) {
    for (const auto& row : rows) most = std::max(most, row.*series.count);
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
    if (last_ <= first_) return (left + right) / 2.0;
    return left + (right - left) * (threshold - first_) / (last_ - first_);
  }
  [[nodiscard]] double y(std::int64_t count) const {
    return bottom - (bottom - top) * static_cast<double>(count) / static_cast<double>(most_);
  }
  [[nodiscard]] std::int64_t step() const { return step_; }
  [[nodiscard]] std::int64_t most() const { return most_; }

 private:
  double first_;
  double last_;
  std::int64_t step_;
  std::int64_t most_;  // a multiple of the step
};

void draw_axes(pugi::xml_node group, std::span<const SweepRow> rows, const Scale& scale) {
  for (std::int64_t count = 0; count <= scale.most(); count += scale.step()) {
    add_line(group, left, scale.y(count), right, scale.y(count));
    add_text(group, left - 8.0, scale.y(count) + 4.0, "end", fmt::format("{}", count));
  }
  const std::size_t every = (rows.size() + 9) / 10;
  for (std::size_t i = 0; i < rows.size(); i += every) {
    add_text(group, scale.x(rows[i].threshold), bottom + 18.0, "middle", fmt::format("{:.4g}", rows[i].threshold));
  }
  add_text(group, (left + right) / 2.0, bottom + 38.0, "middle", "threshold");
}

void draw_plateau(pugi::xml_node group, std::span<const SweepRow> rows, const Scale& scale) {
  const auto plateau = widest_plateau(rows);
  if (!plateau) return;
  const double x1 = scale.x(rows[plateau->first_row].threshold);
  const double x2 = scale.x(rows[plateau->last_row].threshold);
  add(group, "rect",
      {{"x", number(x1)},
       {"y", number(top)},
       {"width", number(x2 - x1)},
       {"height", number(bottom - top)},
       {"fill", plateau_colour},
       {"fill-opacity", "0.14"}})
      .append_child("title")
      .text() =
      fmt::format("steadiest from {} to {}", rows[plateau->first_row].threshold, rows[plateau->last_row].threshold)
          .c_str();
}

void draw_series(pugi::xml_node group, const Series& series, std::span<const SweepRow> rows, const Scale& scale) {
  std::string points;
  for (const auto& row : rows) {
    points += fmt::format("{}{},{}", points.empty() ? "" : " ", number(scale.x(row.threshold)),
                          number(scale.y(row.*series.count)));
  }
  add(group, "polyline",
      {{"points", points},
       {"fill", "none"},
       {"stroke", series.colour},
       {"stroke-width", "2"},
       {"stroke-dasharray", series.dashes}});
  for (const auto& row : rows) {
    add(group, "circle",
        {{"cx", number(scale.x(row.threshold))},
         {"cy", number(scale.y(row.*series.count))},
         {"r", "3"},
         {"fill", series.colour}})
        .append_child("title")
        .text() = fmt::format("{}: {} {}", row.threshold, row.*series.count, series.name).c_str();
  }
}

void draw_legend(pugi::xml_node group) {
  double x = left;
  for (const auto& series : all_series) {
    add(group, "line",
        {{"x1", number(x)},
         {"y1", "42"},
         {"x2", number(x + 26.0)},
         {"y2", "42"},
         {"stroke", series.colour},
         {"stroke-width", "2"},
         {"stroke-dasharray", series.dashes}});
    add_text(group, x + 32.0, 46.0, "start", series.name);
    x += 130.0;
  }
}

}  // namespace

std::string draw(std::span<const Plot> plots) {
  pugi::xml_document document;
  const double whole = height * static_cast<double>(std::max<std::size_t>(plots.size(), 1));
  auto svg = add(document.root(), "svg",
                 {{"xmlns", "http://www.w3.org/2000/svg"},
                  {"viewBox", fmt::format("0 0 {} {}", number(width), number(whole))},
                  {"width", number(width)},
                  {"height", number(whole)},
                  {"font-family", "sans-serif"},
                  {"font-size", "13"},
                  {"role", "img"}});
  svg.append_child("title").text() = "Transitions, shots and clips by threshold";
  double y = 0.0;
  for (const auto& [name, rows] : plots) {
    const auto group = add(svg, "g", {{"transform", fmt::format("translate(0 {})", number(y))}});
    const Scale scale(rows);
    add_text(group, 8.0, 22.0, "start", plain_text(name));
    draw_legend(group);
    draw_plateau(group, rows, scale);
    draw_axes(group, rows, scale);
    for (const auto& series : all_series) draw_series(group, series, rows, scale);
    y += height;
  }
  std::ostringstream stream;
  document.save(stream, " ", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
  return stream.str();
}

}  // namespace command
