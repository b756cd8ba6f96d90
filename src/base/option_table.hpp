// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <concepts>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "base/require_option.hpp"
#include "transnet/abi.hpp"

/// Each option is described once: the table of an options aggregate has a row per field. Validation, the command line,
/// configuration files, the settings that `--resume` compares, the key of the cache, JSON and docs/options.md read
/// these rows.
namespace transnet::inline TRANSNET_ABI {

/// The results that an option can change. Each value includes the ones before it.
enum class Affects {
  nothing,      ///< only speed and messages
  failures,     ///< whether a video fails, but never the results of a video that does not fail
  clips,        ///< the decision from the network's probabilities
  predictions,  ///< the network's probabilities
};

/// A value of an enumeration and its word in the command and in JSON.
template <typename Value>
struct OptionWord {
  std::string_view text;
  Value value;
};

/// A finite number, 0 or more.
[[nodiscard]] inline bool is_length(double value) { return std::isfinite(value) && value >= 0.0; }

/// The valid values of a number. Without `holds`: all.
struct OptionRange {
  bool (*holds)(double value) = nullptr;
  std::string_view rule;  ///< "between 0 and 1"
};

template <typename Options, typename Value>
struct OptionRow {
  std::string_view name;  ///< in messages and JSON; the command replaces underscores by dashes
  Value Options::*field;
  Affects affects = Affects::predictions;
  std::string_view help;  ///< empty: not an option of the command
  OptionRange range{};
  std::span<const OptionWord<Value>> words{};  ///< the words of an enumeration
  const Value* command_default = nullptr;      ///< the command's default, if it differs from the field's
};

/// A specialisation for each aggregate has `rows`, a tuple of `OptionRow`, and `fields(options)`, a tie of all its
/// fields.
template <typename Options>
struct OptionTable;

template <typename Options>
concept Described = requires(const Options& options) {
  OptionTable<Options>::rows;
  OptionTable<Options>::fields(options);
};

/// Calls `visit(row, value)` for each option, including the options of nested aggregates.
template <typename Options, typename Visit>
void for_each_option(Options& options, Visit&& visit) {
  using Table = OptionTable<std::remove_const_t<Options>>;
  static_assert(std::tuple_size_v<decltype(Table::rows)> == std::tuple_size_v<decltype(Table::fields(options))>,
                "every field has a row");
  const auto visit_row = [&](const auto& row) {
    auto& value = options.*row.field;
    if constexpr (Described<std::remove_cvref_t<decltype(value)>>) {
      for_each_option(value, visit);
    } else {
      visit(row, value);
    }
  };
  std::apply([&](const auto&... row) { (visit_row(row), ...); }, Table::rows);
}

/// The command's defaults: the options of a command line without options.
template <typename Options>
[[nodiscard]] Options command_defaults() {
  Options options;
  for_each_option(options, [](const auto& row, auto& value) {
    if (row.command_default != nullptr) value = *row.command_default;
  });
  return options;
}

/// @throws Error(invalid_argument) that names the first option out of range and its value.
template <typename Options>
void check_ranges(const Options& options) {
  for_each_option(options, [](const auto& row, const auto& value) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(value)>>) {
      const auto number = static_cast<double>(value);
      if (row.range.holds != nullptr) require_option(row.range.holds(number), row.name, number, row.range.rule);
    }
  });
}

}  // namespace transnet::inline TRANSNET_ABI
