// SPDX-License-Identifier: Apache-2.0
#include "help/help_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace transnet::test {
namespace {

using command::CommandDescription;
using command::OptionDescription;
using command::ValueKind;

OptionDescription option(const std::string& name, ValueKind kind, const std::string& value, const std::string& help) {
  OptionDescription facts;
  facts.long_name = name;
  facts.kind = kind;
  facts.value_name = value;
  facts.help = help;
  return facts;
}

TEST(HelpText, HasOptionsByTheirHeadingsInLinesThatFit) {
  CommandDescription command;
  command.names = {"transnet", "split"};
  command.help = "Cut the clips of each video into files";
  OptionDescription videos;
  videos.value_name = "VIDEO";
  videos.takes_many = true;
  videos.help = "Video files";
  command.arguments = {videos};
  command.options = {option("quiet", ValueKind::none, "", "Write only errors to stderr"),
                     option("mode", ValueKind::choice, "copy|reencode|smart", "Copy, or encode"),
                     option("new", ValueKind::number, "INT", "An option without a heading"),
                     option("output", ValueKind::file, "FILE",
                            "File for the list of the cut files, which is long enough to need another line")};
  command.options.back().short_name = "o";
  command.options[1].default_value = "reencode";
  command.options[2].variable = "NEW";
  command.options[2].is_required = true;
  EXPECT_EQ(command::help_text(command), R"(Cut the clips of each video into files
Usage: transnet split [OPTIONS] [VIDEO...]

Arguments:
  VIDEO...                  Video files

Output:
  -o, --output FILE         File for the list of the cut files, which is long
                            enough to need another line

Clips:
  --mode WORD               Copy, or encode: copy, reencode, smart (default:
                            reencode)

Run:
  --quiet                   Write only errors to stderr

Further options:
  --new INT                 An option without a heading (required) (environment:
                            NEW)
)");
}

TEST(HelpText, ListsSubcommands) {
  CommandDescription command;
  command.names = {"transnet", "model"};
  command.help = "Fetch a model";
  command.footer = std::string(76, 'x') + " last words";
  command.commands.resize(1);
  command.commands[0].names = {"transnet", "model", "fetch"};
  command.commands[0].help = "Download it";
  EXPECT_EQ(command::help_text(command), R"(Fetch a model
Usage: transnet model SUBCOMMAND

Subcommands:
  fetch                     Download it

)" + std::string(76, 'x') + "\nlast words\n");
}

}  // namespace
}  // namespace transnet::test
