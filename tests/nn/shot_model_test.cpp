// SPDX-License-Identifier: Apache-2.0
#include "transnet/shot_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/kept_rows.hpp"
#include "support/published_probabilities.hpp"
#include "support/temp_dir.hpp"
#include "support/torch_archives.hpp"
#include "transnet/weights.hpp"

namespace transnet {
namespace {

namespace fs = std::filesystem;

/// The sample video as the ffmpeg command decodes it.
std::string frames_of(const std::string& video) {
  return test::raw_video(test::sample_videos() / (video + ".mp4")).bytes;
}

/// The reason for a test of a sample video to be skipped.
std::optional<std::string> missing_for(const std::string& video) {
  if (!test::has_ffmpeg()) return "the ffmpeg command is missing";
  return test::missing_download({test::published_weights(), test::sample_videos() / (video + ".mp4")});
}

class PublishedVideo : public testing::TestWithParam<const char*> {};

TEST_P(PublishedVideo, ProbabilitiesEqualThePublishedModels) {
  if (const auto missing = missing_for(GetParam())) GTEST_SKIP() << *missing;
  const std::string bytes = frames_of(GetParam());
  const FramesView frames({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  const auto published = test::read_published(std::string(GetParam()) + ".predictions.txt");
  const auto model = ShotModel::load(test::published_weights());
  const auto found = test::probabilities_of(*model, frames);
  test::expect_published(found.single, published.single);
  test::expect_published(found.many_hot, published.many_hot);
}

INSTANTIATE_TEST_SUITE_P(ShotModel, PublishedVideo, testing::Values("bikes", "bigbuckbunny", "carphone_pristine"),
                         [](const auto& video) { return std::string(video.param); });

// One window, so that an emulated processor runs it as well. A shot begins in it.
class PublishedWindow : public testing::TestWithParam<Precision> {};

TEST_P(PublishedWindow, ProbabilitiesEqualThePublishedModels) {
  if (const auto missing = missing_for("bikes")) GTEST_SKIP() << *missing;
  const auto model = ShotModel::load(test::published_weights());
  const auto precision = GetParam();
  if (precision == Precision::bf16 && model->info().precision == Precision::fp32) {
    GTEST_SKIP() << "this processor has no fast bf16";
  }
  const std::string bytes =
      frames_of("bikes").substr(0, static_cast<std::size_t>(window_frames - window_context) * frame_bytes);
  const FramesView frames({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  const auto found = model->predict_kept(get_batches(frames).front(), precision);
  const auto published = test::read_published("bikes.predictions.txt");
  const double tolerance = precision == Precision::bf16 ? bf16_margin / 2 : 1e-4;
  ASSERT_EQ(found.single.size(), static_cast<std::size_t>(window_stride));
  ASSERT_EQ(found.many_hot.size(), static_cast<std::size_t>(window_stride));
  for (std::size_t frame = 0; frame < found.single.size(); ++frame) {
    EXPECT_NEAR(found.single[frame], published.single.at(frame), tolerance) << "frame " << frame;
    EXPECT_NEAR(found.many_hot[frame], published.many_hot.at(frame), tolerance) << "frame " << frame;
  }
  EXPECT_EQ(std::ranges::max_element(found.single) - found.single.begin(), 29);
}

INSTANTIATE_TEST_SUITE_P(ShotModel, PublishedWindow, testing::Values(Precision::fp32, Precision::bf16),
                         [](const auto& precision) {
                           return std::string(precision.param == Precision::fp32 ? "fp32" : "bf16");
                         });

using test::expect_error;
using test::read_file;
using test::replaced;
using test::write_file;
using test::write_record;

/// Frames that change from one to the next and from window to window.
std::vector<std::uint8_t> pattern_windows(std::size_t count) {
  std::vector<std::uint8_t> bytes(count * window_bytes);
  std::uint32_t state = 1;
  for (auto& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  return bytes;
}

ShotModelOptions on_device(const Device& device) {
  ShotModelOptions options;
  options.device = device;
  return options;
}

void expect_bad_weights(const fs::path& file, const std::string& text) {
  expect_error(ErrorCode::bad_weights, text, [&] { (void)ShotModel::load(file); });
  expect_error(ErrorCode::bad_weights, file.string(), [&] { (void)ShotModel::load(file); });
}

/// The pickle instruction for a text shorter than 256 bytes.
std::string pickled_text(const std::string& text) {
  std::string pickle(1, 'X');
  pickle.push_back(static_cast<char>(text.size()));
  pickle.append(3, '\0');
  return pickle.append(text);
}

class Weights : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = test::missing_download({test::published_weights()})) GTEST_SKIP() << *missing;
  }

  /// A copy of the published file with another content of one record.
  fs::path with_record(const std::string& record, const std::string& bytes, zip_int32_t method = ZIP_CM_STORE) const {
    auto file = folder_.path() / "changed.pth";
    fs::copy_file(test::published_weights(), file, fs::copy_options::overwrite_existing);
    write_record(file, "archive/" + record, bytes, method);
    return file;
  }
  fs::path with_pickle(const std::string& pickle) const { return with_record("data.pkl", pickle); }
  /// An archive of a pickle alone, for errors that come before any tensor is read: it is small, so written at once.
  fs::path of_pickle(const std::string& pickle) const {
    auto file = folder_.path() / "small.pth";
    fs::remove(file);
    write_record(file, "archive/data.pkl", pickle);
    return file;
  }
  static std::string published_pickle() { return test::read_record(test::published_weights(), "archive/data.pkl"); }

  test::TempDir folder_;
};

TEST_F(Weights, PublishedFileIsKnown) {
  const auto model = ShotModel::load(test::published_weights(), on_device({Device::Kind::cpu, 0}));
  EXPECT_EQ(model->info().file, test::published_weights());
  EXPECT_EQ(model->info().kind, "transnetv2");
  EXPECT_EQ(model->info().sha256, weights_sha256);
  EXPECT_TRUE(model->info().is_published);
  EXPECT_EQ(model->info().device, (Device{Device::Kind::cpu, 0}));
  EXPECT_NE(model->info().precision, Precision::bf16) << "fp32 is always available";
  EXPECT_EQ(model->info().parameter_count, 7'616'258);  // PyTorch: sum(p.numel() for p in model.parameters())
  EXPECT_TRUE(model->info().has_many_hot);
  EXPECT_EQ(model->preferred_windows(), 1);
}

TEST_F(Weights, BytesInMemoryAreTheFile) {
  const auto bytes = read_file(test::published_weights());
  const auto read = [](const std::string& part) {
    return ShotModel::from_memory(std::as_bytes(std::span(part)), "editor's own weights",
                                  {.precision = Precision::fp32});
  };
  const auto from_memory = read(bytes);
  const auto from_file = ShotModel::load(test::published_weights(), {.precision = Precision::fp32});
  EXPECT_EQ(from_memory->info().file, "editor's own weights");
  EXPECT_EQ(from_memory->info().sha256, weights_sha256);
  EXPECT_TRUE(from_memory->info().is_published);
  EXPECT_EQ(from_memory->info().parameter_count, from_file->info().parameter_count);
  const auto windows = pattern_windows(1);
  const auto found = from_memory->predict(windows);
  const auto expected = from_file->predict(windows);
  EXPECT_EQ(found.single, expected.single);
  EXPECT_EQ(found.many_hot, expected.many_hot);

  expect_error(ErrorCode::unsupported, "editor's own weights: only a model from a file of its own can be exported",
               [&] { (void)from_memory->to_torchscript(); });
  expect_error(ErrorCode::bad_weights,
               "editor's own weights: ", [&] { (void)read(bytes.substr(0, bytes.size() / 2)); });
  expect_error(ErrorCode::bad_weights, "editor's own weights: ", [&] { (void)read(""); });
  expect_error(ErrorCode::invalid_argument, "needs a name",
               [&] { (void)ShotModel::from_memory(std::as_bytes(std::span(bytes)), ""); });
}

// All facts about a file that was read come from its bytes, whatever happens to the file.
TEST_F(Weights, FileIsReadOnce) {
  const auto path = folder_.path() / "weights.pth";
  fs::copy_file(test::published_weights(), path);
  const auto file = ModelFile::read(path);
  write_file(path, "other bytes");
  EXPECT_EQ(file.path(), path);
  EXPECT_EQ(file.sha256(), weights_sha256);
  EXPECT_EQ(recommended_threshold(file), 0.4);
  for (int load = 0; load < 2; ++load) {
    const auto model = ShotModel::load(file, {.precision = Precision::fp32});
    EXPECT_EQ(model->info().file, path);
    EXPECT_EQ(model->info().sha256, weights_sha256);
    expect_error(ErrorCode::bad_weights, path.string(), [&] { (void)model->to_torchscript(); });
  }

  const auto other = ModelFile::read(path);
  expect_error(ErrorCode::bad_weights, path.string(), [&] { (void)recommended_threshold(other); });
  expect_error(ErrorCode::bad_weights, path.string(), [&] { (void)ShotModel::load(other); });
  expect_error(ErrorCode::not_found, "none.pth", [&] { (void)ModelFile::read(folder_.path() / "none.pth"); });
  expect_error(ErrorCode::io, folder_.path().string(), [&] { (void)ModelFile::read(folder_.path()); });
}

TEST_F(Weights, TruncatedFileIsRefused) {
  const auto bytes = read_file(test::published_weights());
  const auto file = folder_.path() / "cut.pth";
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{30}, std::size_t{20'000},
                                   bytes.size() / 2, bytes.size() - 5'000, bytes.size() - 1}) {
    SCOPED_TRACE(length);
    write_file(file, bytes.substr(0, length));
    expect_bad_weights(file, "cut off");
  }
}

TEST_F(Weights, FlippedByteIsRefused) {
  const auto bytes = read_file(test::published_weights());
  const auto file = folder_.path() / "flipped.pth";
  for (const std::size_t at : {std::size_t{5'000}, std::size_t{100'000}, bytes.size() / 2, bytes.size() * 9 / 10}) {
    SCOPED_TRACE(at);
    auto flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    write_file(file, flipped);
    expect_bad_weights(file, "damaged");
  }
}

/// A pickle's instructions for one value, without its beginning and its end.
std::string inside(const std::string& pickle) { return pickle.substr(2, pickle.size() - 3); }

/// What `torch.save({"epoch": 12, ..., key: weights, "optimizer": ...})` writes: numbers, texts, lists, an optimizer
/// with tensors of its own.
std::string checkpoint_pickle(const std::string& key, const std::string& weights) {
  using namespace std::string_literals;
  // The first tensor of the weights again, as the memory of the optimizer.
  const auto tensor = "h\x0d"s;
  const auto state = "}K\x00}("s + pickled_text("step") + "K\x05" + pickled_text("exp_avg") + tensor + "us";
  const auto rates =
      pickled_text("betas") + "G\x3f\xec\xcc\xcc\xcc\xcc\xcc\xcd"s + "G\x3f\xef\xf7\xce\xd9\x16\x87\x2b\x86";
  const auto groups = "]}(" + pickled_text("lr") + "G\x3f\x50\x62\x4d\xd2\xf1\xa9\xfc" + rates +
                      pickled_text("params") + "](K\x00K\x01K\x02"s + "e" + pickled_text("amsgrad") + "\x89ua";
  return "\x80\x02}(" + pickled_text("epoch") + "K\x0c" + pickled_text("best") + "N" + pickled_text("seed") +
         "\x8a\x05\x00\x00\x00\x00\x80"s + pickled_text(key) + inside(weights) + pickled_text("optimizer") + "}(" +
         pickled_text("state") + state + pickled_text("param_groups") + groups + "uu.";
}

/// All names of tensors with something in front.
std::string with_prefix(std::string pickle, const std::string& prefix) {
  using namespace std::string_literals;
  const std::string marks[] = {"SDDCNN.", "frame_sim_layer.", "color_hist_layer.",
                               "fc1.",    "cls_layer1.",      "cls_layer2."};
  for (std::size_t at = 0; (at = pickle.find('X', at)) != std::string::npos; ++at) {
    const auto starts = [&](const std::string& mark) { return pickle.compare(at + 5, mark.size(), mark) == 0; };
    const bool is_name = pickle.compare(at + 2, 3, "\0\0\0"s) == 0 && std::ranges::any_of(marks, starts);
    if (!is_name) continue;
    pickle[at + 1] = static_cast<char>(pickle[at + 1] + static_cast<char>(prefix.size()));
    pickle.insert(at + 5, prefix);
  }
  return pickle;
}

// Fine-tuned networks come as training scripts save them.
TEST_F(Weights, CheckpointsOfTrainingScriptsAreRead) {
  const auto windows = pattern_windows(1);
  const auto expected = ShotModel::load(test::published_weights(), {.precision = Precision::fp32})->predict(windows);
  const auto expect_read = [&](const std::string& pickle) {
    const auto file = with_pickle(pickle);
    const auto model = ShotModel::load(file, {.precision = Precision::fp32});
    EXPECT_EQ(model->info().kind, "transnetv2");
    EXPECT_FALSE(model->info().is_published);
    EXPECT_EQ(model->predict(windows).single, expected.single);
    EXPECT_EQ(recommended_threshold(file), 0.4);
  };
  const auto pickle = published_pickle();
  for (const std::string prefix : {"module.", "_orig_mod.", "model.module."}) {
    SCOPED_TRACE(prefix);
    expect_read(with_prefix(pickle, prefix));
  }
  for (const std::string key : {"state_dict", "model_state_dict", "model", "net"}) {
    SCOPED_TRACE(key);
    expect_read(checkpoint_pickle(key, pickle));
  }
  expect_read(checkpoint_pickle("model", with_prefix(pickle, "module.")));
  expect_bad_weights(with_pickle(checkpoint_pickle("ema", pickle)), "\"epoch\" is not a tensor");
  // A prefix belongs to all names or is a part of one.
  expect_bad_weights(with_pickle(replaced(pickle, "cls_layer1.bias", "mod.layer1.bias")), "cls_layer1.bias is missing");
}

// GCC 12 has no half type of its own for 64-bit ARM in C++; Eigen has one everywhere.
TEST_F(Weights, HalfPrecisionIsReadAsItsNumbers) {
  const auto half = folder_.path() / "half.pth";
  const auto single = folder_.path() / "single.pth";
  for (const auto& file : {half, single}) fs::copy_file(test::published_weights(), file);
  auto pickle = published_pickle();
  ASSERT_NE(pickle.find("FloatStorage"), std::string::npos);
  std::map<std::string, std::string> of_half{
      {"archive/data.pkl", replaced(pickle, "ctorch\nFloatStorage\n", "ctorch\nHalfStorage\n")}};
  std::map<std::string, std::string> of_single;
  const auto archive = test::open_zip(test::published_weights(), ZIP_RDONLY);
  for (zip_int64_t index = 0; index < zip_get_num_entries(archive.get(), 0); ++index) {
    const std::string name = zip_get_name(archive.get(), static_cast<zip_uint64_t>(index), 0);
    const auto values = test::read_record(test::published_weights(), name);
    // Counters of batches have 8 bytes.
    if (!name.starts_with("archive/data/") || values.size() == 8) continue;
    std::string halves;
    std::string rounded;
    for (std::size_t at = 0; at < values.size(); at += sizeof(float)) {
      float value = 0.0F;
      std::memcpy(&value, values.data() + at, sizeof value);
      const auto narrow = static_cast<Eigen::half>(value);
      const auto wide = static_cast<float>(narrow);
      halves.append(reinterpret_cast<const char*>(&narrow), sizeof narrow);
      rounded.append(reinterpret_cast<const char*>(&wide), sizeof wide);
    }
    of_half[name] = halves;
    of_single[name] = rounded;
  }
  test::write_records(half, of_half);
  test::write_records(single, of_single);
  const auto windows = pattern_windows(1);
  const auto found = ShotModel::load(half, {.precision = Precision::fp32})->predict(windows);
  const auto expected = ShotModel::load(single, {.precision = Precision::fp32})->predict(windows);
  EXPECT_EQ(found.single, expected.single);
  EXPECT_EQ(found.many_hot, expected.many_hot);
}

/// The published weights in the layout of torch.save before PyTorch 1.6.
std::string published_in_legacy_layout(const std::string& pickle) {
  using namespace std::string_literals;
  const auto archive = test::open_zip(test::published_weights(), ZIP_RDONLY);
  const std::string front = "archive/data/";
  std::string keys;
  std::string storages;
  for (zip_int64_t index = 0; index < zip_get_num_entries(archive.get(), 0); ++index) {
    const std::string name = zip_get_name(archive.get(), static_cast<zip_uint64_t>(index), 0);
    if (!name.starts_with(front)) continue;
    const auto bytes = test::read_record(test::published_weights(), name);
    // Counters of batches are the only storages of 8 bytes.
    const auto count = static_cast<std::int64_t>(bytes.size() == 8 ? 1 : bytes.size() / sizeof(float));
    keys += pickled_text(name.substr(front.size()));
    storages.append(reinterpret_cast<const char*>(&count), sizeof count).append(bytes);
  }
  const auto machine = "\x80\x02}("s + pickled_text("little_endian") + "\x88u.";
  return "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03."s + machine + pickle + "\x80\x02](" +
         keys + "e." + storages;
}

TEST_F(Weights, LegacyLayoutIsRead) {
  const auto legacy = folder_.path() / "legacy.pth";
  const auto bytes = published_in_legacy_layout(published_pickle());
  write_file(legacy, bytes);
  const auto model = ShotModel::load(legacy, {.precision = Precision::fp32});
  EXPECT_EQ(model->info().kind, "transnetv2");
  EXPECT_EQ(recommended_threshold(legacy), 0.4);
  const auto windows = pattern_windows(1);
  const auto expected = ShotModel::load(test::published_weights(), {.precision = Precision::fp32})->predict(windows);
  EXPECT_EQ(model->predict(windows).single, expected.single);
  write_file(legacy, bytes.substr(0, bytes.size() / 2));
  expect_bad_weights(legacy, "cut off: it ends within storage ");
}

TEST_F(Weights, FirstMismatchIsNamed) {
  const auto pickle = published_pickle();
  expect_bad_weights(with_pickle(replaced(pickle, "cls_layer2.bias", "cls_layerX.bias")), "cls_layer2.bias is missing");
  // fc1.weight is [1024, 4864]: this swaps the two numbers.
  using namespace std::string_literals;
  expect_bad_weights(with_pickle(replaced(pickle, "M\x00\x04M\x00\x13\x86"s, "M\x00\x13M\x00\x04\x86"s)),
                     "fc1.weight is float32 [4864, 1024], expected float32 [1024, 4864]");
  expect_bad_weights(
      with_pickle(replaced(pickle, "ctorch\nFloatStorage\n", "ctorch\nIntStorage\n")),
      "SDDCNN.0.DDCNN.0.Conv3D_1.layers.0.weight is int32 [32, 3, 1, 3, 3], expected float32 [32, 3, 1, 3, 3]");

  // A further entry with the first tensor again: h 13 recalls it from the pickle's memo.
  auto extended = pickle;
  extended.insert(extended.rfind("u}", extended.find("_metadata")), pickled_text("extra") + "h\x0d");
  expect_bad_weights(with_pickle(extended), "extra is unexpected");
  auto with_none = pickle;
  with_none.insert(with_none.rfind("u}", with_none.find("_metadata")), pickled_text("extra") + "N");
  expect_bad_weights(with_pickle(with_none), "\"extra\" is not a tensor");
}

TEST_F(Weights, ValuesThatAreNoNumbersAreRefused) {
  for (const float value : {std::nanf(""), INFINITY, -INFINITY}) {
    auto values = test::read_record(test::published_weights(), "archive/data/0");
    std::memcpy(&values[400], &value, sizeof value);
    expect_bad_weights(with_record("data/0", values),
                       "SDDCNN.0.DDCNN.0.Conv3D_1.layers.0.weight holds a value that is infinite or not a number");
  }
}

TEST_F(Weights, PickleCanRunNothing) {
  using namespace std::string_literals;
  const auto proof = folder_.path() / "was-here";
  const auto command = "touch " + proof.string();
  const auto text = pickled_text(command);
  const auto quick = "\x80\x02"s;
  expect_bad_weights(of_pickle(quick + "cos\nsystem\n(" + text + "tR."), "os.system");
  expect_bad_weights(of_pickle(quick + "cposix\nsystem\n(" + text + "tR."), "posix.system");
  expect_bad_weights(of_pickle(quick + "c__builtin__\neval\n(" + text + "tR."), "__builtin__.eval");
  expect_bad_weights(of_pickle(quick + "ctorch\n_utils\n."), "torch._utils");
  expect_bad_weights(of_pickle("(S'touch was-here'\nios\nsystem\n."), "instruction 0x53");            // INST
  expect_bad_weights(of_pickle("\x80\x04X\x02\0\0\0osX\x06\0\0\0system\x93."s), "instruction 0x93");  // STACK_GLOBAL
  expect_bad_weights(of_pickle(quick + "ccollections\nOrderedDict\n)\x81."), "instruction 0x81");     // NEWOBJ
  expect_bad_weights(of_pickle(quick + "ccollections\nOrderedDict\n(" + text + "tR."), "calls something other");
  expect_bad_weights(of_pickle(quick + "}" + text + "\x93."), "instruction 0x93");
  EXPECT_FALSE(fs::exists(proof));
}

TEST_F(Weights, MalformedPickleIsRefused) {
  using namespace std::string_literals;
  const auto pickle = published_pickle();
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{2}, std::size_t{3}, pickle.size() / 2, pickle.size() - 1}) {
    SCOPED_TRACE(length);
    expect_bad_weights(of_pickle(pickle.substr(0, length)), "cut off");
  }
  for (const auto& malformed : {"."s, "N."s, "}}."s, "t."s, "R."s, "s."s, "u."s, "}b."s, "Q."s, "h\x05."s, "\x86."s,
                                "q\x01."s, "}(Ku."s, "NNs."s, ")Q."s, "))R."s}) {
    SCOPED_TRACE(testing::PrintToString(malformed));
    expect_bad_weights(of_pickle(malformed), "not a plain state dict");
  }
  expect_bad_weights(of_pickle("X\xff\xff\xff\xff."s), "cut off");
}

TEST_F(Weights, ClaimedSizesAreNotBelieved) {
  using namespace std::string_literals;
  const auto pickle = published_pickle();
  std::string bomb;
  bomb.resize(200'000'000);  // zeros, in 200 kB
  expect_bad_weights(with_record("data.pkl", bomb, ZIP_CM_DEFLATE), "compressed");
  expect_bad_weights(with_record("data/0", std::string(16, '\0')), "reaches beyond its data");
  // data/0 holds 864 floats (0x360); the pickle says 2 billion.
  expect_bad_weights(with_pickle(replaced(pickle, "M\x60\x03t"s, "J\xff\xff\xff\x7ft"s)), "reaches beyond its data");
  // Strides [27, 9, 9, 3, 1] of the first tensor, made huge and negative.
  const auto strides = "(K\x1bK\x09K\x09K\x03K\x01t"s;
  expect_bad_weights(with_pickle(replaced(pickle, strides, "(J\xff\xff\xff\x7fK\x09K\x09K\x03K\x01t"s)),
                     "reaches beyond its data");
  expect_bad_weights(with_pickle(replaced(pickle, strides, "(K\x1bK\x09K\x09K\x03J\xff\xff\xff\xfft"s)),
                     "reaches beyond its data");
  expect_bad_weights(with_pickle(replaced(pickle, strides, "(K\x1bt"s)), "malformed tensor");
}

TEST(ShotModelLoad, OtherFilesAreRefused) {
  const test::TempDir folder;
  const auto missing = folder.path() / "missing.pth";
  expect_error(ErrorCode::not_found, missing.string(), [&] { (void)ShotModel::load(missing); });
  expect_error(ErrorCode::io, "a directory", [&] { (void)ShotModel::load(folder.path()); });
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  expect_error(ErrorCode::io, pipe.string() + ": not a regular file", [&] { (void)ShotModel::load(pipe); });
  const auto text = folder.path() / "text.pth";
  write_file(text, "these are no weights");
  expect_bad_weights(text, "not a PyTorch model file");
  const auto other = folder.path() / "other.zip";
  write_record(other, "folder/readme.txt", "hello");
  expect_bad_weights(other, "without data.pkl");
}

TEST(ShotModelLoad, ALongFileIsNotRead) {
  const test::TempDir folder;
  const auto video = folder.path() / "film.mkv";
  std::ofstream(video) << "no weights";
  std::filesystem::resize_file(video, (std::uintmax_t{4} << 30U) + 1);  // without bytes on the disk
  expect_error(ErrorCode::bad_weights, "film.mkv: not a model file: it is larger than 4 GiB",
               [&] { (void)ShotModel::load(video); });
}

TEST(ShotModelLoad, OptionsAreChecked) {
  ShotModelOptions options;
  for (const double memory : {0.0, -1.0, std::nan("")}) {
    options.gpu_memory_gb = memory;
    expect_error(ErrorCode::invalid_argument, "gpu_memory_gb",
                 [&] { (void)ShotModel::load(test::published_weights(), options); });
  }
}

TEST(ShotModelLoad, RefusesAPrecisionThatIsNotThere) {
  if (const auto missing = test::missing_download({test::published_weights()})) GTEST_SKIP() << *missing;
  const auto model = ShotModel::load(test::published_weights(), {.precision = Precision::fp32});
  EXPECT_EQ(model->info().precision, Precision::fp32);
  const std::vector<std::uint8_t> window(window_bytes);
  expect_error(ErrorCode::unsupported, "the model was loaded in fp32, not bf16",
               [&] { (void)model->predict(window, Precision::bf16); });
}

TEST(Device, ParsesItsNames) {
  EXPECT_EQ(Device::parse("auto"), (Device{Device::Kind::automatic, 0}));
  EXPECT_EQ(Device::parse("cpu"), (Device{Device::Kind::cpu, 0}));
  EXPECT_EQ(Device::parse("cuda"), (Device{Device::Kind::cuda, 0}));
  EXPECT_EQ(Device::parse("cuda:3"), (Device{Device::Kind::cuda, 3}));
  for (const char* text : {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:x", "cuda:1x", "cuda: 1", "cuda:128",
                           "cuda:99999999999", "cpu:0"}) {
    expect_error(ErrorCode::invalid_argument, "expected auto, cpu, cuda or cuda:N", [&] { (void)Device::parse(text); });
  }
  for (const char* text : {"auto", "cpu", "cuda:0", "cuda:7"}) EXPECT_EQ(Device::parse(text).to_string(), text);
}

TEST(Device, UnavailableOneSaysWhatToDo) {
  if (const auto missing = test::missing_download({test::published_weights()})) GTEST_SKIP() << *missing;
  expect_error(ErrorCode::device_unavailable, "auto", [] {
    (void)ShotModel::load(test::published_weights(), on_device({Device::Kind::cuda, 127}));
  });
}

class Predict : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = test::missing_download({test::published_weights()})) GTEST_SKIP() << *missing;
    model_ = ShotModel::load(test::published_weights());
  }
  std::shared_ptr<const ShotModel> model_;
};

