// SPDX-License-Identifier: Apache-2.0
// Checks the JSON formats against the schemas in docs/ with an independent validator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "commands/eval/eval_report.hpp"
#include "commands/sweep/sweep_report.hpp"
#include "formats/made_by.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "support/files.hpp"
#include "support/format_example.hpp"

#ifdef TRANSNET_HAS_VALIJSON
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#endif

namespace transnet::test {
namespace {

using ::testing::IsEmpty;
using Json = nlohmann::json;
using Names = std::set<std::string>;

const std::filesystem::path schemas = std::filesystem::path(TRANSNET_TEST_DATA_DIR) / "../../docs/schemas";

/// A video that ended in an error.
VideoClips broken(Status status, VideoClips video) {
  video.status = status;
  video.failure = Failure{ErrorCode::invalid_media, "broken at \xFF"};
  video.warnings = {"a \"warning\"\n"};
  return video;
}

/// A video whose container states everything.
VideoClips with_metadata(VideoClips video) {
  video.metadata = {.size = 1'000'000,
                    .height = 360,
                    .width = 640,
                    .rotation = 90,
                    .pixel_width = 64,
                    .pixel_height = 45,
                    .framerate = 25.0,
                    .num_frames = 250,
                    .duration = 10.0,
                    .video_codec = "h264",
                    .pixel_format = "yuv420p",
                    .audio_codec = "aac",
                    .bit_rate_k = 800,
                    .timecode = "01:00:00;00",
                    .container = "mov,mp4,m4a,3gp,3g2,mj2",
                    .start_s = 0.0,
                    .first_packet_s = 0.0};
  return video;
}

command::MadeBy made_by_command() {
  auto made_by = command::made_by(command_defaults<ClipExtractorOptions>(), std::string(64, 'a'));
  made_by.elapsed_s = 1.23456;
  return made_by;
}

/// json or jsonl, made as the command makes it.
std::string made(std::string_view format, const std::vector<VideoClips>& videos) {
  const command::ListColumns columns(command::Json{{"label", "a \xFF \"cat\""}, {"score", 0.5}});
  return written_as(format, videos, std::nullopt, {.made_by = made_by_command(), .columns = columns, .file = ""});
}

VideoClips failed() {
  VideoClips video;
  video.video = "missing.mp4";
  return broken(Status::failed, video);
}

/// A validator of one of the schemas in docs/.
class SchemaTest : public testing::Test {
 protected:
#ifdef TRANSNET_HAS_VALIJSON
  explicit SchemaTest(const std::string& name) : document_(Json::parse(read_file(schemas / name))) {
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document_), schema_);
  }

  /// The validator's objections.
  std::string objections(const Json& json) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter adapter(json);
    if (validator.validate(schema_, adapter, &results)) return "";
    std::string text = "refused";
    for (valijson::ValidationResults::Error error; results.popError(error);) text += "\n" + error.description;
    return text;
  }

 private:
  Json document_;
  valijson::Schema schema_;
#else
  explicit SchemaTest(const std::string&) {}
  void SetUp() override { GTEST_SKIP() << "valijson was not there when the tests were built"; }
  static std::string objections(const Json&) { return ""; }
#endif
};

class JsonSchema : public SchemaTest {
 protected:
  JsonSchema() : SchemaTest("transnet.clips-2.json") {}
};

class SweepSchema : public SchemaTest {
 protected:
  SweepSchema() : SchemaTest("transnet.sweep-1.json") {}

  static Json written(const std::vector<command::SweptVideo>& videos) {
    command::SweepReport report(command::SweepFormat::json, command::BarStyle::ascii);
    std::string text;
    for (const auto& video : videos) text += report.add(video);
    return Json::parse(text + report.finish());
  }

  static command::SweptVideo swept(Status status) {
    command::SweptVideo video;
    video.video = "a \xFF\n.mp4";
    video.status = status;
    if (status != Status::complete) video.failure = Failure{ErrorCode::invalid_media, "broken"};
    if (status == Status::failed) return video;
    video.frame_count = 250;
    video.framerate = ntsc;
    video.rows = {{0.0, 7, 8, 3}, {0.5, 5, 6, 2}, {1.0, 5, 6, 2}};
    video.warnings = {"a \"warning\"\n"};
    return video;
  }
};

TEST_F(JsonSchema, HoldsForEveryResult) {
  for (const auto& video : {example_at(25.0), example_at(ntsc, "\xFF\"\n"), VideoClips(failed()),
                            broken(Status::partial, example_at(25.0)), with_metadata(example_at(25.0))}) {
    EXPECT_THAT(objections(Json::parse(made("jsonl", {video}))), IsEmpty()) << made("jsonl", {video});
    EXPECT_THAT(objections(Json::parse(made("json", {video}))), IsEmpty());
  }
  const Json several = Json::parse(made("json", {example_at(25.0), failed()}));
  ASSERT_EQ(several.size(), 2U);
  for (const auto& video : several) EXPECT_THAT(objections(video), IsEmpty());
}

