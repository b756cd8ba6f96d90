// SPDX-License-Identifier: Apache-2.0
#include "options/input_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "io/open_input.hpp"
#include "options/command_words.hpp"

namespace command {
namespace {

/// Takes the results unparsed, because CLI11 would convert the name "{}" to an empty list.
CLI::Option* add_files(CLI::App& app, const std::string& name, std::vector<std::filesystem::path>& files,
                       const std::string& help) {
  auto* option = app.add_option(
                        name, [](const CLI::results_t&) { return true; }, help)
                     ->type_name("");
  app.parse_complete_callback([option, &files] {
    files.clear();
    for (const auto& word : option->results()) files.push_back(named_input(without_mark(word)));
  });
  return option;
}

}  // namespace

void add_inputs(CLI::App& app, const std::string& name, std::vector<std::filesystem::path>& files,
                const std::string& help) {
  add_files(app, name, files, help)->required()->expected(1, -1)->allow_extra_args();
}

void add_input(CLI::App& app, const std::string& name, std::vector<std::filesystem::path>& files,
               const std::string& help) {
  add_files(app, name, files, help)->required()->expected(1);
}

void add_video_inputs(CLI::App& app, InputRequest& request) {
  add_files(app, "VIDEO", request.named,
            "Video files, folders with videos, or quoted patterns such as '*.mp4' or '%04d.png'; - = standard input")
      ->expected(0, -1)
      ->allow_extra_args();
  app.add_flag("--recursive", request.is_recursive, "Search subfolders as well");
  auto* const lists =
      app.add_option_function<std::vector<std::string>>(
             "--files-from",
             [&request](const std::vector<std::string>& files) { request.lists.assign(files.begin(), files.end()); },
             "File that lists more inputs, one per line; - = standard input; .json, .jsonl, .csv: their \"video\"")
          ->type_name("FILE")
          ->allow_extra_args(false);
  app.add_option("--path-column", request.columns.path_column,
                 "Column of the .csv, or key of the .jsonl or .json, that has the paths, instead of \"video\"; the "
                 "results repeat the other columns")
      ->type_name("NAME")
      ->needs(lists);
  app.add_option("--id-column", request.columns.id_column,
                 "Column, or key, whose cell names the video in the results; the results repeat the other columns")
      ->type_name("NAME")
      ->needs(lists);
  app.add_option_function<std::string>(
         "--shard", [&request](const std::string& text) { request.shard = Shard::parse(text); },
         "Process only part I of N of the videos, I from 1 to N, as in a job array")
      ->type_name("I/N");
}

void add_video_name_option(CLI::App& app, InputRequest& request) {
  app.add_option("--name", request.name, "Name of the only video in the results, such as that of a pipe")
      ->type_name("NAME");
}

void add_optional_input(CLI::App& app, const std::string& name, std::vector<std::filesystem::path>& files,
                        const std::string& help) {
  add_files(app, name, files, help)->expected(1);
}

}  // namespace command
