// SPDX-License-Identifier: Apache-2.0
// Compares `transnet doctor` with ffmpeg, sha256sum and the file system.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"
#include "transnet/version.hpp"
#include "transnet/weights.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Json = nlohmann::json;

struct Report {
  int exit_status = 0;
  Json json;

  [[nodiscard]] bool has(const std::string& name) const {
    return std::ranges::any_of(json.at("checks"), [&](const Json& check) { return check.at("name") == name; });
  }
  [[nodiscard]] const Json& check(const std::string& name) const {
    const auto& checks = json.at("checks");
    const auto found = std::ranges::find_if(checks, [&](const Json& one) { return one.at("name") == name; });
    if (found == checks.end()) throw std::runtime_error("there is no check " + name);
    return *found;
  }
};

Report doctor(Words options) {
  options.insert(options.begin(), {"doctor", "--format", "json"});
  const auto result = run_transnet(options);
  EXPECT_THAT(result.err, IsEmpty());
  return {result.exit_status, Json::parse(result.out)};
}

Report doctor_with_known_model() { return doctor({"--weights", known_model_file().native()}); }

TEST(CommandDoctor, RunsTheNetworkOnAVideoOfItsOwn) {
  const auto report = doctor_with_known_model();
  EXPECT_EQ(report.exit_status, 0);
  EXPECT_EQ(report.json.at("schema"), "transnet.doctor/1");
  EXPECT_EQ(report.json.at("version"), version());
  EXPECT_EQ(report.check("weights").at("status"), "ok");
  EXPECT_EQ(report.check("weights").at("facts").at("is_published"), false);
  EXPECT_EQ(report.check("run").at("status"), "ok");
  EXPECT_GT(report.check("run").at("facts").at("frames_per_s"), 0.0);
  EXPECT_FALSE(report.has("folder"));  // a named file needs no folder
}

TEST(CommandDoctor, FindsTheCutWithThePublishedWeights) {
  if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  for (const auto* precision : {"auto", "fp32"}) {
    const auto report = doctor({"--weights", published_weights().native(), "--precision", precision});
    EXPECT_EQ(report.exit_status, 0);
    EXPECT_EQ(report.check("weights").at("facts").at("sha256"), std::string(weights_sha256));
    EXPECT_EQ(report.check("run").at("facts").at("transitions"), Json{24});  // 50 frames, the second shot begins at 25
    EXPECT_EQ(report.check("run").at("facts").at("scaler"), "transnet");
  }
}

TEST(CommandDoctor, MeasuresTheSpeedWithAVideo) {
  if (const auto missing = missing_download({published_weights(), sample_video()})) GTEST_SKIP() << *missing;
  const auto report = doctor({sample_video().native(), "--weights", published_weights().native()});
  EXPECT_EQ(report.exit_status, 0);
  const auto& check = report.check("speed");
  const auto& facts = check.at("facts");
  EXPECT_EQ(facts.at("frames"), 250);
  const double together = facts.at("frames_per_s");
  EXPECT_GT(together, 0.0);
  EXPECT_GT(facts.at("decoding_frames_per_s"), together / 2);
  EXPECT_GT(facts.at("network_frames_per_s"), together / 2);
  EXPECT_GT(facts.at("scaling_frames_per_s"), facts.at("decoding_frames_per_s"));  // decoding is with scaling
  EXPECT_NEAR(facts.at("s_per_hour"), 3600 * 25 / together, 1.0);                  // 25 frames a second
  const std::string finding = check.at("finding");
  EXPECT_THAT(finding, HasSubstr("an hour of this video takes "));
}

