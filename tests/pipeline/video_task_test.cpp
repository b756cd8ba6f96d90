// SPDX-License-Identifier: Apache-2.0
#include "transnet/video_task.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "support/expect_error.hpp"
#include "support/golden.hpp"

namespace transnet {
namespace {

using test::expect_error;
using test::golden_cases;
using test::optional_of;

VideoMetadata metadata_of(const nlohmann::json& json) {
  VideoMetadata metadata;
  metadata.size = optional_of<std::int64_t>(json.at("size"));
  metadata.height = optional_of<std::int64_t>(json.at("height"));
  metadata.width = optional_of<std::int64_t>(json.at("width"));
  metadata.framerate = optional_of<double>(json.at("framerate"));
  metadata.num_frames = optional_of<std::int64_t>(json.at("num_frames"));
  metadata.duration = optional_of<double>(json.at("duration"));
  metadata.video_codec = optional_of<std::string>(json.at("video_codec"));
  metadata.pixel_format = optional_of<std::string>(json.at("pixel_format"));
  return metadata;
}

ClipStats clip_stats_of(const nlohmann::json& json) {
  return {.num_filtered_by_motion = json.at("num_filtered_by_motion"),
          .num_filtered_by_aesthetic = json.at("num_filtered_by_aesthetic"),
          .num_passed = json.at("num_passed"),
          .num_transcoded = json.at("num_transcoded"),
          .num_with_embeddings = json.at("num_with_embeddings"),
          .num_with_caption = json.at("num_with_caption"),
          .num_with_webp = json.at("num_with_webp"),
          .total_clip_duration = json.at("total_clip_duration"),
          .max_clip_duration = json.at("max_clip_duration")};
}

TEST(Uuid, Version5EqualsPython) {
  for (const auto& item : golden_cases("video_task.json", "uuid5")) {
    SCOPED_TRACE(item.dump());
    const auto name = item.at("name").get<std::string>() + '_' + std::to_string(item.at("start").get<std::int64_t>()) +
                      '_' + std::to_string(item.at("end").get<std::int64_t>());
    EXPECT_EQ(uuid5_url(name).to_string(), item.at("expected").get<std::string>());
  }
}

TEST(Uuid, ComparesByItsBytes) {
  EXPECT_EQ(Uuid{}.to_string(), "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(uuid5_url("a"), uuid5_url("a"));
  EXPECT_NE(uuid5_url("a"), uuid5_url("b"));
  EXPECT_LT(Uuid{}, uuid5_url("a"));
  // Names need not be UTF-8, nor end at a zero byte.
  EXPECT_NE(uuid5_url("\xff"), uuid5_url("\xfe"));
  EXPECT_NE(uuid5_url(std::string_view("a\0b", 3)), uuid5_url("a"));
}

TEST(Video, PropertiesEqualTheReference) {
  for (const auto& item : golden_cases("video_task.json", "video")) {
    SCOPED_TRACE(item.dump());
    Video video;
    video.input_video = "v";
    video.metadata = metadata_of(item.at("metadata"));
    video.clips.resize(item.at("clips"));
    video.filtered_clips.resize(item.at("filtered_clips"));
    video.num_total_clips = item.at("num_total_clips");
    EXPECT_EQ(video.fraction(), item.at("fraction").get<double>());
    EXPECT_EQ(video.has_metadata(), item.at("has_metadata").get<bool>());
    EXPECT_EQ(video.is_10_bit_color(), optional_of<bool>(item.at("is_10_bit_color")));
    if (item.at("weight") == "error") {
      expect_error(ErrorCode::invalid_argument, "v: the duration is not known", [&] { (void)video.weight(); });
    } else {
      EXPECT_EQ(video.weight(), item.at("weight").get<double>());
    }
  }
}

TEST(Clip, PropertiesEqualTheReference) {
  for (const auto& item : golden_cases("video_task.json", "clip")) {
    SCOPED_TRACE(item.dump());
    Clip clip;
    clip.span = item.at("span").get<std::pair<double, double>>();
    if (const auto size = optional_of<std::size_t>(item.at("buffer"))) clip.buffer.emplace(*size);
    const auto floats = [&item](const char* name) -> std::optional<FloatArray> {
      const auto size = optional_of<std::int64_t>(item.at(name));
      if (!size) return std::nullopt;
      return FloatArray{{*size}, std::vector<float>(static_cast<std::size_t>(*size))};
    };
    clip.cosmos_embed1_frames = floats("cosmos_embed1_frames");
    clip.cosmos_embed1_embedding = floats("cosmos_embed1_embedding");
    for (const std::size_t count : item.at("extracted_frames")) {
      auto& frames = clip.extracted_frames[std::to_string(clip.extracted_frames.size())];
      frames = test::uniform_frames(std::vector<std::uint8_t>(count));
    }
    EXPECT_EQ(clip.duration(), item.at("duration").get<double>());
    EXPECT_EQ(clip.get_major_size(), item.at("get_major_size").get<std::size_t>());
  }
}

TEST(ClipStats, CombineEqualsTheReference) {
  for (const auto& item : golden_cases("video_task.json", "clip_stats")) {
    SCOPED_TRACE(item.dump());
    ClipStats stats = clip_stats_of(item.at("left"));
    stats.combine(clip_stats_of(item.at("right")));
    const ClipStats combined = clip_stats_of(item.at("combined"));
    EXPECT_EQ(stats.num_filtered_by_motion, combined.num_filtered_by_motion);
    EXPECT_EQ(stats.num_filtered_by_aesthetic, combined.num_filtered_by_aesthetic);
    EXPECT_EQ(stats.num_passed, combined.num_passed);
    EXPECT_EQ(stats.num_transcoded, combined.num_transcoded);
    EXPECT_EQ(stats.num_with_embeddings, combined.num_with_embeddings);
    EXPECT_EQ(stats.num_with_caption, combined.num_with_caption);
    EXPECT_EQ(stats.num_with_webp, combined.num_with_webp);
    EXPECT_EQ(stats.total_clip_duration, combined.total_clip_duration);
    EXPECT_EQ(stats.max_clip_duration, combined.max_clip_duration);
  }
}

// Python counts its own objects' overhead in these two, so that only the payload can be asked for.
TEST(GetMajorSize, CountsThePayload) {
  CaptionWindow window;
  window.mp4_bytes.emplace(100);
  window.webp_bytes.emplace(20);
  window.caption["m"] = "four";
  window.enhanced_caption["m"] = "fifty";
  EXPECT_EQ(window.get_major_size(), 100U + 20U + 5U + 6U);

  Video video;
  EXPECT_EQ(video.get_major_size(), 0U);
  video.source_bytes.emplace(1000);
  video.frame_array = test::uniform_frames({1, 2});
  video.clips.resize(2);
  video.clips[0].windows.push_back(window);
  EXPECT_EQ(video.get_major_size(), 1000U + 2 * frame_bytes + std::size_t{2} * 16 + window.get_major_size());
}

TEST(Video, NeedsSourceBytesForItsMetadata) {
  Video video;
  video.input_video = "some where.mp4";
  expect_error(ErrorCode::invalid_argument, "some where.mp4", [&] { video.populate_metadata(); });
}

TEST(Clip, HasNoMetadataWithoutABuffer) { EXPECT_FALSE(Clip{}.extract_metadata().has_value()); }

TEST(VideoTask, IsValidWhereItsVideoExists) {
  VideoTask task;
  task.data.input_video = std::filesystem::path(TRANSNET_TEST_DATA_DIR) / "reference" / "process.json";
  EXPECT_TRUE(task.validate());
  task.data.input_video += ".missing";
  EXPECT_FALSE(task.validate());
  EXPECT_EQ(task.num_items(), 1);
}

TEST(VideoTask, CollectsTheStagesPerformance) {
  VideoTask task;
  task.add_stage_perf({.stage_name = "first", .process_time = 0.5});
  task.add_stage_perf({.stage_name = "second"});
  ASSERT_EQ(task.stage_perf.size(), 2U);
  EXPECT_EQ(task.stage_perf[0].process_time, 0.5);
  EXPECT_EQ(task.stage_perf[1].stage_name, "second");
}

}  // namespace
}  // namespace transnet
