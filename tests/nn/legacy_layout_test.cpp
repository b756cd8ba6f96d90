// SPDX-License-Identifier: Apache-2.0
// Files of torch.save before PyTorch 1.6. scripts/golden/make_legacy_checkpoint.py writes one with PyTorch.
#include "nn/checkpoint/legacy_layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/checkpoint/state_dict.hpp"
#include "nn/checkpoint/torch_archive.hpp"
#include "support/expect_error.hpp"
#include "support/files.hpp"
#include "transnet/error.hpp"

namespace transnet::nn {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

const std::vector<TensorSpec> specs{
    {"rows", ScalarType::float32, {2, 3}},  {"columns", ScalarType::float32, {3, 2}},
    {"last_row", ScalarType::float32, {3}}, {"half", ScalarType::float32, {2}},
    {"double", ScalarType::float32, {1}},   {"count", ScalarType::int64, {}},
};

std::string file_of_pytorch() {
  return test::read_file(std::string(TRANSNET_TEST_DATA_DIR) + "/model/legacy_checkpoint.pth");
}

StateDict read(std::string_view file) {
  const TorchArchive archive(std::as_bytes(std::span(file)), "file");
  EXPECT_FALSE(archive.is_torchscript());
  return read_state_dict(archive, read_tensor_index(archive), specs);
}

void expect_refused(const std::string& file, const std::string& text) {
  test::expect_error(ErrorCode::bad_weights, "file: " + text, [&] { (void)read(file); });
}

std::string with(std::string file, const std::string& from, const std::string& to) {
  const auto at = file.find(from);
  EXPECT_NE(at, std::string::npos) << "nothing to replace";
  return at == std::string::npos ? file : file.replace(at, from.size(), to);
}

TEST(LegacyLayout, OfPyTorchIsRead) {
  const auto tensors = read(file_of_pytorch());
  ASSERT_EQ(tensors.size(), specs.size());
  EXPECT_THAT(tensors.at("rows").floats(), ElementsAre(0, 0.25, 0.5, 0.75, 1, 1.25));
  EXPECT_THAT(tensors.at("columns").floats(), ElementsAre(0, 0.75, 0.25, 1, 0.5, 1.25));
  EXPECT_THAT(tensors.at("last_row").floats(), ElementsAre(0.75, 1, 1.25));
  EXPECT_THAT(tensors.at("half").floats(), ElementsAre(0.5, -2));
  EXPECT_THAT(tensors.at("double").floats(), ElementsAre(FloatEq(1e-3F)));
  std::int64_t count = 0;
  ASSERT_EQ(tensors.at("count").bytes.size(), sizeof count);
  std::memcpy(&count, tensors.at("count").bytes.data(), sizeof count);
  EXPECT_EQ(count, 7);
}

TEST(LegacyLayout, EveryShorterFileIsRefused) {
  const auto file = file_of_pytorch();
  for (std::size_t length = 0; length < file.size(); ++length) {
    EXPECT_THROW((void)read(std::string_view(file).substr(0, length)), Error) << length;
  }
  expect_refused(file.substr(0, file.size() - 1), "not a PyTorch model file, or cut off: it ends within storage ");
  expect_refused(file + '\0', "not a PyTorch model file, or cut off: it goes on after its last storage");
}

// There are no checksums: a changed byte may be read as another number, or it is refused.
TEST(LegacyLayout, ChangedBytesAreReadOrRefused) {
  auto file = file_of_pytorch();
  std::size_t refused = 0;
  for (std::size_t at = 0; at < file.size(); ++at) {
    const char before = file[at];
    for (const int change : {0x01, 0x08, 0x80, 0xff}) {
      file[at] = static_cast<char>(before ^ change);
      try {
        EXPECT_EQ(read(file).size(), specs.size());
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::bad_weights) << error.what();
        ++refused;
      }
    }
    file[at] = before;
  }
  EXPECT_GT(refused, file.size());
}

TEST(LegacyLayout, RefusalsNameTheReason) {
  using namespace std::string_literals;
  const auto file = file_of_pytorch();
  const auto front = "not a PyTorch model file, or cut off: "s;
  expect_refused(with(file, "\x80\x02M\xe9\x03."s, "\x80\x02M\xea\x03."s), front + "its version is not that of");
  expect_refused(with(file, "collections\nOrderedDict", "os\nsystem"),
                 front + "not a plain state dict: it asks for os.");
  // Six float32 in the place of six: 8 bytes with their number stand in front of them.
  const auto rows = "\0\0\0\0\0\0\x80\x3e\0\0\0\x3f"s;
  expect_refused(with(file, "\x06\0\0\0\0\0\0\0"s + rows, "\x07\0\0\0\0\0\0\0"s + rows), front + "storage ");
  expect_refused(with(file, "\x06\0\0\0\0\0\0\0"s + rows, "\xff\xff\xff\xff\xff\xff\xff\xff"s + rows),
                 front + "storage ");
}

}  // namespace
}  // namespace transnet::nn
