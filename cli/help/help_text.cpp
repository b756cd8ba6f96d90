// SPDX-License-Identifier: Apache-2.0
#include "help/help_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace command {
namespace {

constexpr std::size_t line_columns = 80;
constexpr std::size_t indent = 28;  // of the explanations

struct Group {
  std::string_view heading;
  std::vector<std::string_view> options;
};

/// The options of two subcommands have this name: `split` has the presets of its encoder.
constexpr std::string_view preset_of_options = "preset of options";

std::string_view name_in_groups(const OptionDescription& option) {
  return option.long_name == "preset" && option.kind == ValueKind::choice ? preset_of_options : option.long_name;
}

/// In the order of the help.
const std::vector<Group>& groups() {
  static const std::vector<Group> all = {
      {"Input",
       {"recursive", "files-from", "path-column", "id-column", "shard", "clips", "shots", "start", "end", "duration",
        "framerate", "name", "truth", "truth-format", "result-format"}},
      {"Output", {"output",   "output-dir",     "overwrite", "what",         "format",         "split", "split-mode",
                  "sheet",    "report",         "resume",    "retry-failed", "absolute-times", "plot",  "kind",
                  "no-audio", "start-timecode", "reel",      "title",        "max-count",      "every", "grid-frames"}},
      {"Clips", {"mode", "video-codec", "audio-codec", "crf", "preset", "encoder-option", "container"}},
      {"Pictures",
       {"save-images", "images", "image-format", "image-quality", "image-width", "image-name", "columns", "rows",
        "width", "paper", "theme", "quality"}},
      {"Shots and clips",
       {preset_of_options,
        "profile",
        "threshold",
        "thresholds",
        "from",
        "to",
        "step",
        "top",
        "many-hot-threshold",
        "transition-frames",
        "min-shot-s",
        "short-shots",
        "snap-to",
        "snap-frames",
        "min-length-s",
        "max-length-s",
        "max-length-mode",
        "crop-s",
        "entire-scene-as-clip",
        "no-entire-scene-as-clip",
        "limit-clips"}},
      {"Scores", {"rule", "tolerance-frames"}},
      {"Run", {"jobs", "threads", "max-video-s", "max-memory-mb", "cache", "progress", "quiet", "verbose"}},
      {"Decoding",
       {"stream", "timing", "fast-decode", "decoder", "frame-step", "frame-size", "max-time-s", "max-stall-s",
        "max-picture-memory-gb", "max-pixels", "max-spool-gb", "spool-dir"}},
      {"Network",
       {"model", "weights", "second-weights", "model-dir", "device", "precision", "gpu-memory-gb", "torch-backend"}},
      {"General", {"config", "print-config", "help", "version"}}};
  return all;
}

/// Empty: the option is new, and has no heading yet.
std::string_view heading_of(const OptionDescription& option) {
  for (const auto& group : groups()) {
    if (std::ranges::find(group.options, name_in_groups(option)) != group.options.end()) return group.heading;
  }
  return "";
}

/// Adds `text`, in lines that end before the last column. The first line begins at `column`.
void add_wrapped(std::string& help, std::string_view text, std::size_t column, std::size_t further_indent) {
  bool is_first = true;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!is_first && column + 1 + word.size() > line_columns) {
      help += "\n" + std::string(further_indent, ' ');
      column = further_indent;
    } else if (!is_first) {
      help += ' ';
      ++column;
    }
    help += word;
    column += word.size();
    is_first = false;
  }
  help += '\n';
}

/// "  name   explanation"
void add_entry(std::string& help, const std::string& name, const std::string& text) {
  help += "  " + name;
  auto column = 2 + name.size();
  if (text.empty()) {
    help += '\n';
    return;
  }
  if (column + 2 > indent) {
    help += '\n';
    column = 0;
  }
  help += std::string(indent - column, ' ');
  add_wrapped(help, text, indent, indent);
}

void add_option(std::string& help, const OptionDescription& option) {
  auto name = (option.short_name.empty() ? "" : "-" + option.short_name + ", ") + "--" + option.long_name;
  auto text = option.help;
  const bool is_choice = option.kind == ValueKind::choice;
  if (is_choice && name.size() + option.value_name.size() + 5 > indent) {
    name += " WORD";
    auto words = option.value_name;
    for (auto at = words.find('|'); at != std::string::npos; at = words.find('|', at)) words.replace(at, 1, ", ");
    text += ": " + words;
  } else if (!option.value_name.empty()) {
    name += " " + option.value_name;
  }
  if (!option.default_value.empty()) text += " (default: " + option.default_value + ")";
  if (option.is_required) text += " (required)";
  if (!option.variable.empty()) text += " (environment: " + option.variable + ")";
  add_entry(help, name, text);
}

std::string usage(const CommandDescription& command) {
  auto text = "Usage: " + command.words();
  if (!command.options.empty()) text += " [OPTIONS]";
  for (const auto& argument : command.arguments) {
    const auto name = argument.value_name + (argument.takes_many ? "..." : "");
    text += argument.is_required ? " " + name : " [" + name + "]";
  }
  return text + (command.commands.empty() ? "" : " SUBCOMMAND");
}

}  // namespace

std::string help_text(const CommandDescription& command) {
  std::string help;
  add_wrapped(help, command.help, 0, 0);
  help += usage(command) + "\n";
  if (!command.arguments.empty()) help += "\nArguments:\n";
  for (const auto& argument : command.arguments) {
    add_entry(help, argument.value_name + (argument.takes_many ? "..." : ""), argument.help);
  }
  if (!command.commands.empty()) help += "\nSubcommands:\n";
  for (const auto& below : command.commands) add_entry(help, below.names.back(), below.help);
  for (const auto& group : groups()) {
    std::vector<const OptionDescription*> shown;
    for (const auto name : group.options) {
      const auto option = std::ranges::find(command.options, name, name_in_groups);
      if (option != command.options.end()) shown.push_back(&*option);
    }
    if (!shown.empty()) help += fmt::format("\n{}:\n", group.heading);
    for (const auto* option : shown) add_option(help, *option);
  }
  std::vector<const OptionDescription*> others;
  for (const auto& option : command.options) {
    if (heading_of(option).empty()) others.push_back(&option);
  }
  if (!others.empty()) help += "\nFurther options:\n";
  for (const auto* option : others) add_option(help, *option);
  if (!command.footer.empty()) {
    help += '\n';
    add_wrapped(help, command.footer, 0, 0);
  }
  return help;
}

}  // namespace command
