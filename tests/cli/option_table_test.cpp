// SPDX-License-Identifier: Apache-2.0
// The option tables: each field has a row, and all readers of the rows know every option.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "formats/option_values.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "support/files.hpp"
#include "support/transnet_command.hpp"

namespace transnet::test {
namespace {

using command::Json;
using testing::HasSubstr;
using testing::Not;

template <typename Options>
class OptionTables : public testing::Test {};

using Aggregates = testing::Types<DecisionOptions, Limits, DecodeOptions, ShotModelOptions, ClipExtractorOptions>;

TYPED_TEST_SUITE(OptionTables, Aggregates);

TYPED_TEST(OptionTables, HaveARowForEachFieldInItsPlace) {
  const TypeParam options;
  const auto fields = OptionTable<TypeParam>::fields(options);
  const auto expect_row = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    const auto expect = [&](const auto& field, const auto& row) {
      EXPECT_EQ(static_cast<const void*>(&field), static_cast<const void*>(&(options.*row.field))) << row.name;
    };
    (expect(std::get<Index>(fields), std::get<Index>(OptionTable<TypeParam>::rows)), ...);
  };
  expect_row(std::make_index_sequence<std::tuple_size_v<decltype(fields)>>());
}

/// Another value of the same kind. False: the kind has none that JSON shows.
template <typename Row, typename Value>
bool change(const Row& row, Value& value) {
  if constexpr (std::is_same_v<Value, bool>) {
    value = !value;
  } else if constexpr (std::is_enum_v<Value>) {
    value = row.words.front().value == value ? row.words.back().value : row.words.front().value;
  } else if constexpr (std::is_arithmetic_v<Value>) {
    value += 1;
  } else if constexpr (std::is_same_v<Value, std::optional<int>>) {
    value = 7;
  } else if constexpr (std::is_same_v<Value, std::string>) {
    value += "-other";
  } else {
    return false;
  }
  return true;
}

TEST(OptionValues, ChangeWithEveryOptionThatAffectsResults) {
  for (const auto least : {Affects::failures, Affects::clips, Affects::predictions}) {
    const ClipExtractorOptions defaults;
    const Json expected = command::option_values(defaults, least);
    std::size_t seen = 0;
    ClipExtractorOptions options;
    for_each_option(options, [&](const auto& row, auto& value) {
      if (row.affects < least) return;
      ++seen;
      const auto before = value;
      ASSERT_TRUE(change(row, value)) << row.name;
      EXPECT_NE(command::option_values(options, least), expected) << row.name;
      value = before;
    });
    EXPECT_EQ(seen, expected.size()) << "each option has a name of its own";
    EXPECT_GT(seen, 0U);
  }
}

TEST(OptionValues, AreWordsNumbersAndNothing) {
  ClipExtractorOptions options;
  options.decode.timing = Timing::constant_rate;
  options.model.precision = Precision::bf16;
  const Json values = command::option_values(options, Affects::predictions);
  EXPECT_EQ(values.at("timing"), "constant-rate");
  EXPECT_EQ(values.at("precision"), "bf16");
  EXPECT_EQ(values.at("stream"), nullptr);
  EXPECT_EQ(values.at("frame_step"), 1);
  EXPECT_FALSE(values.contains("threshold"));
  EXPECT_FALSE(values.contains("max_time_s"));
}

std::string dashed(std::string_view name) { return "--" + command::word_of(name); }

TEST(OptionTable, EveryHelpTextStandsInTheHelpOfClips) {
  const auto help = run_transnet({"clips", "--help"}).out;
  std::size_t seen = 0;
  ClipExtractorOptions options;
  for_each_option(options, [&](const auto& row, const auto&) {
    if (row.help.empty()) return;
    ++seen;
    EXPECT_THAT(help, HasSubstr(dashed(row.name) + " ")) << row.name;
  });
  EXPECT_GT(seen, 15U);
}

TEST(OptionTable, TheCommandHasDefaultsOfItsOwn) {
  EXPECT_EQ(DecisionOptions().transition_frames, TransitionFrames::none);
  EXPECT_EQ(command_defaults<ClipExtractorOptions>().decision.transition_frames, TransitionFrames::split);
  for (const auto* subcommand : {"clips", "scenes", "split", "sheet", "report"}) {
    const auto shown = run_transnet({subcommand, "--print-config"}).out;
    EXPECT_THAT(shown, HasSubstr("transition-frames = \"split\"")) << subcommand;
  }
  EXPECT_THAT(run_transnet({"sweep", "--print-config"}).out, Not(HasSubstr("transition-frames")))
      << "it counts shots, and their number is the same";
}

std::string shown(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_boolean()) return value.get<bool>() ? "on" : "off";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// The table of docs/options.md.
std::string option_page() {
  std::string text = "| option | field | default | takes | meaning |\n|---|---|---|---|---|\n";
  const auto add_rows = [&text](const auto& options, const std::string& path) {
    using Options = std::remove_cvref_t<decltype(options)>;
    const auto add = [&](const auto& row) {
      if (row.help.empty()) return;
      std::string takes(row.range.rule);
      std::string standard = shown(command::option_value(row, options.*row.field));
      if (row.command_default != nullptr) {
        standard = shown(command::option_value(row, *row.command_default)) + "; the library's: " + standard;
      }
      for (const auto& word : row.words) takes += (takes.empty() ? "`" : ", `") + std::string(word.text) + "`";
      text += "| `" + dashed(row.name) + "` | `" + path + std::string(row.name == "fast_decode" ? "fast" : row.name) +
              "` | " + standard + " | " + takes + " | " + std::string(row.help) + " |\n";
    };
    std::apply([&](const auto&... row) { (add(row), ...); }, OptionTable<Options>::rows);
  };
  const ClipExtractorOptions options;
  add_rows(options.decision, "decision.");
  add_rows(options.decode, "decode.");
  add_rows(options.decode.limits, "decode.limits.");
  add_rows(options.model, "model.");
  add_rows(options, "");
  return text;
}

// cli/options/options.cpp names the options of the decision that `shots` takes.
TEST(OptionTable, ShotsTakesWhatDecidesAboutShots) {
  const auto help = run_transnet({"shots", "--help"}).out;
  const std::set<std::string> of_clips_alone{"min_length_s", "max_length_s",         "max_length_mode",
                                             "crop_s",       "entire_scene_as_clip", "limit_clips"};
  DecisionOptions options;
  for_each_option(options, [&](const auto& row, const auto& /*value*/) {
    auto option = " --" + std::string(row.name);
    std::ranges::replace(option, '_', '-');
    EXPECT_EQ(help.find(option) != std::string::npos, !of_clips_alone.contains(std::string(row.name))) << row.name;
  });
}

TEST(OptionTable, IsThePageOfTheDocs) {
  const auto page = std::filesystem::path(TRANSNET_SOURCE_DIR) / "docs" / "options.md";
  const std::string text = read_file(page);
  const auto begin = text.find("| option |");
  const std::string written = begin == std::string::npos ? "" : text.substr(begin);
  if (std::getenv("TRANSNET_WRITE_DOCS") != nullptr) {
    std::ofstream(page) << text.substr(0, begin) << option_page();
    GTEST_SKIP() << "wrote " << page;
  }
  EXPECT_EQ(written, option_page()) << "run this test with TRANSNET_WRITE_DOCS=1 to write the table again";
}

}  // namespace
}  // namespace transnet::test
