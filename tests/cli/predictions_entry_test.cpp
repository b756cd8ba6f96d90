// SPDX-License-Identifier: Apache-2.0
// The bytes of a cache entry: the predictions come back unchanged, or not at all.
#include "run/cache/predictions_entry.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "run/cache/answers_entry.hpp"
#include "support/child_process.hpp"
#include "support/files.hpp"
#include "support/known_predictions.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clips.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::decode_predictions;
using command::encode_predictions;
using Json = nlohmann::json;

const std::string key = "the key";

TEST(PredictionsEntry, ComesBackAsItWas) {
  auto without_metadata = variable_rate_video();
  auto with_metadata = variable_rate_video();
  with_metadata.metadata = constant_rate_video().metadata;
  for (const auto& predictions : {constant_rate_video(), without_metadata, with_metadata}) {
    const auto found = decode_predictions(encode_predictions(key, predictions), key, "other name");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->video, "other name") << "as the caller names it now";
    expect_same(*found, predictions);
  }
}

TEST(PredictionsEntry, KeepsThePart) {
  for (auto predictions : {constant_rate_video(), variable_rate_video()}) {
    const auto& timeline = predictions.timeline;
    predictions.analysed = TimeSpan{1, 3, timeline.start_s(1), timeline.start_s(3)};
    const auto found = decode_predictions(encode_predictions(key, predictions), key, "film.mp4");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->analysed, predictions.analysed);
  }
}

TEST(PredictionsEntry, OfAnotherKeyIsNone) {
  EXPECT_FALSE(decode_predictions(encode_predictions(key, constant_rate_video()), "another", "film.mp4"));
}

TEST(PredictionsEntry, DamagedIsNoneWhateverByteItIs) {
  for (const auto& predictions : {constant_rate_video(), variable_rate_video()}) {
    const auto whole = encode_predictions(key, predictions);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      EXPECT_FALSE(decode_predictions(whole.substr(0, at), key, "film.mp4")) << "cut off at " << at;
      for (const int bit : {0, 3, 7}) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
        EXPECT_FALSE(decode_predictions(damaged, key, "film.mp4")) << "bit " << bit << " of byte " << at;
      }
    }
    EXPECT_FALSE(decode_predictions(whole + '\0', key, "film.mp4"));
    EXPECT_FALSE(decode_predictions(whole + whole, key, "film.mp4"));
  }
}

TEST(AnswersEntry, ComesBackAsItWasOrNotAtAll) {
  const NetworkAnswers answers{.first_look = {{0.0F, 0.5F, 1.0F}, {0.25F, 0.125F, 0.75F}},
                               .second_look = {{0.5F}, {1.0F}}};
  const NetworkAnswers of_one_head{.first_look = {{0.5F}, {}}, .second_look = {}};
  for (const auto& kept : {answers, of_one_head, NetworkAnswers{}}) {
    const auto whole = command::encode_answers(key, kept);
    const auto found = command::decode_answers(whole, key);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->first_look.single, kept.first_look.single);
    EXPECT_EQ(found->first_look.many_hot, kept.first_look.many_hot);
    EXPECT_EQ(found->second_look.single, kept.second_look.single);
    EXPECT_EQ(found->second_look.many_hot, kept.second_look.many_hot);
    EXPECT_FALSE(command::decode_answers(whole, "another"));
    EXPECT_FALSE(decode_predictions(whole, key, "film.mp4")) << "of another kind";
    for (std::size_t at = 0; at < whole.size(); ++at) {
      EXPECT_FALSE(command::decode_answers(whole.substr(0, at), key)) << "cut off at " << at;
      auto damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 1);
      EXPECT_FALSE(command::decode_answers(damaged, key)) << "byte " << at;
    }
  }
  const auto unequal = NetworkAnswers{.first_look = {{0.5F, 0.5F}, {0.5F}}, .second_look = {}};
  EXPECT_FALSE(command::decode_answers(command::encode_answers(key, unequal), key));
  const auto improbable = NetworkAnswers{.first_look = {{1.5F}, {}}, .second_look = {}};
  EXPECT_FALSE(command::decode_answers(command::encode_answers(key, improbable), key));
}

/// The bytes of an entry with a checksum that is right, by the sha256sum command.
std::string signed_entry(const fs::path& folder, const std::string& header, const std::string& arrays) {
  const auto body = header + "\n" + arrays;
  write_file(folder / "body", body);
  const auto sum = output_of("sha256sum < '" + (folder / "body").string() + "'").substr(0, 64);
  return "transnet.predictions/1\n" + sum + "\n" + body;
}

