// SPDX-License-Identifier: Apache-2.0
// `transnet predict` on several videos, as text, as tables and as arrays for NumPy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

/// A Python with numpy: the one of the Python package's tests, or `python3`. Empty: there is none.
std::string python_with_numpy() {
  for (const std::string& python : Words{TRANSNET_TEST_DEPS_DIR "/python/bin/python", "python3"}) {
    if (has_command(python) && run_command({python, "-c", "import numpy"}).exit_status == 0) return python;
  }
  return "";
}

/// Frame 3 of each video has a bright corner, which the network of the tests takes for a transition.
class CommandPredict : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    make_video(folder_.path() / "a.mkv",
               {"-f", "lavfi", "-i", "color=black:size=96x54:rate=25", "-vf",
                "drawbox=t=fill:color=white:enable='eq(n,3)'", "-frames:v", "6", "-c:v", "ffv1"});
    fs::create_directories(folder_.path() / "d");
    for (const auto* copy : {"b.mkv", "d/a.mkv"}) fs::copy(folder_.path() / "a.mkv", folder_.path() / copy);
  }

  CommandResult predict(const Words& words) const {
    return run_transnet_in(folder_.path(),
                           Words{"predict", "--weights", tiny_model, "--torch-backend", tiny_backend} + words);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return read_file(folder_.path() / name); }
  [[nodiscard]] bool is_there(const std::string& name) const { return fs::exists(folder_.path() / name); }

  TempDir folder_;
  std::string answer_ = "0\n0\n0\n0.99215686\n0\n0\n";  // 253 / 255: white, through limited range
};

