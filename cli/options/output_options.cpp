// SPDX-License-Identifier: Apache-2.0
#include "options/output_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <vector>

#include "formats/option_values.hpp"
#include "io/video_names.hpp"
#include "options/clip_format_options.hpp"
#include "options/option_kinds.hpp"

namespace command {
namespace {

/// A slip such as "{name}" would become a part of the name of a file.
std::string unknown_field_mistake(const std::string& pattern) {
  const auto field = unknown_field(pattern);
  if (field.empty()) return "";
  return fmt::format("'{}': unknown field {}; the fields are {} and {}", pattern, field, stem_field, parent_field);
}

CLI::Option* add_output(CLI::App& app, std::string& file, const std::string& help) {
  auto* option = app.add_option("-o,--output", file, help)->type_name("FILE")->check(unknown_field_mistake, "");
  return file.empty() ? option : option->capture_default_str();
}

}  // namespace

void add_output_option(CLI::App& app, std::string& file, const std::string& help) { add_output(app, file, help); }

void add_required_output_option(CLI::App& app, std::string& file, const std::string& help) {
  add_output(app, file, help)->required();
}

void add_file_option(CLI::App& app, const std::string& name, std::string& file, const std::string& help) {
  const auto take = [name, &file](const std::string& text) {
    if (text.empty()) refuse(name, "it names no file");
    file = text;
  };
  app.add_option_function<std::string>(name, take, help)->type_name("FILE");
}

void add_output_pattern_option(CLI::App& app, const std::string& name, std::string& file, const std::string& help) {
  add_file_option(app, name, file, help);
  app.get_option(name)->check(unknown_field_mistake, "");
}

CLI::Option* add_folder_pattern_option(CLI::App& app, const std::string& name, std::filesystem::path& folder,
                                       const std::string& help) {
  return add_path(app, name, folder, help)->check(unknown_field_mistake, "");
}

void add_overwrite_option(CLI::App& app, bool& overwrites) {
  app.add_flag("--overwrite", overwrites, "Also replace files whose names come from a pattern or a folder");
}

void add_clip_output_options(CLI::App& app, OutputRequest& request) {
  app.add_option("-o,--output", request.files,
                 "File to write, one or more (default: standard output); with {stem} in the name: one file for each "
                 "input")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->check(unknown_field_mistake, "");
  add_overwrite_option(app, request.overwrites);
  std::vector<std::string> names;
  for (const auto& format : formats()) names.emplace_back(format.name);
  const auto parse = [names, &request](const std::vector<std::string>& words) {
    request.formats.clear();
    for (const auto& word : words) {
      const auto format = std::ranges::find(formats(), word, &Format::name);
      if (format == formats().end()) refuse_word("--format", word, names);
      request.formats.push_back(&*format);
    }
  };
  app.add_option_function<std::vector<std::string>>(
         "--format", parse,
         "Format of each file, in their order (default: by the ending of its name; otherwise a table)")
      ->type_name(alternatives(names))
      ->allow_extra_args(false);
  add_choice<std::optional<SpanKind>>(
      app, "--what", request.what,
      choices_of<std::optional<SpanKind>>({SpanKind::clips, SpanKind::shots, SpanKind::scenes, SpanKind::transitions}),
      "Spans to write, in place of the format's own: shots in lists of keyframes, markers "
      "and shot changes, scenes in scenes-txt, otherwise clips; json and jsonl hold "
      "all");
  add_format_options(app, request.format_options);
}

void add_format_option(CLI::App& app, ModelFormat& format) {
  using enum ModelFormat;
  add_choice<ModelFormat>(app, "--format", format, {{"table", table}, {"json", json}}, "Format of the output");
}

void add_shell_argument(CLI::App& app, Shell& shell) {
  using enum Shell;
  add_choice<Shell>(app, "SHELL", shell, {{"bash", bash}, {"zsh", zsh}, {"fish", fish}},
                    "The shell that runs the script")
      ->default_str("")
      ->required();
}

void add_folder_argument(CLI::App& app, std::filesystem::path& folder) {
  add_path(app, "FOLDER", folder, "Folder to write to; each kind of file gets its own subfolder")->required();
}

}  // namespace command