TEST_F(Predict, SeveralWindowsAreEachAnsweredAsAlone) {
  const auto windows = pattern_windows(2);
  const auto together = model_->predict(windows);
  ASSERT_EQ(together.single.size(), 200U);
  ASSERT_EQ(together.many_hot.size(), 200U);
  const auto second = model_->predict(std::span(windows).subspan(window_bytes));
  for (std::size_t frame = 0; frame < 100; ++frame) {
    EXPECT_NEAR(together.single[100 + frame], second.single[frame], 1e-6);
    EXPECT_NEAR(together.many_hot[100 + frame], second.many_hot[frame], 1e-6);
  }
  EXPECT_EQ((*model_)(std::span(windows).first(window_bytes)).size(), 100U);
}

TEST_F(Predict, KeptRowsAreTheMiddleOfEveryWindow) { test::expect_kept_rows(*model_, pattern_windows(2)); }

TEST_F(Predict, PartOfAWindowIsRefused) {
  const auto windows = pattern_windows(1);
  expect_error(ErrorCode::bad_shape, "388799",
               [&] { (void)model_->predict(std::span(windows).first(window_bytes - 1)); });
  EXPECT_TRUE(model_->predict({}).single.empty());
}

TEST_F(Predict, ThreadsShareAModel) {
  const auto windows = pattern_windows(1);
  const auto alone = model_->predict(windows);
  std::array<ShotProbabilities, 3> answers;
  {
    std::vector<std::jthread> threads;
    for (auto& answer : answers) threads.emplace_back([&] { answer = model_->predict(windows); });
  }
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.single, alone.single);
    EXPECT_EQ(answer.many_hot, alone.many_hot);
  }
}

}  // namespace
}  // namespace transnet