TEST_F(CommandPredict, WritesAFileForEachVideoAsTheOthersDo) {
  write_file(folder_.path() / "list", "# more\nb.mkv\n");
  const auto result = predict({"a.mkv", "d", "--files-from", "list", "-o", "p/{stem}.txt"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  for (const auto* name : {"p/a.txt", "p/a-2.txt", "p/b.txt"}) EXPECT_EQ(file(name), answer_) << name;
  EXPECT_THAT(result.err, AllOf(HasSubstr("d/a.mkv: probabilities in fp32"), HasSubstr("3 videos: 3 complete"),
                                HasSubstr("18 frames")));
  EXPECT_EQ(predict({"a.mkv", "d", "--output-dir", "q"}).exit_status, 0);
  EXPECT_EQ(file("q/a-2.txt"), answer_);
  EXPECT_EQ(predict({"a.mkv", "--output-dir", "q", "--format", "npy"}).exit_status, 0);
  EXPECT_TRUE(is_there("q/a.npy"));
}

TEST_F(CommandPredict, NamesFilesByIds) {
  write_file(folder_.path() / "m.csv", "file,id\na.mkv,ep.01\nb.mkv,ep.02\n");
  const auto result =
      predict({"--files-from", "m.csv", "--path-column", "file", "--id-column", "id", "-o", "{stem}.txt"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(is_there("ep.01.txt") && is_there("ep.02.txt"));
  EXPECT_THAT(result.err, HasSubstr("ep.02: probabilities"));
}

TEST_F(CommandPredict, AFailedVideoKeepsNoOtherFromItsFile) {
  const auto result = predict({"missing.mkv", "a.mkv", "-o", "{stem}.txt"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("missing.mkv: failed (not_found)"));
  EXPECT_EQ(file("a.txt"), answer_);
  EXPECT_FALSE(is_there("missing.txt"));
}

TEST_F(CommandPredict, NoPartWritesTheFileOfAnother) {
  const Words videos{"a.mkv", "d/a.mkv", "b.mkv"};
  EXPECT_EQ(predict(videos + Words{"--shard", "2/2", "-o", "{stem}.txt"}).exit_status, 0);
  EXPECT_TRUE(is_there("a-2.txt"));
  EXPECT_FALSE(is_there("a.txt")) << "it is the file of the other part's video";
  EXPECT_EQ(predict(videos + Words{"--shard", "1/2", "-o", "{stem}.txt"}).exit_status, 0);
  EXPECT_TRUE(is_there("a.txt") && is_there("b.txt"));
  // Both parts would write it, although each has one video.
  for (const auto* shard : {"1/2", "2/2"}) {
    const auto result = predict({"a.mkv", "b.mkv", "--shard", shard, "-o", "all.npy"});
    EXPECT_EQ(result.exit_status, bad_usage);
    EXPECT_THAT(result.err,
                HasSubstr("a file of probabilities holds one video, but there are 2: put {stem} in the name of "
                          "--output"));
  }
  EXPECT_FALSE(is_there("all.npy"));
  // No part overwrites a video of another.
  const auto result = predict({"a.mkv", "b.mkv", "--shard", "1/2", "-o", "b.mkv", "--format", "npy"});
  EXPECT_EQ(result.exit_status, bad_usage);
}

TEST_F(CommandPredict, RefusesEndingsThatItDoesNotWrite) {
  for (const std::string name : {"p.json", "p.dat", "p", "p.npz", "{stem}.npy.gz"}) {
    const auto result = predict({"missing.mkv", "-o", name});
    EXPECT_EQ(result.exit_status, bad_usage) << name;
    EXPECT_THAT(result.err, HasSubstr("--output " + name +
                                      ": the ending names no format: use one of .txt, .csv, .npy, "
                                      "or name one with --format"));
    EXPECT_FALSE(is_there(name));
  }
  EXPECT_THAT(predict({"a.mkv", "-o", "d"}).err, HasSubstr("--output d: is a folder: name the files in it, as in "
                                                           "'d/{stem}.txt'"));
  EXPECT_EQ(predict({"a.mkv", "-o", "p.dat", "--format", "text"}).exit_status, 0);
  EXPECT_EQ(file("p.dat"), answer_);
  EXPECT_EQ(predict({"a.mkv", "-o", "/dev/stdout"}).out, answer_);
  EXPECT_EQ(predict({"a.mkv", "-o", "P.TXT"}).exit_status, 0);
  EXPECT_EQ(predict({"a.mkv", "b.mkv"}).exit_status, bad_usage) << "nobody could tell them apart on standard output";
  EXPECT_THAT(predict({"a.mkv", "-o", "p.txt", "--output-dir", "q"}).err, HasSubstr("no effect with --output-dir"));
}

TEST_F(CommandPredict, TheNameOfTheFileInAConfigurationSaysHow) {
  write_file(folder_.path() / "c.toml", "[predict]\noutput = \"{stem}.csv\"\n");
  const auto result = predict({"a.mkv", "--config", "c.toml"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(file("a.csv"), StartsWith("frame,time_s,single\n"));
}

TEST_F(CommandPredict, ReplacesOnlyFilesThatTheUserNames) {
  write_file(folder_.path() / "a.txt", "mine");
  const auto refused = predict({"a.mkv", "-o", "{stem}.txt"});
  EXPECT_EQ(refused.exit_status, bad_usage);
  EXPECT_THAT(refused.err, HasSubstr("a.txt exists: --overwrite replaces it"));
  EXPECT_EQ(file("a.txt"), "mine");
  EXPECT_EQ(predict({"a.mkv", "--output-dir", ".", "--overwrite"}).exit_status, 0);
  EXPECT_EQ(file("a.txt"), answer_);
  EXPECT_EQ(predict({"a.mkv", "-o", "a.txt"}).exit_status, 0);
  EXPECT_EQ(predict({"a.mkv", "-o", "a.mkv", "--format", "text"}).exit_status, bad_usage) << "it is an input";
}

TEST_F(CommandPredict, ATableHasTheTimesOfTheFrames) {
  EXPECT_EQ(predict({"a.mkv", "-o", "p.csv"}).exit_status, 0);
  EXPECT_EQ(file("p.csv"),
            "frame,time_s,single\n0,0.000000,0\n1,0.040000,0\n2,0.080000,0\n3,0.120000,0.99215686\n4,0.160000,0\n"
            "5,0.200000,0\n");
}

// The truth is `shots`, which decides with the time stamps of the video.
TEST_F(CommandPredict, ATableIsReadWithItsTimes) {
  make_video(folder_.path() / "variable.mkv",
             {"-f", "lavfi", "-i", "color=black:size=96x54:rate=25", "-vf",
              "drawbox=t=fill:color=white:enable='eq(n,40)',setpts='PTS+0.7*gt(N,20)/TB'", "-frames:v", "100", "-c:v",
              "ffv1"});
  const auto shots = [this](const Words& words) {
    const auto result = run_transnet_in(folder_.path(), words + Words{"--what", "shots", "--format", "json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out)["shots"];
  };
  for (const std::string video : {"a.mkv", "variable.mkv"}) {
    SCOPED_TRACE(video);
    ASSERT_EQ(predict({video, "-o", "p.csv", "--overwrite"}).exit_status, 0);
    const auto expected = shots({"shots", video, "--weights", tiny_model, "--torch-backend", tiny_backend});
    const auto found = shots({"scenes", "p.csv", "--framerate", "25"});
    ASSERT_EQ(expected.size(), 2U);
    ASSERT_EQ(found.size(), 2U);
    for (std::size_t shot = 0; shot < found.size(); ++shot) {
      EXPECT_EQ(found[shot].at("start_frame"), expected[shot].at("start_frame"));
      for (const auto* time : {"start_s", "end_s"}) {
        EXPECT_NEAR(found[shot].at(time).get<double>(), expected[shot].at(time).get<double>(), 1e-6);
      }
    }
  }
}

TEST_F(CommandPredict, ATableIsReadByEveryoneWhoReadsProbabilities) {
  const auto run = [this](const Words& words) { return run_transnet_in(folder_.path(), words); };
  const auto scores = [&run](const std::string& name) {
    const auto result = run({"eval", name, "--truth", "truth.txt", "--format", "json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out)["videos"][0]["scores"];
  };
  write_file(folder_.path() / "truth.txt", "0 3\n5 5\n");
  write_file(folder_.path() / "p.txt", "0 0\n0 0\n0 0\n0.75 1\n0 1\n0 0\n");
  write_file(folder_.path() / "p.csv",
             "frame,time_s,single,many_hot\r\n0,0,0,0\r\n1,0.04,0,0\r\n2,0.08,0,0\r\n3,0.12,0.75,1\r\n4,0.16,0,1\r\n"
             "5,0.2,0,0\r\n");
  const auto of_text = scores("p.txt");
  EXPECT_THAT(of_text, Not(IsEmpty()));
  EXPECT_EQ(scores("p.csv"), of_text);
  const auto sweep = run({"sweep", "p.csv"});
  EXPECT_THAT(sweep.err, HasSubstr("--framerate is required for files of probabilities such as p.csv"));
  EXPECT_EQ(run({"sweep", "p.csv", "--framerate", "25"}).exit_status, 0);
}

TEST_F(CommandPredict, OtherTablesAreRefusedByTheirLine) {
  const std::string head = "frame,time_s,single\n";
  const std::vector<std::pair<std::string, std::string>> tables = {
      {"frame,single\n0,0\n",
       "line 1: expected probabilities or the columns 'frame,time_s,single', found 'frame,single'"},
      {head, "holds no probability"},
      {head + "3,0.12,0\n", "line 2: begins with frame 3: only a part of a video"},
      {head + "0,0,0\n2,0.08,0\n", "line 3: expected frame 1, found frame 2"},
      {head + "0,0.5,0\n", "line 2: the time of the first frame is not 0"},
      {head + "0,0,0\n1,0.04,0\n2,0.02,0\n", "line 4: the time is before that of the last line"},
      {head + "0,0,0\n1,nan,0\n", "line 3: expected a frame, a time and one probability from 0 to 1, found '1,nan,0'"},
      {head + "0,0,1.5\n", "line 2: expected a frame, a time and one probability"},
      {head + "0,0,0,0\n", "line 2: expected a frame, a time and one probability"},
      {head + "0,0,0\n1,0.04", "line 3: expected a frame, a time and one probability"},
      {"frame,time_s,single,many_hot\n0,0,0\n", "line 2: expected a frame, a time and two probabilities"}};
  for (const auto& [table, message] : tables) {
    write_file(folder_.path() / "p.csv", table);
    const auto result = run_transnet_in(folder_.path(), {"scenes", "p.csv", "--framerate", "25"});
    EXPECT_EQ(result.exit_status, 1) << table;
    EXPECT_THAT(result.err, HasSubstr(message));
  }
}

TEST_F(CommandPredict, AnInterruptedRunGoesOn) {
  const Words words{"a.mkv", "b.mkv", "-o", "{stem}.npy", "--resume"};
  ASSERT_EQ(predict(words).exit_status, 0);
  EXPECT_EQ(predict({"a.mkv", "-o", "p.npy", "--resume"}).exit_status, bad_usage) << "no place for an account";
  fs::remove(folder_.path() / "b.npy");
  const auto again = predict(words);
  EXPECT_THAT(again.err, AllOf(HasSubstr("done already: 1 of 2 videos"), Not(HasSubstr("a.mkv: probabilities"))));
  EXPECT_TRUE(is_there("b.npy"));
}

TEST_F(CommandPredict, NumPyReadsAnArrayOfFramesAndHeads) {
  const auto python = python_with_numpy();
  if (python.empty()) GTEST_SKIP() << "no Python with numpy";
  ASSERT_EQ(predict({"a.mkv", "-o", "p.npy"}).exit_status, 0);
  // The network of the tests has one head; the published one has two.
  const std::string script =
      "import json, numpy, sys\n"
      "a = numpy.load(sys.argv[1], allow_pickle=False)\n"
      "m = numpy.load(sys.argv[1], mmap_mode='r')\n"
      "print(json.dumps({'dtype': str(a.dtype), 'shape': a.shape, 'values': (a * 255).round().astype(int).tolist(), "
      "'aligned': "
      "bool(m.flags.aligned)}))";
  const auto read = run_command({python, "-c", script, folder_.path() / "p.npy"});
  ASSERT_EQ(read.exit_status, 0) << read.err;
  EXPECT_EQ(
      Json::parse(read.out),
      (Json{{"dtype", "float32"}, {"shape", {6, 1}}, {"values", {{0}, {0}, {0}, {253}, {0}, {0}}}, {"aligned", true}}));
  EXPECT_EQ(predict({"a.mkv", "--format", "npy"}).out, file("p.npy")) << "on standard output";
}

/// An array that NumPy writes by this expression; `one` has the probabilities of the first head.
void write_array(const std::string& python, const fs::path& file, const std::string& expression) {
  const auto written = run_command({python, "-c",
                                    "import numpy, sys; one = numpy.zeros(6, numpy.float32); one[3] = 0.75; "
                                    "numpy.save(sys.argv[1], " +
                                        expression + ")",
                                    file});
  ASSERT_EQ(written.exit_status, 0) << written.err;
}

// scenes, sweep and eval read files of probabilities.
TEST_F(CommandPredict, ArraysAreReadLikeText) {
  const auto python = python_with_numpy();
  if (python.empty()) GTEST_SKIP() << "no Python with numpy";
  /// The output of a subcommand about a file, without its name.
  const auto output_of = [this](const std::string& name, const Words& words) {
    const auto result = run_transnet_in(folder_.path(), words);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    auto text = result.out;
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.erase(at, name.size());
    return text;
  };
  const auto scenes = [&](const std::string& name) {
    return output_of(name, {"scenes", name, "--framerate", "25", "--what", "transitions", "--many-hot-threshold", "0.5",
                            "--format", "csv"});
  };
  write_file(folder_.path() / "one.txt", "0\n0\n0\n0.75\n0\n0\n");
  write_file(folder_.path() / "two.txt", "0 0\n0 0\n0 0\n0.75 1\n0 1\n0 0\n");
  const auto one = scenes("one.txt");
  const auto two = scenes("two.txt");
  ASSERT_NE(one, two) << "the second head extends the transition";
  const std::string both = "numpy.stack([one, numpy.array([0, 0, 0, 1, 1, 0], numpy.float32)]";
  const std::vector<std::pair<std::string, std::string>> arrays = {{"one", one},
                                                                   {"one[:, None]", one},
                                                                   {"one.astype(float)", one},
                                                                   {both + ", 1)", two},
                                                                   {both + ").T", two},  // in Fortran's order
                                                                   {both + ", 1).astype(float)", two}};
  for (const auto& [expression, expected] : arrays) {
    ASSERT_NO_FATAL_FAILURE(write_array(python, folder_.path() / "p.npy", expression));
    EXPECT_EQ(scenes("p.npy"), expected) << expression;
  }
  write_file(folder_.path() / "truth.txt", "0 3\n5 5\n");
  const auto scores = [&](const std::string& name) {
    return output_of(name, {"eval", name, "--truth", "truth.txt", "--format", "csv"});
  };
  const auto of_text = scores("two.txt");
  EXPECT_THAT(of_text, HasSubstr(",published,all,"));
  ASSERT_NO_FATAL_FAILURE(write_array(python, folder_.path() / "two.npy", both + ", 1)"));
  EXPECT_EQ(scores("two.npy"), of_text);
  const auto sweep = run_transnet_in(folder_.path(), {"sweep", "two.npy"});
  EXPECT_THAT(sweep.err, HasSubstr("--framerate is required for files of probabilities such as two.npy"));
}

TEST_F(CommandPredict, OtherArraysAreRefused) {
  const auto python = python_with_numpy();
  if (python.empty()) GTEST_SKIP() << "no Python with numpy";
  const std::vector<std::pair<std::string, std::string>> arrays = {
      {"one.astype(numpy.float16)", "expected an array of the type <f4 (float32) or <f8 (float64), found '<f2'"},
      {"one.astype('>f4')", "found '>f4'"},
      {"one.astype(complex)", "found '<c16'"},
      {"numpy.array([{}], object)", "found '|O'"},
      {"numpy.zeros(3, [('a', '<f4')])", "the header of the array cannot be read"},
      {"numpy.float32(0.5)", "found ()"},
      {"numpy.zeros((2, 3), numpy.float32)", "found (2, 3)"},
      {"numpy.zeros((2, 2, 1), numpy.float32)", "found (2, 2, 1)"},
      {"numpy.zeros((0, 2), numpy.float32)", "holds no probability"},
      {"one - 1", "value 0 of the array: expected a probability from 0 to 1, found -1"},
      {"one * numpy.nan", "value 0 of the array is nan, as of a frame that was not analysed: only a part of a video"}};
  for (const auto& [expression, message] : arrays) {
    ASSERT_NO_FATAL_FAILURE(write_array(python, folder_.path() / "p.npy", expression));
    const auto result = run_transnet_in(folder_.path(), {"scenes", "p.npy", "--framerate", "25"});
    EXPECT_EQ(result.exit_status, 1) << expression;
    EXPECT_THAT(result.err, HasSubstr(message)) << expression;
  }
}

}  // namespace
}  // namespace transnet::test
