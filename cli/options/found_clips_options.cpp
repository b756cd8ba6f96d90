// SPDX-License-Identifier: Apache-2.0
#include "options/found_clips_options.hpp"

#include <CLI/CLI.hpp>

#include "io/open_input.hpp"
#include "options/option_kinds.hpp"

namespace command {

void add_clip_or_shot_option(CLI::App& app, SpanKind& what, const std::string& help) {
  add_choice<SpanKind>(app, "--what", what, choices_of<SpanKind>({SpanKind::clips, SpanKind::shots}), help);
}

void add_clips_file_option(CLI::App& app, std::vector<std::filesystem::path>& files) {
  const auto take = [&files](const std::string& file) { files = {named_input(file)}; };
  app.add_option_function<std::string>("--clips", take,
                                       "File that 'clips' wrote as json or jsonl; the network does not run")
      ->type_name("FILE");
}

void refuse_decisions(const CLI::App& app, const std::string& source, const OptionNames& decisions,
                      const ExtractionOptionNames& extraction) {
  for (const auto* names : {&decisions, &extraction.network}) {
    refuse_given(app, *names, "it has no effect with " + source);
  }
}

}  // namespace command
