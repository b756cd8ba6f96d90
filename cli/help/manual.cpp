// SPDX-License-Identifier: Apache-2.0
#include "help/manual.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string_view>

#include "help/roff.hpp"

namespace command {
namespace {

struct ListItem {
  std::string_view term;
  std::string_view text;
};

constexpr std::array exit_statuses{
    ListItem{"0", "All videos are complete. For doctor: the command can do its work."},
    ListItem{"1", "At least one video failed. For doctor: something keeps the command from its work."},
    ListItem{"2", "Bad usage: nothing was done."},
    ListItem{"3", "At least one video could only be read in part, and no video failed."},
};

constexpr std::array environment_variables{
    ListItem{"TRANSNET_CONFIG", "Configuration file to read if --config names none."},
    ListItem{"TRANSNET_CACHE", "Folder of --cache if the command line has no such option."},
    ListItem{"TRANSNET_WEIGHTS_URL", "Address to download the weights from, instead of the published one."},
    ListItem{"XDG_CACHE_HOME, HOME", "Parent of the user's cache folder."},
    ListItem{"http_proxy, https_proxy, no_proxy", "Proxies for the download of the weights, as in curl(1)."},
    ListItem{"NO_COLOR", "If set, messages have no colours."},
    ListItem{"TERM", "If it is dumb, no progress bar is shown."},
    ListItem{"TRANSNET_INSTRUCTION_SET",
             "Limits the network on the CPU to an instruction set and the sets before it: generic, avx2, avx512, "
             "avx512_bf16 or amx_bf16 on x86-64; generic, neon or neon_bf16 on ARM."},
};

constexpr std::array files{
    ListItem{"$XDG_CACHE_HOME/transnet/", "Folder of the weights; without XDG_CACHE_HOME: ~/.cache/transnet/."},
};

struct Example {
  std::string_view command;  ///< words of the page
  std::string_view text;
  std::string_view lines;
};

constexpr std::array examples{
    Example{"transnet shots", "Print the shots of a video as a table:", "transnet shots video.mp4"},
    Example{"transnet shots",
            "Write an edit decision list and a spreadsheet:", "transnet shots video.mp4 -o video.edl -o video.csv"},
    Example{"transnet clips", "Print the clips of a video as a table:", "transnet clips video.mp4"},
    Example{"transnet clips", "Write a line of JSON for each video below a folder; continue a run that was killed:",
            "transnet clips footage/ --recursive -o clips.jsonl --resume"},
    Example{"transnet clips",
            "Write an edit decision list and JSON:", "transnet clips video.mp4 -o video.edl -o video.json"},
    Example{"transnet predict", "Compute the probabilities once, then find clips in them as often as needed:",
            "transnet predict video.mp4 -o video.txt\ntransnet scenes video.txt --framerate 25 --threshold 0.5"},
    Example{"transnet scenes", "Find clips in probabilities, shorter ones as well:",
            "transnet scenes video.txt --framerate 25 --min-length-s 0.5"},
    Example{"transnet eval", "Score probabilities against labels, and draw precision over recall:",
            "transnet eval film.predictions.txt --truth film.truth.json --plot curve.svg"},
    Example{"transnet frames", "Write the frames that the network sees as a video:",
            "transnet frames video.mp4 | ffmpeg -f rawvideo -pix_fmt rgb24 -s 48x27 -i - seen.mkv"},
    Example{"transnet split",
            "Cut the clips into files and encode them:", "transnet split video.mp4 --output-dir clips/"},
    Example{"transnet split", "Cut the clips of an existing result without encoding:",
            "transnet split video.mp4 --clips video.json --mode copy"},
    Example{"transnet model", "Download the weights before a machine goes offline:", "transnet model fetch"},
    Example{"transnet doctor", "Check that the command can do its work:", "transnet doctor"},
    Example{"transnet completion",
            "Load the completion into this session of bash:", "source <(transnet completion bash)"},
};

std::string upper(std::string text) {
  for (auto& letter : text) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return text;
}

/// "transnet-clips"
std::string page_name(const CommandDescription& command) { return fmt::format("{}", fmt::join(command.names, "-")); }

/// Alternatives that are too long for the term stand in the text.
bool has_long_value_name(const OptionDescription& option) {
  constexpr std::size_t longest = 50;
  return !option.choices.empty() && option.value_name.size() > longest;
}

std::string term_of(const OptionDescription& option) {
  std::string term;
  if (!option.short_name.empty()) term = Roff::bold("-" + option.short_name);
  if (!option.long_name.empty()) term += (term.empty() ? "" : ", ") + Roff::bold("--" + option.long_name);
  const auto value = has_long_value_name(option) ? "WORD" : option.value_name;
  if (!value.empty()) term += (term.empty() ? "" : " ") + Roff::italic(value);
  return term;
}

std::string text_of(const OptionDescription& option) {
  auto text = option.help + ".";
  const bool lists_choices = option.long_name.empty() || has_long_value_name(option);
  if (lists_choices && !option.choices.empty()) text += fmt::format(" {}.", fmt::join(option.choices, ", "));
  if (!option.default_value.empty()) text += " Default: " + option.default_value + ".";
  if (option.is_required && !option.long_name.empty()) text += " Required.";
  if (option.takes_many && !option.long_name.empty()) text += " Can be given several times.";
  return text;
}

/// "transnet model info [OPTION]... [FILE]"
std::string synopsis(const CommandDescription& command) {
  auto line = Roff::bold(command.words());
  if (!command.options.empty()) line += " [" + Roff::italic("OPTION") + "]...";
  if (!command.commands.empty()) line += " " + Roff::italic("COMMAND");
  for (const auto& argument : command.arguments) {
    const auto name = Roff::italic(argument.value_name) + (argument.takes_many ? "..." : "");
    line += " " + (argument.is_required ? name : "[" + name + "]");
  }
  return line;
}

void add_options(Roff& page, const CommandDescription& command) {
  for (const auto& argument : command.arguments) page.entry(term_of(argument), text_of(argument));
  for (const auto& option : command.options) page.entry(term_of(option), text_of(option));
}

void add_entries(Roff& page, std::string_view title, std::span<const ListItem> entries) {
  page.section(title);
  for (const auto& entry : entries) page.entry(Roff::bold(entry.term), entry.text);
}

/// Whether the example belongs to the command or to a subcommand directly below it, which the build may leave out.
bool is_of(const Example& example, const CommandDescription& command) {
  const auto is_named = [&](const CommandDescription& one) { return one.words() == example.command; };
  return is_named(command) || std::ranges::any_of(command.commands, is_named);
}

void add_examples(Roff& page, const CommandDescription& command) {
  bool is_first = true;
  for (const auto& example : examples) {
    if (!is_of(example, command)) continue;
    if (is_first) {
      page.section("EXAMPLES");
    } else {
      page.line(".PP");
    }
    is_first = false;
    page.text(example.text);
    page.example(example.lines);
  }
}

/// The sections after the options, the same on all pages.
void add_end(Roff& page, const CommandDescription& command, const std::vector<std::string>& other_pages) {
  add_entries(page, "EXIT STATUS", exit_statuses);
  add_entries(page, "ENVIRONMENT", environment_variables);
  add_entries(page, "FILES", files);
  add_examples(page, command);
  page.section("SEE ALSO");
  for (const auto& other : other_pages) {
    page.line(".BR " + Roff::escaped(other) + " (1)" + (&other == &other_pages.back() ? "" : ","));
  }
}

Roff begin(const CommandDescription& command, const std::string& version) {
  Roff page;
  page.line(fmt::format(R"(.TH {} 1 "" "transnet {}" "transnet")", Roff::escaped(upper(page_name(command))), version));
  page.section("NAME");
  page.line(Roff::escaped(page_name(command)) + R"( \- )" + Roff::escaped(command.help));
  page.section("SYNOPSIS");
  return page;
}

ManualPage program_page(const CommandDescription& program, const std::string& version) {
  auto page = begin(program, version);
  page.line(synopsis(program));
  page.section("DESCRIPTION");
  page.text(
      "transnet finds the shots of a video and turns them into clip spans. Results go to standard output, all messages "
      "to "
      "standard error.");
  page.section("COMMANDS");
  std::vector<std::string> pages;
  for (const auto& below : program.commands) {
    page.entry("\\fB" + Roff::escaped(page_name(below)) + "\\fR(1)", below.help + ".");
    pages.push_back(page_name(below));
  }
  page.section("OPTIONS");
  add_options(page, program);
  add_end(page, program, pages);
  return {page_name(program) + ".1", page.str()};
}

ManualPage subcommand_page(const CommandDescription& command, const CommandDescription& program,
                           const std::string& version) {
  auto page = begin(command, version);
  const auto parts = command.commands.empty() ? std::vector{command} : command.commands;
  for (const auto& part : parts) {
    page.line(synopsis(part));
    if (&part != &parts.back()) page.line(".br");
  }
  page.section("DESCRIPTION");
  page.text(command.help + ".");
  if (command.commands.empty()) {
    page.section("OPTIONS");
    add_options(page, command);
  } else {
    page.section("COMMANDS");
    for (const auto& part : parts) {
      page.subsection(part.words());
      page.text(part.help + ".");
      add_options(page, part);
    }
  }
  add_end(page, command, {program.names.front()});
  return {page_name(command) + ".1", page.str()};
}

}  // namespace

std::vector<ManualPage> manual_pages(const CommandDescription& program, const std::string& version) {
  std::vector<ManualPage> pages{program_page(program, version)};
  for (const auto& command : program.commands) pages.push_back(subcommand_page(command, program, version));
  return pages;
}

}  // namespace command
