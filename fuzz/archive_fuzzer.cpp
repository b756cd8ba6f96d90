// SPDX-License-Identifier: Apache-2.0
// The zip container of a `.pth` and everything that is read from it before a network sees it.

#include <algorithm>
#include <vector>

#include "fuzz.hpp"
#include "torch/checkpoint/state_dict.hpp"
#include "torch/checkpoint/torch_archive.hpp"
#include "transnet/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace transnet;
  const MemoryFile file(std::span(data, size));
  try {
    const model::TorchArchive archive(file.path());
    static_cast<void>(archive.is_torchscript());
    const auto pickle = archive.read("data.pkl", 1 << 20);
    require(pickle.size() <= size, "a record is no larger than its file");
    const auto tensors = model::read_state_dict(archive, {{"a", c10::ScalarType::Float, {2, 3}}});
    require(tensors.size() == 1, "exactly the tensors that were asked for are read");
    require(tensors.begin()->second.numel() == 6, "a tensor has the shape that was asked for");
  } catch (const Error& error) {
    require(error.code() == ErrorCode::bad_weights, "an archive that cannot be read is a bad weights file");
  }
  return 0;
}
