// SPDX-License-Identifier: Apache-2.0
// The plugin in VapourSynth's own core.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/published_probabilities.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clips.hpp"
#include "transnet/windows.hpp"
#include "vapoursynth/vapoursynth_host.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using Node = VapourSynthHost::Node;

constexpr auto plugin_id = "io.github.transnet";

std::string ffmpeg_bytes(const fs::path& input, const std::string& pixel_format) {
  return run_command({"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(input), "-f", "rawvideo", "-pix_fmt",
                      pixel_format, "-"})
      .out;
}

/// Its shots begin at 30, 76, 137, 187 and 242.
RawClip bikes() { return {640, 272, pfYUV420P8, ffmpeg_bytes(sample_video(), "yuv420p")}; }

RawClip first_frames(RawClip clip, std::size_t count, std::size_t frame_bytes) {
  clip.bytes.resize(count * frame_bytes);
  return clip;
}

/// Three windows of it.
constexpr int beginning_frames = 150;
RawClip beginning_of_bikes() { return first_frames(bikes(), beginning_frames, 640 * 272 * 3 / 2); }

class VapourSynth : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
    if (const auto missing = missing_download({library, published_weights(), autoshot_weights(), sample_video()})) {
      GTEST_SKIP() << *missing;
    }
    host_.emplace(library, TRANSNET_VAPOURSYNTH_PLUGIN);
  }

  [[nodiscard]] Node detect(VSNode* clip, const VapourSynthHost::SetArguments& set = {},
                            const std::vector<fs::path>& weights = {published_weights()}) const {
    return host_->call(plugin_id, "Detect", clip, [&](const VSAPI& api, VSMap* arguments) {
      for (const auto& file : weights) api.mapSetData(arguments, "weights", file.c_str(), -1, dtUtf8, maAppend);
      if (set) set(api, arguments);
    });
  }

  [[nodiscard]] Node resized(VSNode* clip, VSPresetVideoFormat format) const {
    return host_->call(VSH_RESIZE_PLUGIN_ID, "Bicubic", clip, [&](const VSAPI& api, VSMap* arguments) {
      api.mapSetInt(arguments, "format", format, maReplace);
      api.mapSetData(arguments, "matrix_in_s", "170m", -1, dtUtf8, maReplace);
      if (format >> 28 == cfYUV) api.mapSetData(arguments, "matrix_s", "170m", -1, dtUtf8, maReplace);
    });
  }

  static VapourSynthHost::SetArguments threshold(double value) {
    return [value](const VSAPI& api, VSMap* arguments) { api.mapSetFloat(arguments, "threshold", value, maReplace); };
  }

  static std::vector<int> shot_begins(const std::vector<MarkedFrame>& frames) {
    std::vector<int> begins;
    for (int frame = 0; frame < static_cast<int>(frames.size()); ++frame) {
      if (frames[static_cast<std::size_t>(frame)].begins_shot) begins.push_back(frame);
    }
    return begins;
  }

  static const fs::path library;
  std::optional<VapourSynthHost> host_;
};

const fs::path VapourSynth::library =
    fs::path(TRANSNET_TEST_DEPS_DIR) / "vapoursynth" / "vapoursynth" / "libvapoursynth.so.4";

TEST_F(VapourSynth, MarksTheShots) {
  const auto source = host_->source(bikes());
  const auto frames = host_->frames_at_once(detect(source.get()).get());
  ASSERT_EQ(frames.size(), 250U);
  EXPECT_THAT(shot_begins(frames), ElementsAre(30, 76, 137, 187, 242));
  for (std::size_t frame = 0; frame + 1 < frames.size(); ++frame) {
    EXPECT_EQ(frames[frame].ends_shot, frames[frame + 1].begins_shot) << frame;
    EXPECT_EQ(frames[frame].single > 0.4F, frames[frame].ends_shot) << frame;
  }
  EXPECT_FALSE(frames.back().ends_shot);
  // The pictures are the source's.
  const auto pictures = bikes();
  for (std::size_t frame = 0; frame < frames.size(); ++frame) {
    EXPECT_EQ(frames[frame].luma, pictures.bytes.substr(frame * 640 * 272 * 3 / 2, 640)) << frame;
  }
}