TEST_F(JsonSchema, RefusesWhatIsNoResult) {
  const Json good = Json::parse(made("json", {with_metadata(example_at(25.0))}));
  for (const auto& [key, value] : good.items()) {
    Json without = good;
    without.erase(key);
    const bool is_optional = key == "source" || key == "columns";
    EXPECT_EQ(objections(without).empty(), is_optional) << "without " << key;
    Json wrong = good;
    wrong[key] = is_optional ? Json::array() : Json::object();
    EXPECT_FALSE(objections(wrong).empty()) << "with another " << key;
  }
  const auto expect_refused = [&](const char* place, const Json& value) {
    Json wrong = good;
    wrong[Json::json_pointer(place)] = value;
    EXPECT_FALSE(objections(wrong).empty()) << place << " " << value;
  };
  ASSERT_THAT(objections(good), IsEmpty());
  expect_refused("/schema", "transnet.clips/1");
  expect_refused("/source/width", 0);
  expect_refused("/source/size_bytes", 1.5);
  expect_refused("/source/video_codec", nullptr);
  expect_refused("/made_by/transnet", 1);
  expect_refused("/made_by/model/sha256", "abc");
  expect_refused("/made_by/options", Json::object());
  expect_refused("/made_by/options/threshold", Json::array());
  expect_refused("/made_by/elapsed_s", "1.2");
  expect_refused("/status", "failed");  // without an error
  expect_refused("/error", Json::parse(R"({"code": "io", "message": "complete all the same"})"));
  expect_refused("/transitions/0/probability", 1.5);
  expect_refused("/scenes/0", Json::parse("[1, 2, 3]"));
  expect_refused("/shots/0/start_frame", -1);
  expect_refused("/clips/0/end_frame", 1.5);
  expect_refused("/clips/0/uuid", "d23419cb");
}

TEST_F(SweepSchema, HoldsForEveryResult) {
  const auto complete = swept(Status::complete);
  const auto failed = swept(Status::failed);
  for (const auto& videos : std::vector<std::vector<command::SweptVideo>>{
           {}, {complete}, {failed}, {complete, swept(Status::partial), failed, complete}}) {
    EXPECT_THAT(objections(written(videos)), IsEmpty()) << written(videos);
  }
}

TEST_F(SweepSchema, RefusesWhatIsNoResult) {
  const Json good = written({swept(Status::complete), swept(Status::failed)});
  const Json all = good.flatten();  // every value by its place
  for (const auto& [place, value] : all.items()) {
    if (place.find("/warnings") != std::string::npos) continue;
    Json wrong = good;
    wrong[Json::json_pointer(place)] = value.is_string() ? Json(1) : Json("text");
    EXPECT_FALSE(objections(wrong).empty()) << place;
    const auto name = place.substr(place.rfind('/') + 1);
    Json without = good;
    without[Json::json_pointer(place.substr(0, place.rfind('/')))].erase(name);
    EXPECT_FALSE(objections(without).empty()) << "without " << place;
  }
}

class EvalSchema : public SchemaTest {
 protected:
  EvalSchema() : SchemaTest("transnet.eval-1.json") {}

  static Json written(const std::vector<command::EvaluatedVideo>& videos, const command::EvaluationRequest& request) {
    command::EvalReport report(command::EvalFormat::json, command::ShownKinds::every, request);
    std::string text;
    for (const auto& video : videos) text += report.add(video);
    return Json::parse(text + report.finish());
  }

  static command::EvaluatedVideo evaluated(const command::EvaluationRequest& request) {
    command::LabelledVideo truth;
    truth.name = "a \xFF\n.mp4";
    truth.add("entry", 3, 4, "cut");
    truth.add("entry", 10, 20, "dissolve");
    auto result = truth;
    result.frame_count = 200;
    result.labels.transitions[1] = {{100, 110}, TransitionKind::gradual, "", false};
    VideoPredictions predictions{"", std::vector<float>(200), {}, Timeline::constant_rate(25.0, 200), {}, {}, {}};
    auto video =
        command::evaluate_video(truth, result, request.thresholds.empty() ? nullptr : &predictions, {}, request);
    video.warnings = {"a \"warning\"\n"};
    return video;
  }

  static command::EvaluatedVideo failed() {
    command::EvaluatedVideo video;
    video.video = "missing.txt";
    video.status = Status::failed;
    video.failure = Failure{ErrorCode::not_found, "missing"};
    return video;
  }
};