TEST(CommandDoctor, RefusesAFileThatIsNoVideo) {
  const auto result = run_transnet({"doctor", TRANSNET_TEST_DATA_DIR "/evaluation/scores.json"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr("scores.json"));
}

TEST(CommandDoctor, LooksForTheWeightsInTheModelFolder) {
  if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  const TempDir folder;
  const auto file = weights_path(folder.path());
  fs::create_directories(file.parent_path());
  fs::create_symlink(fs::absolute(published_weights()), file);
  const auto report = doctor({"--model-dir", folder.path().native()});
  EXPECT_EQ(report.exit_status, 0);
  EXPECT_EQ(report.check("weights").at("facts").at("is_published"), true);
  EXPECT_EQ(report.check("folder").at("facts").at("is_writable"), true);
  EXPECT_GT(report.check("folder").at("facts").at("free_bytes"), 0);
}

TEST(CommandDoctor, SaysHowToGetWeightsThatAreMissing) {
  const TempDir folder;
  const auto report = doctor({"--model-dir", (folder.path() / "models").native()});
  EXPECT_EQ(report.exit_status, 1);
  EXPECT_EQ(report.json.at("status"), "failed");
  EXPECT_EQ(report.check("weights").at("status"), "failed");
  EXPECT_THAT(report.check("weights").at("advice"), HasSubstr("transnet model fetch"));
  EXPECT_FALSE(report.has("run"));
  EXPECT_TRUE(fs::is_empty(folder.path()));  // nothing is downloaded, and nothing left
  EXPECT_EQ(doctor({"--weights", (folder.path() / "none.pth").native()}).exit_status, 1);
}

TEST(CommandDoctor, SeesThatWeightsAreDamaged) {
  const TempDir folder;
  const auto file = weights_path(folder.path());
  fs::create_directories(file.parent_path());
  write_file(file, "no weights");
  const auto report = doctor({"--model-dir", folder.path().native()});
  EXPECT_EQ(report.exit_status, 1);
  EXPECT_THAT(report.check("weights").at("finding"), HasSubstr("not the published"));
  EXPECT_THAT(report.check("weights").at("advice"), HasSubstr("transnet model fetch"));

  const auto named = doctor({"--weights", file.native()});  // a file of the user's own can be any
  EXPECT_EQ(named.exit_status, 1);
  EXPECT_EQ(named.check("weights").at("status"), "ok");
  EXPECT_EQ(named.check("run").at("status"), "failed");
  EXPECT_THAT(named.check("run").at("finding"), HasSubstr(file.native()));
}

TEST(CommandDoctor, SaysThatThereIsNoFolderForTheWeights) {
  const auto result = run_command({"env", "-u", "HOME", "-u", "XDG_CACHE_HOME", TRANSNET_COMMAND, "doctor"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, HasSubstr("--model-dir"));
}

TEST(CommandDoctor, SeesAFolderThatCannotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TempDir folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  const auto report = doctor({"--model-dir", (folder.path() / "models").native()});
  EXPECT_EQ(report.check("folder").at("status"), "failed");
  EXPECT_EQ(report.check("folder").at("facts").at("is_writable"), false);
}

TEST(CommandDoctor, SeesAFolderThatCannotBeMade) {
  const TempDir folder;
  const auto file = folder.path() / "file";
  write_file(file, "");
  fs::permissions(file, fs::perms::all);
  const auto report = doctor({"--model-dir", (file / "models").native()});
  EXPECT_EQ(report.exit_status, 1);
  EXPECT_EQ(report.check("folder").at("status"), "failed");
  EXPECT_EQ(report.check("folder").at("facts").at("is_writable"), false);
  EXPECT_THAT(report.check("folder").at("advice"), HasSubstr("--model-dir"));
}

TEST(CommandDoctor, NamesADeviceThatIsNotThere) {
  const auto report = doctor({"--weights", known_model_file().native(), "--device", "cuda:100"});
  EXPECT_EQ(report.exit_status, 1);
  EXPECT_THAT(report.check("run").at("finding"), HasSubstr("cuda:100"));
}

TEST(CommandDoctor, KnowsTheDecodersAndEncodersOfFFmpeg) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto report = doctor_with_known_model();
  const auto decoders = run_command({"ffmpeg", "-hide_banner", "-decoders"}).out;
  const auto& facts = report.check("decoders").at("facts");
  EXPECT_GE(facts.size(), 8U);
  for (const auto& [codec, decoder] : facts.items()) {
    if (decoder.is_null()) {
      EXPECT_FALSE(std::regex_search(decoders, std::regex("\n V[.A-Z]{5} " + codec + " "))) << codec;
      continue;
    }
    const auto name = decoder.get<std::string>();
    EXPECT_TRUE(std::regex_search(decoders, std::regex("\n V[.A-Z]{5} " + name + " "))) << name;
  }
  if (!has_split) return;
  const auto encoders = run_command({"ffmpeg", "-hide_banner", "-encoders"}).out;
  for (const auto& [encoder, is_there] : report.check("encoders").at("facts").items()) {
    EXPECT_EQ(encoders.find(" " + encoder + " ") != std::string::npos, is_there.get<bool>()) << encoder;
  }
}

/// "libavcodec     59. 37.100 / ...": 59.37.100
std::string version_of(const std::string& library, const std::string& ffmpeg_version) {
  std::smatch found;
  const std::regex line(library + " +([0-9]+)\\. *([0-9]+)\\. *([0-9]+)");
  if (!std::regex_search(ffmpeg_version, found, line)) return "not named";
  return found[1].str() + "." + found[2].str() + "." + found[3].str();
}

TEST(CommandDoctor, NamesTheVersionsOfTheLibraries) {
  const auto result = run_transnet({"--version"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, IsEmpty());
  const auto lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 6U) << result.out;
  EXPECT_EQ(lines[0], std::string("transnet ") + version());
  EXPECT_THAT(lines[1], StartsWith("FFmpeg "));
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto ffmpeg = run_command({"ffmpeg", "-version"}).out;
  EXPECT_THAT(ffmpeg, StartsWith("ffmpeg version " + lines[1].substr(7)));
  for (std::size_t i = 2; i < lines.size(); ++i) {
    const auto library = lines[i].substr(0, lines[i].find(' '));
    EXPECT_EQ(lines[i], library + " " + version_of(library, ffmpeg));
  }
}

TEST(CommandDoctor, ShowsATableToPeople) {
  const auto result = run_transnet({"doctor", "--weights", known_model_file().native()});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, StartsWith(std::string("ok       transnet   ") + version() + "\n"));
  for (const auto* part :
       {"libtorch", "ffmpeg", "h264", "processor", "--precision auto", "threads", "known_model.pt"}) {
    EXPECT_THAT(result.out, HasSubstr(part));
  }
}

}  // namespace
}  // namespace transnet::test
