// SPDX-License-Identifier: Apache-2.0
#include "commands/sweep/sweep_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/is_probability.hpp"
#include "io/output_ending.hpp"
#include "options/option_kinds.hpp"

namespace command {
namespace {

using NamedFormat = std::pair<std::string_view, SweepFormat>;
constexpr std::array formats_by_name = {NamedFormat{"table", SweepFormat::table}, NamedFormat{"csv", SweepFormat::csv},
                                        NamedFormat{"json", SweepFormat::json}, NamedFormat{"svg", SweepFormat::svg}};

double parse_threshold(const std::string& option, const std::string& text) {
  const auto value = parse_number<double>(option, text);
  if (!transnet::is_probability(value)) refuse(option, "'" + text + "' is not between 0 and 1");
  return value;
}

void add_threshold(CLI::App& app, const std::string& name, double& value, const std::string& help) {
  const auto parse = [name, &value](const std::string& text) { value = parse_threshold(name, text); };
  app.add_option_function<std::string>(name, parse, help)->type_name("FLOAT")->default_str(fmt::format("{}", value));
}

std::vector<double> parse_thresholds(const std::string& text) {
  std::vector<double> thresholds;
  for (std::size_t begin = 0, end = 0; begin <= text.size(); begin = end + 1) {
    end = std::min(text.find(',', begin), text.size());
    thresholds.push_back(parse_threshold("--thresholds", text.substr(begin, end - begin)));
  }
  std::ranges::sort(thresholds);
  const auto repeated = std::ranges::unique(thresholds);
  thresholds.erase(repeated.begin(), repeated.end());
  return thresholds;
}

}  // namespace

void add_thresholds_option(CLI::App& app, std::vector<double>& thresholds, const std::string& help) {
  app.add_option_function<std::string>(
         "--thresholds", [&thresholds](const std::string& text) { thresholds = parse_thresholds(text); }, help)
      ->type_name("FLOAT,...");
}

void add_sweep_options(CLI::App& app, SweepRequest& request) {
  add_threshold(app, "--from", request.from, "The first threshold");
  add_threshold(app, "--to", request.to, "The last threshold");
  add_threshold(app, "--step", request.step, "Difference between two thresholds");
  add_thresholds_option(app, request.thresholds, "Thresholds to use instead, separated by commas");
  const auto parse_format = [&request](const std::string& word) {
    const auto* const found = std::ranges::find(formats_by_name, word, &NamedFormat::first);
    if (found == formats_by_name.end()) {
      refuse("--format", "'" + word + "' is not one of table|csv|json|svg");
    }
    request.format = found->second;
  };
  app.add_option_function<std::string>(
         "--format", parse_format,
         "Format of the output (default: by the ending of the file's name; otherwise a table)")
      ->type_name("table|csv|json|svg");
}

void finish_sweep_options(const CLI::App& app, SweepRequest& request) {
  if (!request.thresholds.empty()) {
    return refuse_given(app, {"--from", "--to", "--step"}, "it has no effect with --thresholds");
  }
  try {
    request.thresholds = thresholds_between(request.from, request.to, request.step);
  } catch (const std::invalid_argument& error) {
    refuse("--from, --to, --step", error.what());
  }
}

SweepFormat sweep_format(const SweepRequest& request, const std::string& file) {
  if (request.format) return *request.format;
  return format_of_output<SweepFormat>(file, {{".txt", SweepFormat::table},
                                              {".csv", SweepFormat::csv},
                                              {".json", SweepFormat::json},
                                              {".svg", SweepFormat::svg}});
}

}  // namespace command