TEST_F(VapourSynth, AnswersAsThePublishedNetworks) {
  const auto folder = fs::path(TRANSNET_TEST_DATA_DIR) / "conformance";
  for (const auto* name : {"one-frame", "border-of-groups", "last-group"}) {
    SCOPED_TRACE(name);
    const auto packed = ffmpeg_bytes(folder / (std::string(name) + ".png"), "rgb24");
    RawClip clip{48, 27, pfRGB24, ""};
    constexpr std::size_t frame_pixels = 48 * 27;
    for (std::size_t frame = 0; frame < packed.size(); frame += 3 * frame_pixels) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        for (std::size_t pixel = 0; pixel < frame_pixels; ++pixel) clip.bytes += packed[frame + 3 * pixel + channel];
      }
    }
    const auto source = host_->source(clip);
    for (const auto& [weights, network] :
         {std::pair{published_weights(), "transnetv2"}, std::pair{autoshot_weights(), "autoshot"}}) {
      SCOPED_TRACE(network);
      const auto fp32 = [](const VSAPI& api, VSMap* arguments) {
        api.mapSetData(arguments, "precision", "fp32", -1, dtUtf8, maReplace);
      };
      ShotProbabilities found;
      for (const auto& frame : host_->frames_at_once(detect(source.get(), fp32, {weights}).get())) {
        found.single.push_back(frame.single);
        found.many_hot.push_back(frame.many_hot.value_or(-1.0F));
      }
      const auto published = read_published(std::string(name) + "." + network + ".txt", "conformance");
      expect_published(found.single, published.single);
      expect_published(found.many_hot, published.many_hot);
    }
  }
}

TEST_F(VapourSynth, AnswersTheSameInEveryOrder) {
  const auto source = host_->source(beginning_of_bikes());
  const auto expected = host_->frames_at_once(detect(source.get(), threshold(0.02)).get());
  std::vector<int> order(expected.size());
  for (std::size_t frame = 0; frame < order.size(); ++frame) order[frame] = static_cast<int>(frame);
  std::mt19937 random(7);
  for (const auto* name : {"forward", "backward", "random"}) {
    SCOPED_TRACE(name);
    if (std::string(name) == "backward") std::ranges::reverse(order);
    if (std::string(name) == "random") std::ranges::shuffle(order, random);
    const auto clip = detect(source.get(), threshold(0.02));
    for (const int frame : order) {
      ASSERT_EQ(host_->frame(clip.get(), frame), expected[static_cast<std::size_t>(frame)]) << frame;
    }
  }
}

/// Low thresholds give long transitions, also at both ends of the clip.
TEST_F(VapourSynth, HalvesTransitionsAsTheLibraryDoes) {
  const auto source = host_->source(beginning_of_bikes());
  for (const double value : {0.01, 0.0003, 0.0}) {
    SCOPED_TRACE(value);
    const auto frames = host_->frames_at_once(detect(source.get(), threshold(value)).get());
    VideoPredictions predictions{.timeline = Timeline::constant_rate(25.0, beginning_frames)};
    for (const auto& frame : frames) predictions.single.push_back(frame.single);
    std::vector<int> expected;
    for (const auto& shot :
         find_clips(predictions, {.threshold = value, .transition_frames = TransitionFrames::split}).shots) {
      if (shot.start_frame > 0) expected.push_back(static_cast<int>(shot.start_frame));
    }
    EXPECT_EQ(shot_begins(frames), expected);
  }
}

TEST_F(VapourSynth, DecidesInSinglePrecisionAsTheLibrary) {
  const auto source = host_->source(beginning_of_bikes());
  const auto fp32_at = [](double value) {
    return [value](const VSAPI& api, VSMap* arguments) {
      api.mapSetFloat(arguments, "threshold", value, maReplace);
      api.mapSetData(arguments, "precision", "fp32", -1, dtUtf8, maReplace);
    };
  };
  const auto frames = host_->frames_at_once(detect(source.get(), fp32_at(0.4)).get());
  const auto peak = std::ranges::max_element(frames, {}, &MarkedFrame::single);
  ASSERT_TRUE(peak->ends_shot);
  // A threshold that is the answer itself once it is rounded.
  const auto again = host_->frames_at_once(
      detect(source.get(), fp32_at(std::nextafter(static_cast<double>(peak->single), 0.0))).get());
  EXPECT_FALSE(again[static_cast<std::size_t>(peak - frames.begin())].ends_shot);
}