TEST_F(EvalSchema, HoldsForEveryReport) {
  command::EvaluationRequest request;
  request.rules.push_back(ScoringRule::clipshots);
  for (const std::vector<double>& thresholds : {std::vector<double>{}, {0.1, 0.5}}) {
    request.thresholds = thresholds;
    for (const auto& videos : std::vector<std::vector<command::EvaluatedVideo>>{
             {}, {evaluated(request)}, {evaluated(request), evaluated(request), failed()}, {failed()}}) {
      const Json report = written(videos, request);
      EXPECT_THAT(objections(report), IsEmpty()) << report;
    }
  }
}

TEST_F(EvalSchema, RefusesWhatIsNoReport) {
  const Json good = written({evaluated({}), failed()}, {});
  ASSERT_THAT(objections(good), IsEmpty());
  for (const std::string place : {"/sum/scores/0/rules/0/all/f1", "/videos/0/scores/0/rules/0/missed/0/kind",
                                  "/videos/0/words/cut/true", "/schema"}) {
    Json wrong = good;
    wrong[Json::json_pointer(place)] = nullptr;
    EXPECT_FALSE(objections(wrong).empty()) << place;
    Json without = good;
    const auto slash = place.rfind('/');
    auto& parent = slash == 0 ? without : without[Json::json_pointer(place.substr(0, slash))];
    parent.erase(place.substr(slash + 1));
    EXPECT_FALSE(objections(without).empty()) << "without " << place;
  }
  Json wrong = good;
  wrong["videos"][1].erase("error");
  EXPECT_FALSE(objections(wrong).empty());
}

Names keys(const Json& object) {
  Names names;
  for (const auto& [key, value] : object.items()) names.insert(key);
  return names;
}

// Later versions may add properties; all present ones are described.
TEST(JsonSchemaFile, DescribesEveryProperty) {
  const Json schema = Json::parse(read_file(schemas / "transnet.clips-2.json"));
  auto video = broken(Status::partial, with_metadata(example_at(25.0)));
  video.snapped = {.moved = 3, .elsewhere = 1};
  video.analysed = transnet::TimeSpan{0, 10, 0.0, 0.4};
  const Json result = Json::parse(made("json", {video}));
  const Json& properties = schema["properties"];
  const Json& range = schema["definitions"]["range"]["properties"];
  EXPECT_EQ(keys(result), keys(properties));
  EXPECT_EQ(keys(result["error"]), keys(properties["error"]["properties"]));
  EXPECT_EQ(keys(result["source"]), keys(properties["source"]["properties"]));
  Names made_by = keys(properties["made_by"]["properties"]);
  made_by.erase("is_corrected");  // only the page of `transnet report` writes it
  EXPECT_EQ(keys(result["made_by"]), made_by);
  EXPECT_EQ(result["made_by"]["elapsed_s"], 1.235) << "three decimals";
  EXPECT_EQ(keys(result["transitions"][0]), keys(properties["transitions"]["items"]["properties"]));
  EXPECT_EQ(keys(result["snapped"]), keys(properties["snapped"]["properties"]));
  EXPECT_EQ(keys(result["shots"][0]), keys(range));
  Names clip = keys(properties["clips"]["items"]["properties"]);
  clip.merge(keys(range));
  EXPECT_EQ(keys(result["clips"][0]), clip);
}

// The second version only adds members, so that its readers read files of the first one as well.
TEST_F(JsonSchema, OnlyAddsToTheFirstVersion) {
  Json first = Json::parse(read_file(schemas / "transnet.clips-1.json"));
  const Json second = Json::parse(read_file(schemas / "transnet.clips-2.json"));
  for (const auto& [name, property] : first["properties"].items()) {
    if (name == "schema") continue;
    auto now = second["properties"][name];
    // A shot may have a name and a note besides.
    if (name == "shots") now["items"] = now["items"]["allOf"].at(0);
    EXPECT_EQ(now, property) << name;
  }
  auto required = first["required"];
  required.push_back("made_by");
  EXPECT_EQ(second["required"], required);
}

// A result without a container, as `transnet scenes` has it.
TEST_F(JsonSchema, HoldsWithoutNetworkAndContainer) {
  const auto made_by = command::made_by(command_defaults<DecisionOptions>());
  const Json result = Json::parse(
      written_as("json", {example_at(25.0)}, std::nullopt, {.made_by = made_by, .columns = {}, .file = ""}));
  EXPECT_THAT(objections(result), IsEmpty());
  EXPECT_FALSE(result.contains("source"));
  EXPECT_FALSE(result["made_by"].contains("model"));
}

}  // namespace
}  // namespace transnet::test
