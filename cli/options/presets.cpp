// SPDX-License-Identifier: Apache-2.0
#include "options/presets.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "options/option_kinds.hpp"

namespace command {
namespace {

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const auto& preset : presets) names.emplace_back(preset.name);
  return names;
}

}  // namespace

void add_preset_option(CLI::App& app) {
  const auto check = [](const std::string& word) {
    if (preset_named(word) == nullptr) refuse_word(preset_option, word, preset_names());
  };
  app.add_option_function<std::string>(preset_option, check,
                                       "Sets other options for a purpose unless they are given; --print-config shows "
                                       "them")
      ->type_name(alternatives(preset_names()));
}

const CLI::Option* preset_option_of(const CLI::App& app) {
  const auto* const option = app.get_option_no_throw(preset_option);
  const bool is_ours = option != nullptr && option->get_type_name() == alternatives(preset_names());
  return is_ours ? option : nullptr;
}

const Preset* preset_named(std::string_view name) {
  const auto* const found = std::ranges::find(presets, name, &Preset::name);
  return found != presets.end() ? &*found : nullptr;
}

}  // namespace command
