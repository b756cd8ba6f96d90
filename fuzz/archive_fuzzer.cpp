// SPDX-License-Identifier: Apache-2.0
// The zip container of a `.pth` and everything that is read from it before a network sees it.

#include <span>

#include "fuzz.hpp"
#include "nn/checkpoint/state_dict.hpp"
#include "nn/checkpoint/torch_archive.hpp"
#include "transnet/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace transnet;
  try {
    const nn::TorchArchive archive(std::as_bytes(std::span(data, size)), "fuzzed");
    static_cast<void>(archive.is_torchscript());
    const auto pickle = archive.read("data.pkl", 1 << 20);
    require(pickle.size() <= size, "a record is no larger than its file");
    const auto index = nn::read_tensor_index(archive);
    const auto tensors = nn::read_state_dict(archive, index, {{"a", nn::ScalarType::float32, {2, 3}}});
    require(tensors.size() == 1, "exactly the tensors that were asked for are read");
    require(tensors.begin()->second.floats().size() == 6, "a tensor has the shape that was asked for");
  } catch (const Error& error) {
    require(error.code() == ErrorCode::bad_weights, "an archive that cannot be read is a bad weights file");
  }
  return 0;
}
