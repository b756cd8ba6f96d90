// SPDX-License-Identifier: Apache-2.0
// The command without transnet::cut, and without the LibTorch backend in its folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/command_help.hpp"
#include "support/downloads.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(CommandWithoutCut, SaysThatItCannotCut) {
  for (const auto& words : std::vector<Words>{{"split"}, {"split", "--help"}, {"split", "v.mp4", "--mode", "copy"}}) {
    SCOPED_TRACE(testing::PrintToString(words));
    const auto result = run_transnet(words);
    EXPECT_EQ(result.exit_status, bad_usage);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr("this transnet cannot cut clips into files: it was built with "
                                      "TRANSNET_BUILD_CUT=OFF"));
    EXPECT_THAT(result.err, HasSubstr("see 'transnet --help'"));
  }
}

TEST(CommandWithoutCut, ListsNoSplit) {
  EXPECT_THAT(all_commands(), Contains(Words{"clips"}));
  EXPECT_THAT(all_commands(), Not(Contains(Words{"split"})));
  for (const auto& [shell, before] :
       {std::pair{"bash", "'transnet "}, {"zsh", "_transnet_"}, {"fish", "__transnet_at "}}) {
    const auto script = run_transnet({"completion", shell}).out;
    EXPECT_THAT(script, HasSubstr(before + std::string("sheet"))) << shell;
    EXPECT_THAT(script, Not(HasSubstr(before + std::string("split")))) << shell;
    EXPECT_THAT(script, Not(HasSubstr("--split"))) << shell;
  }
  const TempDir folder;
  ASSERT_EQ(run_transnet({"share-files", folder.path().native()}).exit_status, 0);
  const auto pages = folder.path() / "man" / "man1";
  EXPECT_THAT(read_file(pages / "transnet.1"), HasSubstr("transnet clips"));
  EXPECT_THAT(read_file(pages / "transnet.1"), Not(HasSubstr("split")));
  EXPECT_FALSE(std::filesystem::exists(pages / "transnet-split.1"));
}

TEST(CommandWithoutCut, NeedsNoEncoders) {
  if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  const auto result = run_transnet({"doctor", "--format", "json", "--weights", published_weights().native()});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\"decoders\""));
  EXPECT_THAT(result.out, Not(HasSubstr("\"encoders\"")));
}

// The reference gives the clip of the frames 42 to 63 this name.
TEST(CommandWithoutCut, FindsClips) {
  if (const auto missing = missing_download({published_weights(), sample_video()})) GTEST_SKIP() << *missing;
  const TempDir folder;
  std::filesystem::create_symlink(sample_video(), folder.path() / "bikes.mp4");
  const auto result = run_transnet_in_shell(
      folder.path(), R"(exec "$@")",
      {"clips", "bikes.mp4", "--weights", published_weights().native(), "--min-length-s", "0.5", "--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("d23419cb-291c-50fe-9bb9-c2ddb5a6b083"));
}

TEST(CommandWithoutCut, SaysThatItHasNoBackend) {
  if (const auto missing = missing_download({published_weights(), sample_video()})) GTEST_SKIP() << *missing;
  for (const auto& words : std::vector<Words>{
           {"model", "info", known_model_file().native()},
           {"clips", sample_video().native(), "--weights", published_weights().native(), "--device", "cuda"}}) {
    const auto result = run_transnet(words);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err,
                AllOf(HasSubstr("need transnet's LibTorch backend"), HasSubstr("TRANSNET_WITH_LIBTORCH=ON")));
  }
  EXPECT_THAT(run_command({"ldd", TRANSNET_COMMAND}).out,
              AllOf(HasSubstr("libavformat"), Not(HasSubstr("libtorch")), Not(HasSubstr("libc10"))));
}

}  // namespace
}  // namespace transnet::test
