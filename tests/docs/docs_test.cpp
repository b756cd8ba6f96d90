// SPDX-License-Identifier: Apache-2.0
// The pages of docs/ do what they say. The test runs these code blocks, all blocks of a page in order in one folder
// that holds bikes.mp4, with the command on the path and the weights in the cache folder:
//
//   ```sh run        a script that must end with 0
//   ```console run   lines "$ COMMAND" and the output of each on both streams; "..." stands for any text
//   ```cpp run       an exact part of library_guide_test.cpp or library_guide_cut_test.cpp, which are built and run
//   ```c run         an exact part of examples/c_stream.c
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "support/command.hpp"
#include "support/command_help.hpp"
#include "support/downloads.hpp"
#include "support/files.hpp"
#include "support/markdown.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using ::testing::Not;

const fs::path root = TRANSNET_SOURCE_DIR;
const fs::path docs = root / "docs";

std::vector<fs::path> pages_in(const fs::path& folder) {
  std::vector<fs::path> pages;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  }
  std::ranges::sort(pages);
  return pages;
}

bool is_run(const CodeBlock& block) { return block.info == "sh run" || block.info == "console run"; }

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

/// A command of a ```console block and its output.
struct Step {
  std::string command;
  std::string output;
};

std::vector<Step> steps_of(const CodeBlock& block) {
  std::vector<Step> steps;
  for (const auto& line : block.lines) {
    if (line.starts_with("$ ")) {
      steps.push_back({line.substr(2), ""});
    } else if (!steps.empty() && steps.back().output.empty() && steps.back().command.ends_with('\\')) {
      steps.back().command += "\n" + line;
    } else if (steps.empty()) {
      ADD_FAILURE() << "line " << block.first_line << ": a block of ```console begins with \"$ COMMAND\"";
    } else {
      steps.back().output += line + "\n";
    }
  }
  return steps;
}

/// A page whose blocks are run.
class Page : public testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override {
    if (const auto missing = missing_download({sample_video(), published_weights()})) GTEST_SKIP() << *missing;
    make_weights_folder(cache_.path());
    fs::create_symlink(sample_video(), folder_.path() / "bikes.mp4");
  }

  /// The commands keep their answers: the network sees a video of the pages once. ctest empties the folder before.
  CommandResult run(const std::string& script) const {
    const auto bin = fs::path(TRANSNET_COMMAND).parent_path().native();
    return run_command({"env", "-C", folder_.path().native(), "-u", "TRANSNET_WEIGHTS_URL", "-u", "TRANSNET_CONFIG",
                        "TRANSNET_CACHE=" TRANSNET_TEST_ANSWERS_DIR, "XDG_CACHE_HOME=" + cache_.path().native(),
                        "LC_ALL=C", "sh", "-c", "set -eu\nPATH=$0:$PATH\n" + script, bin});
  }

  void run_block(const CodeBlock& block) const {
    if (block.info == "sh run") {
      const auto result = run(joined(block.lines));
      EXPECT_EQ(result.exit_status, 0) << joined(block.lines) << "\n" << result.out << result.err;
      return;
    }
    for (const auto& step : steps_of(block)) {
      // The commands of a page may fail on purpose and show it.
      const auto result = run("exec 2>&1\nset +e\n" + step.command);
      EXPECT_EQ(result.exit_status, 0) << step.command << "\n" << result.out;
      EXPECT_TRUE(is_like(result.out, step.output)) << step.command << "\nprinted\n"
                                                    << result.out << "and not\n"
                                                    << step.output;
    }
  }

  TempDir folder_;
  TempDir cache_;
};

TEST_P(Page, DoesWhatItShows) {
  const auto blocks = code_blocks(GetParam());
  for (const auto* tool : {"ffmpeg", "python3"}) {
    const bool needs_it = std::ranges::any_of(blocks, [&](const auto& block) {
      return is_run(block) && joined(block.lines).find(tool) != std::string::npos;
    });
    if (needs_it && !has_command(tool)) GTEST_SKIP() << tool << " is missing";
  }
  const bool needs_split = std::ranges::any_of(blocks, [](const auto& block) {
    return is_run(block) && joined(block.lines).find("transnet split") != std::string::npos;
  });
  if (needs_split && !has_split) GTEST_SKIP() << "this build has no split";
  for (const auto& block : blocks) {
    SCOPED_TRACE(GetParam().native() + ":" + std::to_string(block.first_line));
    if (is_run(block)) run_block(block);
  }
}

std::vector<fs::path> pages_that_run() {
  auto pages = pages_in(docs);
  std::erase_if(pages, [](const auto& page) { return std::ranges::none_of(code_blocks(page), is_run); });
  return pages;
}

std::string name_of_page(const testing::TestParamInfo<fs::path>& info) {
  auto name = info.param.stem().native();
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Docs, Page, testing::ValuesIn(pages_that_run()), name_of_page);

TEST(Docs, ShowSourcesThatAreBuilt) {
  const auto folder = root / "tests" / "docs";
  const auto source = lines_of_file(folder / "library_guide_test.cpp");
  const auto cut_source = lines_of_file(folder / "library_guide_cut_test.cpp");
  const auto c_source = lines_of_file(root / "examples" / "c_stream.c");
  std::size_t count = 0;
  for (const auto& page : pages_in(docs)) {
    for (const auto& block : code_blocks(page)) {
      if (block.info == "c run") {
        EXPECT_TRUE(holds_block(c_source, block.lines)) << page << ":" << block.first_line << " is not c_stream.c";
      }
      if (block.info != "cpp run") continue;
      ++count;
      EXPECT_TRUE(holds_block(source, block.lines) || holds_block(cut_source, block.lines))
          << page << ":" << block.first_line << " is not an exact part of tests/docs/library_guide*_test.cpp:\n"
          << joined(block.lines);
    }
  }
  EXPECT_GT(count, 10U);
}

