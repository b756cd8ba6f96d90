// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "base/require_option.hpp"
#include "transnet/abi.hpp"

/// Options are described once: a table for each aggregate of options has a row for each of its fields. Validation, the
/// command line, configuration files, the settings that `--resume` compares, the key of the cache, JSON and the page
/// docs/options.md read these rows.
namespace transnet::inline TRANSNET_ABI {

/// The results that an option can change. Each value includes the ones before it.
enum class Affects {
  nothing,      ///< speed and messages alone
  failures,     ///< whether a video fails, never the results of one that does not
  clips,        ///< the decision over the network's answer
  predictions,  ///< the network's answer itself
};

/// A value of an enumeration by its word in the command and in JSON.
template <typename Value>
struct OptionWord {
  std::string_view text;
  Value value;
};

/// The numbers that an option takes. Without `holds`: all.
struct OptionRange {
  bool (*holds)(double value) = nullptr;
  std::string_view rule;  ///< "between 0 and 1"
};

template <typename Options, typename Value>
struct OptionRow {
  std::string_view name;  ///< in messages and JSON; the command has dashes for underscores
  Value Options::*field;
  Affects affects;
  std::string_view help;  ///< empty: the command does not have it
  OptionRange range{};
  std::span<const OptionWord<Value>> words{};  ///< of an enumeration
  const Value* command_default = nullptr;      ///< of the command, where it is not the field's own
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

/// Calls `visit(row, value)` for each option, those of described aggregates among the fields included.
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

/// The options of a command line that gives none.
template <typename Options>
[[nodiscard]] Options command_defaults() {
  Options options;
  for_each_option(options, [](const auto& row, auto& value) {
    if (row.command_default != nullptr) value = *row.command_default;
  });
  return options;
}

/// @throws Error(invalid_argument) that names the first option outside its range and the value.
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