TEST_F(VapourSynth, TakesEveryFormat) {
  constexpr std::size_t pixels = 640 * 272;
  const auto source = host_->source(first_frames(bikes(), 100, pixels * 3 / 2));
  for (const auto format : {pfYUV420P10, pfYUV444P16, pfYUV422P8, pfRGB24, pfRGBS, pfYUV444PS}) {
    SCOPED_TRACE(format);
    const auto clip = resized(source.get(), format);
    EXPECT_THAT(shot_begins(host_->frames_at_once(detect(clip.get()).get())), ElementsAre(30, 76));
  }
  const RawClip grey{640, 272, pfGray8, ffmpeg_bytes(sample_video(), "gray")};
  const auto grey_source = host_->source(first_frames(grey, 100, pixels));
  EXPECT_THAT(shot_begins(host_->frames_at_once(detect(grey_source.get()).get())), ::testing::Contains(76));
}

TEST_F(VapourSynth, TakesTheMeanOfTwoNetworks) {
  const auto source = host_->source(beginning_of_bikes());
  const auto of = [&](const std::vector<fs::path>& weights) {
    return host_->frames_at_once(detect(
                                     source.get(),
                                     [](const VSAPI& api, VSMap* arguments) {
                                       api.mapSetData(arguments, "precision", "fp32", -1, dtUtf8, maReplace);
                                     },
                                     weights)
                                     .get());
  };
  const auto first = of({published_weights()});
  const auto second = of({autoshot_weights()});
  const auto mean = of({published_weights(), autoshot_weights()});
  int second_windows = 0;
  for (std::size_t frame = 0; frame < mean.size(); ++frame) {
    // In a window that the first network decides alone, the second one does not run.
    const std::size_t window = frame / window_stride * window_stride;
    const bool runs_second = mean[window].single != first[window].single;
    const float of_both = std::min((first[frame].single + second[frame].single) / 2.0F, 50.0F * first[frame].single);
    EXPECT_NEAR(mean[frame].single, runs_second ? of_both : first[frame].single, 1e-6F) << frame;
    EXPECT_EQ(mean[frame].many_hot, first[frame].many_hot) << frame;
    second_windows += frame == window && runs_second ? 1 : 0;
  }
  EXPECT_GT(second_windows, 0);
  EXPECT_THAT(shot_begins(mean), ElementsAre(30, 76, 137));
}

TEST_F(VapourSynth, RefusesArgumentsWithASentence) {
  const TempDir folder;
  const auto source = host_->source({64, 48, pfGray8, std::string(64 * 48 * 3, 'x')});
  const auto with = [&](const VapourSynthHost::SetArguments& set, const std::vector<fs::path>& weights) {
    return [=, this, &source] { (void)detect(source.get(), set, weights); };
  };
  const auto says = [](const std::string& text) { return ThrowsMessage<std::runtime_error>(HasSubstr(text)); };
  const std::vector<fs::path> good{published_weights()};
  EXPECT_THAT(with({}, {}), says("Detect: weights is missing, and "));
  EXPECT_THAT(with({}, {"gone.pth"}), says("Detect: gone.pth: no such file"));
  write_file(folder.path() / "bad.pth", "no weights");
  EXPECT_THAT(with({}, {folder.path() / "bad.pth"}), says("bad.pth: "));
  EXPECT_THAT(with({}, {good[0], good[0], good[0]}), says("Detect: weights takes one file, or two"));
  for (const double value : {-0.1, 1.1, std::nan("")}) {
    EXPECT_THAT(with(threshold(value), good), says("Detect: threshold must be from 0 to 1"));
  }
  EXPECT_THAT(with([](const VSAPI& api, VSMap* map) { api.mapSetInt(map, "threads", -1, maReplace); }, good),
              says("Detect: threads must not be negative"));
  EXPECT_THAT(
      with([](const VSAPI& api, VSMap* map) { api.mapSetData(map, "precision", "int8", -1, dtUtf8, maReplace); }, good),
      says("Detect: precision must be auto, fp32 or bf16"));
}

}  // namespace
}  // namespace transnet::test
