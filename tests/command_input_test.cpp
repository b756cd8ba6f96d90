// What the command reads and within which bounds, with a network that answers at once: any machine has it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/recipes.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

class CommandInput : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  }

  fs::path make(const std::string& name, const Words& words) const {
    make_video(folder_.path() / name, words);
    return folder_.path() / name;
  }
  static Words clips(const Words& words) {
    Words all{"clips",     "--weights", TRANSNET_TEST_DATA_DIR "/reference/known_model.pt",
              "--format",  "json",      "--min-length-s",
              "0.1",       "--crop-s",  "0",
              "--threads", "1"};
    all.insert(all.end(), words.begin(), words.end());
    return all;
  }
  CommandResult run(const Words& words, const std::string& redirection = "") const {
    return run_transnet_in_shell(folder_.path(), "exec \"$@\" " + redirection, words);
  }

  TempDir folder_;
};

TEST_F(CommandInput, AbsoluteTimesAreThoseOfTheContainer) {
  make("late.mkv", picture("64x48", "25", x264({"-output_ts_offset", "5.28"})));
  const Json from_zero = Json::parse(run(clips({"late.mkv"})).out);
  const Json absolute = Json::parse(run(clips({"late.mkv", "--absolute-times"})).out);
  ASSERT_GE(from_zero["clips"].size(), 1U);
  ASSERT_EQ(absolute["clips"].size(), from_zero["clips"].size());
  for (std::size_t i = 0; i < absolute["clips"].size(); ++i) {
    for (const char* time : {"start_s", "end_s"}) {
      EXPECT_NEAR(absolute["clips"][i][time].get<double>(), from_zero["clips"][i][time].get<double>() + 5.28, 1e-9);
    }
    EXPECT_EQ(absolute["clips"][i]["uuid"], from_zero["clips"][i]["uuid"]);
  }
}

}  // namespace
}  // namespace transnet::test
