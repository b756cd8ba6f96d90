// SPDX-License-Identifier: Apache-2.0
// The command in a build without transnet::cut. `package.minimal` tests that it finds clips.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/command_help.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

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
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const auto script = run_transnet({"completion", shell}).out;
    EXPECT_THAT(script, HasSubstr("sheet"));
    EXPECT_THAT(script, Not(HasSubstr("split")));
  }
  const TempDir folder;
  ASSERT_EQ(run_transnet({"share-files", folder.path().native()}).exit_status, 0);
  const auto pages = folder.path() / "man" / "man1";
  EXPECT_THAT(read_file(pages / "transnet.1"), HasSubstr("transnet clips"));
  EXPECT_THAT(read_file(pages / "transnet.1"), Not(HasSubstr("split")));
  EXPECT_FALSE(std::filesystem::exists(pages / "transnet-split.1"));
}

TEST(CommandWithoutCut, NeedsNoEncoders) {
  const auto result = run_transnet({"doctor", "--format", "json", "--weights", known_model_file().native()});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\"decoders\""));
  EXPECT_THAT(result.out, Not(HasSubstr("\"encoders\"")));
}

}  // namespace
}  // namespace transnet::test
