// SPDX-License-Identifier: Apache-2.0
// The real weights of AutoShot, another network with the same input and similar layers, are refused by name and never
// run.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"
#include "support/torch_archives.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;

class ForeignWeights : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = missing_download({autoshot_weights()})) GTEST_SKIP() << *missing;
  }
};

void expect_refused(const fs::path& file, const std::string& text) {
  expect_error(ErrorCode::bad_weights, file.string() + ": " + text, [&] { (void)ShotModel::load(file); });
}

TEST_F(ForeignWeights, ACheckpointIsRefused) {
  expect_refused(autoshot_weights(), "not a plain state dict: \"net\" is a dict");
}

// The file is {"net": state dict}; here the state dict is alone, as in the published file of TransNetV2.
TEST_F(ForeignWeights, TheFirstTensorThatDiffersIsNamed) {
  using namespace std::string_literals;
  const auto begin = "\x80\x02}q\x00X\x03\x00\x00\x00netq\x01"s;
  const auto pickle = read_record(autoshot_weights(), "archive/data.pkl");
  ASSERT_TRUE(pickle.starts_with(begin) && pickle.ends_with("s.")) << "not the expected file";
  const TempDir folder;
  const auto plain = folder.path() / "autoshot.pth";
  fs::copy_file(autoshot_weights(), plain);
  write_record(plain, "archive/data.pkl",
               "\x80\x02" + pickle.substr(begin.size(), pickle.size() - begin.size() - 2) + ".");
  expect_refused(plain, "tensor SDDCNN.0.DDCNN.0.Conv3D_1.layers.0.weight is missing: weights of another network");
}

}  // namespace
}  // namespace transnet::test
