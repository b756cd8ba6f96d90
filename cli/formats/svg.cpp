// SPDX-License-Identifier: Apache-2.0
#include "formats/svg.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <sstream>
#include <utility>

#include "formats/text.hpp"

namespace command::svg {
namespace {

constexpr const char* text_colour = second_colour;

pugi::xml_node add(pugi::xml_node parent, const char* name,
                   std::initializer_list<std::pair<const char*, std::string>> attributes) {
  auto node = parent.append_child(name);
  for (const auto& [key, value] : attributes) node.append_attribute(key) = value.c_str();
  return node;
}

}  // namespace

Document::Document(std::size_t plots, const std::string& title) {
  const double whole = height * static_cast<double>(std::max<std::size_t>(plots, 1));
  svg_ = add(document_.root(), "svg",
             {{"xmlns", "http://www.w3.org/2000/svg"},
              {"viewBox", fmt::format("0 0 {} {}", number(width), number(whole))},
              {"width", number(width)},
              {"height", number(whole)},
              {"font-family", "sans-serif"},
              {"font-size", "13"},
              {"role", "img"}});
  svg_.append_child("title").text() = title.c_str();
}

pugi::xml_node Document::add_plot(const std::string& title) {
  const auto plot = add(svg_, "g", {{"transform", fmt::format("translate(0 {})", number(y_))}});
  add_text(plot, 8.0, 22.0, "start", plain_text(title));
  y_ += height;
  return plot;
}

std::string Document::text() const {
  std::ostringstream stream;
  document_.save(stream, " ", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
  return stream.str();
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

void add_range(pugi::xml_node parent, double x1, double x2, const char* colour, const std::string& hint) {
  add(parent, "rect",
      {{"x", number(x1)},
       {"y", number(top)},
       {"width", number(x2 - x1)},
       {"height", number(bottom - top)},
       {"fill", colour},
       {"fill-opacity", "0.14"}})
      .append_child("title")
      .text() = hint.c_str();
}

void add_curve(pugi::xml_node parent, std::span<const Point> points, const Style& style) {
  std::string text;
  for (const auto& point : points) {
    text += fmt::format("{}{},{}", text.empty() ? "" : " ", number(point.x), number(point.y));
  }
  add(parent, "polyline",
      {{"points", text},
       {"fill", "none"},
       {"stroke", style.colour},
       {"stroke-width", "2"},
       {"stroke-dasharray", style.dashes}});
}

void add_dot(pugi::xml_node parent, const Point& point, double radius, const char* colour, const std::string& hint) {
  add(parent, "circle", {{"cx", number(point.x)}, {"cy", number(point.y)}, {"r", number(radius)}, {"fill", colour}})
      .append_child("title")
      .text() = hint.c_str();
}

void add_legend(pugi::xml_node parent, std::span<const Style> styles) {
  double x = left;
  for (const auto& style : styles) {
    add(parent, "line",
        {{"x1", number(x)},
         {"y1", "42"},
         {"x2", number(x + 26.0)},
         {"y2", "42"},
         {"stroke", style.colour},
         {"stroke-width", "2"},
         {"stroke-dasharray", style.dashes}});
    add_text(parent, x + 32.0, 46.0, "start", style.name);
    x += 130.0;
  }
}

}  // namespace command::svg