template <typename T>
std::string bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

class ForeignEntry : public testing::Test {
 protected:
  bool is_read(const Json& header, const std::string& arrays) const {
    return decode_predictions(signed_entry(folder_.path(), header.dump(), arrays), key, "film.mp4").has_value();
  }

  TempDir folder_;
  const std::string two_ = bytes_of<float>({0.25F, 0.75F});
  const Json header_ = {{"key", key},        {"video", "film.mp4"},       {"byte_order", "little"},
                        {"frame_count", 2},  {"has_many_hot", false},     {"is_constant_rate", true},
                        {"framerate", 25.0}, {"last_duration_s", 0.0},    {"tick_s", 0.001},
                        {"origin_s", 0.0},   {"warnings", Json::array()}, {"metadata", Json::object()}};
};

// Made by hand as docs/cache.md describes it.
TEST_F(ForeignEntry, IsReadWhereItIsRight) {
  if (std::endian::native != std::endian::little) GTEST_SKIP() << "the bytes of this machine are in another order";
  EXPECT_TRUE(is_read(header_, two_));
  auto variable = header_;
  variable["is_constant_rate"] = false;
  EXPECT_TRUE(is_read(variable, two_ + bytes_of<double>({0.0, 3.0})));
}

TEST_F(ForeignEntry, IsNotBelieved) {
  const auto with = [this](const std::string& name, const Json& value) {
    auto header = header_;
    header[name] = value;
    return header;
  };
  for (const Json& count :
       {Json(3), Json(1), Json(0), Json(-1), Json(-2), Json(2.0), Json(1e300), Json(std::int64_t{1} << 62),
        Json(std::numeric_limits<std::uint64_t>::max()), Json((std::uint64_t{1} << 62U) + 2U), Json("2"), Json()}) {
    EXPECT_FALSE(is_read(with("frame_count", count), two_)) << count;
  }
  EXPECT_FALSE(is_read(with("has_many_hot", true), two_));
  EXPECT_FALSE(is_read(with("is_constant_rate", false), two_));
  EXPECT_FALSE(is_read(with("byte_order", "big"), two_));
  for (const Json& rate : {Json(0.0), Json(-25.0), Json("fast"), Json()}) {
    EXPECT_FALSE(is_read(with("framerate", rate), two_)) << rate;
  }
  EXPECT_TRUE(is_read(with("analysed", {0, 1}), two_));
  for (const Json& part : {Json{-1, 1}, Json{1, 1}, Json{0, 3}, Json{0.0, 1.0}, Json{0}, Json("0"), Json()}) {
    EXPECT_FALSE(is_read(with("analysed", part), two_)) << part;
  }
  EXPECT_FALSE(is_read(with("warnings", "text"), two_));
  EXPECT_FALSE(is_read(with("warnings", {1, 2}), two_));
  EXPECT_FALSE(is_read(with("metadata", {{"width", "wide"}}), two_));
  EXPECT_FALSE(is_read(with("metadata", {{"width", 1e300}}), two_));
  EXPECT_FALSE(is_read(with("metadata", {{"video_codec", 1}}), two_));
  for (const auto& [name, value] : header_.items()) {
    if (name == "video" || name == "last_duration_s" || name == "tick_s") continue;  // for people; of variable rates
    auto header = header_;
    header.erase(name);
    EXPECT_FALSE(is_read(header, two_)) << "without " << name;
  }
  for (const float value : {-0.1F, 1.1F, std::nanf(""), std::numeric_limits<float>::infinity()}) {
    EXPECT_FALSE(is_read(header_, bytes_of<float>({0.5F, value}))) << value;
  }
  for (const double start_s : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(is_read(with("is_constant_rate", false), two_ + bytes_of<double>({0.0, start_s}))) << start_s;
  }
  const auto is_read_as = [this](const std::string& header) {
    return decode_predictions(signed_entry(folder_.path(), header, two_), key, "film.mp4").has_value();
  };
  for (const auto& header : {std::string(), std::string("{}"), std::string("[]"), std::string("1"),
                             std::string(60'000, '['), header_.dump() + std::string(70'000, ' ')}) {
    EXPECT_FALSE(is_read_as(header));
  }
}

}  // namespace
}  // namespace transnet::test
