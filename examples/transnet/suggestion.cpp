#include "suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace command {
namespace {

/// Levenshtein's: how many characters to insert, delete or replace.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::string suggestion(const CLI::App& app) {
  constexpr std::size_t furthest = 2;
  for (const auto& argument : app.remaining()) {
    if (!argument.starts_with("--")) continue;
    const auto name = argument.substr(2, argument.find('=') - 2);
    for (const auto* option : app.get_options()) {
      for (const auto& known : option->get_lnames()) {
        if (edit_distance(name, known) <= furthest) return "; did you mean '--" + known + "'?";
      }
    }
  }
  return "";
}

}  // namespace command