/// The functions that the header of the C interface declares, and the types, in one set each.
TEST(Docs, TheCPageNamesEveryFunctionAndNoOther) {
  const auto header = joined(lines_of_file(root / "include" / "transnet" / "transnet.h"));
  const auto matches = [](const std::string& text, const std::regex& pattern) {
    std::set<std::string> names;
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
      names.insert((*match)[1].str());
    }
    return names;
  };
  const auto functions = matches(header, std::regex(R"(\nTRANSNET_C_API [^;(]*[ *](transnet_[a-z0-9_]+)\()"));
  ASSERT_GT(functions.size(), 20U);
  const auto page = joined(lines_of_file(docs / "c.md"));
  const std::regex word(R"((transnet_[a-z0-9_]+))");
  const auto named = matches(page, word);
  const auto known = matches(header, word);
  for (const auto& function : functions) EXPECT_TRUE(named.contains(function)) << "c.md does not name " << function;
  for (const auto& name : named) EXPECT_TRUE(known.contains(name)) << "c.md names " << name;
}

void expect_to_lead_somewhere(const Link& link, const fs::path& page) {
  const auto target = link.file.empty() ? page : page.parent_path() / link.file;
  if (!fs::exists(target)) {
    ADD_FAILURE() << page << " links to " << link.file;
  } else if (!link.anchor.empty()) {
    EXPECT_TRUE(anchors_of(target).contains(link.anchor)) << page << " links to " << link.file << "#" << link.anchor;
  }
}

TEST(Docs, LinkToWhatIsThere) {
  for (const auto& folder : {root, docs, root / "bench"}) {
    for (const auto& page : pages_in(folder)) {
      for (const auto& link : links_of(page)) expect_to_lead_somewhere(link, page);
    }
  }
}

TEST(Docs, TheIndexNamesEveryPage) {
  std::set<std::string> named;
  for (const auto& link : links_of(docs / "README.md")) named.insert(link.file);
  for (const auto& page : pages_in(docs)) {
    if (page.filename() == "README.md") continue;
    EXPECT_TRUE(named.contains(page.filename().native())) << "docs/README.md does not link to " << page.filename();
  }
}

/// Every word that looks like an option in a page about a subcommand is one of its options.
TEST(Docs, NameOptionsThatThereAre) {
  static const std::regex option(R"((^|[^-\w])(--[a-z][a-z0-9-]*))");
  const auto options_in = [](const std::string& text) {
    std::set<std::string> options;
    for (std::sregex_iterator match(text.begin(), text.end(), option), end; match != end; ++match) {
      options.insert((*match)[2].str());
    }
    return options;
  };
  if (!has_split) GTEST_SKIP() << "this build has no split";
  std::set<std::string> known;
  for (const auto& words : all_commands()) known.merge(options_in(help_of(words)));
  ASSERT_THAT(known, Not(IsEmpty()));
  for (const auto* name : {"shots.md", "clips.md", "predict.md", "scenes.md", "frames.md", "model.md", "batches.md",
                           "split.md", "report.md"}) {
    for (const auto& word : options_in(joined(lines_of_file(docs / name)))) {
      const bool is_a_mistake_on_purpose = word == "--treshold";
      EXPECT_TRUE(known.contains(word) || is_a_mistake_on_purpose) << name << " names " << word;
    }
  }
}

TEST(Docs, TheTerminalShowsWhatTheCommandPrints) {
  if (const auto missing = missing_download({sample_video(), published_weights()})) GTEST_SKIP() << *missing;
  if (!has_command("python3")) GTEST_SKIP() << "python3 is missing";
  if (!has_split) GTEST_SKIP() << "this build has no split";
  const TempDir folder;
  const auto picture = folder.path() / "terminal.svg";
  const auto script = (root / "scripts" / "terminal_picture.py").native();
  const auto result = run_command({"python3", script, "--transnet", TRANSNET_COMMAND, "--deps", TRANSNET_TEST_DEPS_DIR,
                                   "--output", picture.native()});
  ASSERT_EQ(result.exit_status, 0) << result.out << result.err;
  EXPECT_EQ(read_file(picture), read_file(docs / "images" / "terminal.svg")) << "run " << script;
}

TEST(Markdown, TextIsLikeAPattern) {
  EXPECT_TRUE(is_like("a b c\n", "a b c\n"));
  EXPECT_FALSE(is_like("a b c\n", "a b\n"));
  EXPECT_TRUE(is_like("a 1 c\nd\n", "a ... c\nd\n"));
  EXPECT_TRUE(is_like("a\nb\nc\nd\n", "a\n...\nd\n"));
  EXPECT_FALSE(is_like("a\nb\nc\nd\n", "a\n...\ne\n"));
  EXPECT_FALSE(is_like("xa\n", "a...\n"));
  EXPECT_FALSE(is_like("ab", "ab...b")) << "the same letter cannot be matched twice";
}

}  // namespace
}  // namespace transnet::test
