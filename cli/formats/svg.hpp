// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <pugixml.hpp>
#include <span>
#include <string>

/// Plots as SVG, readable on light and on dark pages.
namespace command::svg {

// Of one plot. Plots stand one below the other.
inline constexpr double width = 720.0;
inline constexpr double height = 280.0;
inline constexpr double left = 64.0, right = width - 24.0, top = 64.0, bottom = height - 48.0;

/// A place in a plot.
struct Point {
  double x = 0.0;
  double y = 0.0;
};

/// A line with a name. Hue alone does not tell lines apart: they differ in their dashes.
struct Style {
  const char* name;
  const char* colour;
  const char* dashes;
};

/// The styles of three series. The colours have enough contrast on white and on black.
inline constexpr const char* first_colour = "#2a78d6";
inline constexpr const char* second_colour = "#7a7974";
inline constexpr const char* third_colour = "#c2570c";

/// A document for `plots` plots. `title` is for programs that read the picture aloud.
class Document {
 public:
  Document(std::size_t plots, const std::string& title);

  /// The next plot, with its title. Places in the plot count from its own corner.
  [[nodiscard]] pugi::xml_node add_plot(const std::string& title);
  [[nodiscard]] std::string text() const;

 private:
  pugi::xml_document document_;
  pugi::xml_node svg_;
  double y_ = 0.0;
};

/// To a tenth of a pixel.
[[nodiscard]] std::string number(double value);

void add_text(pugi::xml_node parent, double x, double y, const char* anchor, const std::string& text);

/// A thin line of an axis or a grid.
void add_line(pugi::xml_node parent, double x1, double y1, double x2, double y2);

/// A shaded range of the plot, from top to bottom. `hint` appears under the pointer.
void add_range(pugi::xml_node parent, double x1, double x2, const char* colour, const std::string& hint);

void add_curve(pugi::xml_node parent, std::span<const Point> points, const Style& style);

/// A dot. `hint` appears under the pointer.
void add_dot(pugi::xml_node parent, const Point& point, double radius, const char* colour, const std::string& hint);

void add_legend(pugi::xml_node parent, std::span<const Style> styles);

}  // namespace command::svg
