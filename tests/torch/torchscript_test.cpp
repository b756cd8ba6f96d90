// SPDX-License-Identifier: Apache-2.0
// Models that are TorchScript programs, in every form.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/files.hpp"
#include "support/kept_rows.hpp"
#include "support/known_model.hpp"
#include "support/network_tensors.hpp"
#include "support/temp_dir.hpp"
#include "transnet/runtime_info.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/windows.hpp"

namespace transnet {
namespace {

namespace fs = std::filesystem;
using test::expect_error;

fs::path toy(const std::string& name) {
  return fs::path(TRANSNET_TEST_DATA_DIR) / "model" / "torchscript" / (name + ".pt");
}

struct ToyForm {
  const char* name;
  const char* output;
  bool has_many_hot;

  friend std::ostream& operator<<(std::ostream& out, const ToyForm& form) { return out << form.name; }
};

class TorchScriptForm : public testing::TestWithParam<ToyForm> {};

TEST_P(TorchScriptForm, IsFoundOut) {
  const auto model = ShotModel::load(toy(GetParam().name));
  EXPECT_EQ(model->info().kind, "torchscript");
  EXPECT_EQ(model->info().torchscript_output, GetParam().output);
  EXPECT_EQ(model->info().has_many_hot, GetParam().has_many_hot);
  EXPECT_FALSE(model->info().is_published);

  std::vector<std::uint8_t> window(window_bytes);
  for (std::size_t byte = 0; byte < window.size(); ++byte)
    window[byte] = static_cast<std::uint8_t>(byte / frame_bytes * 2);
  const auto answer = model->predict(window);
  ASSERT_EQ(answer.single.size(), 100U);
  ASSERT_EQ(answer.many_hot.size(), GetParam().has_many_hot ? 100U : 0U);
  for (std::size_t frame = 0; frame < 100; ++frame) {
    const double logit = static_cast<double>(frame) * 2 / 16 - 8;  // the definition of the toy models
    EXPECT_NEAR(answer.single[frame], 1 / (1 + std::exp(-logit)), 1e-5);
    if (GetParam().has_many_hot) {
      EXPECT_NEAR(answer.many_hot[frame], 1 / (1 + std::exp(-logit - 1)), 1e-5);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(ShotModel, TorchScriptForm,
                         testing::Values(ToyForm{"tensor_of_logits", "tensor of logits", false},
                                         ToyForm{"tensor_of_probabilities", "tensor of probabilities", false},
                                         ToyForm{"tuple_of_logits", "tuple of logits", true},
                                         ToyForm{"tuple_with_dict", "tuple of logits", true},
                                         ToyForm{"dict_of_probabilities", "dict of probabilities", true}),
                         [](const auto& form) { return std::string(form.param.name); });

TEST(TorchScript, WrongAnswersAreRefused) {
  const auto refuse = [](ErrorCode code, const std::string& name, const std::string& text) {
    expect_error(code, text, [&] { (void)ShotModel::load(toy(name)); });
  };
  refuse(ErrorCode::bad_shape, "without_last_axis", "[1, 100]");
  refuse(ErrorCode::bad_shape, "one_answer_per_window", "[1, 1]");
  refuse(ErrorCode::bad_shape, "text", "String");
  refuse(ErrorCode::bad_weights, "not_a_number", "not numbers");
  refuse(ErrorCode::bad_weights, "float_frames", "fails on uint8 frames");
}

TEST(TorchScript, TruncatedFileIsRefused) {
  const test::TempDir folder;
  const auto bytes = test::read_file(toy("tensor_of_logits"));
  const auto file = folder.path() / "cut.pt";
  for (const std::size_t length : {bytes.size() / 4, bytes.size() / 2, bytes.size() - 1}) {
    test::write_file(file, bytes.substr(0, length));
    expect_error(ErrorCode::bad_weights, file.string() + ": not a PyTorch model file, or cut off",
                 [&] { (void)ShotModel::load(file); });
  }
}

TEST(TorchScript, KeptRowsAreTheMiddleOfEveryWindow) {
  test::expect_kept_rows(*ShotModel::load(toy("tuple_of_logits")), test::random_frames(2 * window_frames));
}

// Tests of the command use a backend that computes known_model.pt itself.
TEST(TorchBackend, OfTheTestsComputesTheKnownModel) {
  const auto frames = test::random_frames(2 * window_frames);
  const auto libtorch = ShotModel::load(test::known_model_file(), {.device = {Device::Kind::cpu}});
  const auto known =
      ShotModel::load(test::known_model_file(), {.device = {Device::Kind::cpu}, .torch_backend = test::tiny_backend});
  EXPECT_EQ(known->predict(frames).single, libtorch->predict(frames).single);
  EXPECT_EQ(known->predict_kept(frames).single, libtorch->predict_kept(frames).single);
  EXPECT_TRUE(known->predict(frames).many_hot.empty());
  EXPECT_TRUE(libtorch->predict(frames).many_hot.empty());
  EXPECT_EQ(known->preferred_windows(), libtorch->preferred_windows());
}

TEST(TorchBackend, IsReported) {
  const auto torch = torch_info();
  EXPECT_TRUE(torch.is_available) << torch.problem;
  EXPECT_EQ(torch.library.name, "LibTorch");
  EXPECT_EQ(torch.library.file.filename(), "libtorch_cpu.so");
}

// Another kind of library under the requested name.
TEST(TorchBackend, ThatIsNoneIsRefused) {
  const auto libtorch = torch_info().library.file;
  expect_error(ErrorCode::unsupported, "not a LibTorch backend of transnet",
               [&] { (void)ShotModel::load(toy("tensor_of_logits"), {.torch_backend = libtorch}); });
  EXPECT_FALSE(torch_info(libtorch).is_available);
  const test::TempDir folder;
  const auto text = folder.path() / "text.so";
  test::write_file(text, "no library");
  expect_error(ErrorCode::unsupported, text.string(),
               [&] { (void)ShotModel::load(toy("tensor_of_logits"), {.torch_backend = text}); });
  expect_error(ErrorCode::unsupported, "none.so",
               [&] { (void)ShotModel::load(toy("tensor_of_logits"), {.torch_backend = folder.path() / "none.so"}); });
}

}  // namespace
}  // namespace transnet
