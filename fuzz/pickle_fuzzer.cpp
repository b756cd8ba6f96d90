// SPDX-License-Identifier: Apache-2.0
// The reader of a state dict's pickle.

#include <span>

#include "fuzz.hpp"
#include "nn/checkpoint/state_dict_pickle.hpp"
#include "transnet/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace transnet;
  try {
    const auto entries = nn::read_state_dict_pickle(std::as_bytes(std::span(data, size)));
    require(entries.size() <= size, "a pickle describes no more tensors than it has bytes");
    for (const auto& entry : entries) {
      require(entry.sizes.size() == entry.strides.size(), "a tensor has as many strides as sizes");
    }
  } catch (const Error& error) {
    require(error.code() == ErrorCode::bad_weights, "a pickle that cannot be read is a bad weights file");
  }
  return 0;
}
