// SPDX-License-Identifier: Apache-2.0
#include "options/range_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "options/option_kinds.hpp"

namespace command {
namespace {

/// A number in decimal notation, without a sign or an exponent.
std::optional<double> plain_number(std::string_view text, bool may_have_fraction) {
  const bool is_plain = std::ranges::all_of(
      text, [may_have_fraction](unsigned char c) { return std::isdigit(c) != 0 || (may_have_fraction && c == '.'); });
  double value = 0.0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (!is_plain || error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "12.5", "1:02.5" or "1:00:02.5"; empty for anything else.
std::optional<double> time_of(std::string_view text) {
  constexpr double per_unit = 60.0;
  constexpr int most_units = 3;
  double time_s = 0.0;
  for (int unit = 1; unit <= most_units; ++unit) {
    const auto colon = text.find(':');
    const bool is_last = colon == std::string_view::npos;
    const auto number = plain_number(text.substr(0, colon), is_last);
    if (!number || (unit > 1 && *number >= per_unit)) return std::nullopt;
    time_s = time_s * per_unit + *number;
    if (is_last) return time_s;
    text.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

/// "00:00:10:05" or "00:00:10;05".
bool is_timecode(std::string_view text) {
  const auto is_of_one = [](unsigned char c) { return std::isdigit(c) != 0 || c == ':' || c == ';'; };
  const auto separators = std::ranges::count_if(text, [](char c) { return c == ':' || c == ';'; });
  return separators == 3 && std::ranges::all_of(text, is_of_one);
}

void add_time(CLI::App& app, const std::string& name, std::optional<double>& time_s, const std::string& help) {
  const auto parse = [name, &time_s](const std::string& text) {
    time_s = time_of(text);
    if (time_s) return;
    refuse(name, fmt::format("'{}' is neither seconds nor [HOURS:]MINUTES:SECONDS{}", text,
                             is_timecode(text) ? ": write the frames of a timecode as decimals of the second" : ""));
  };
  app.add_option_function<std::string>(name, parse, help)->type_name("TIME");
}

}  // namespace

OptionNames add_range_options(CLI::App& app, RangeRequest& request) {
  return names_of_added(app, [&] {
    add_time(app, "--start", request.start_s,
             "Analyse only frames from this time on, in seconds or [H:]M:S from the first frame");
    add_time(app, "--end", request.end_s, "Analyse only frames before this time");
    add_time(app, "--duration", request.duration_s, "Length of the part to analyse, from --start on; replaces --end");
  });
}

void settle_range(const CLI::App& app, const RangeRequest& request, transnet::DecodeOptions& options) {
  const double start_s = request.start_s.value_or(0.0);
  auto end_s = request.end_s;
  std::string option = "--end";
  if (request.duration_s && is_given(app, "--duration")) refuse_given(app, {"--end"}, "--duration gives the end, too");
  // An option of a configuration file yields to one that the user has written.
  if (request.duration_s && !is_given(app, "--end")) {
    end_s = start_s + *request.duration_s;
    option = "--duration";
  }
  if (end_s && *end_s <= start_s) {
    refuse(option, *end_s < start_s ? "the part ends before --start" : "the part has no length");
  }
  options.start_s = start_s;
  options.end_s = end_s.value_or(0.0);
}

}  // namespace command
