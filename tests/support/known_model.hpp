#pragma once

#include <filesystem>

namespace transnet::test {

/// A TorchScript network that answers at once, with the red value of a frame's first pixel: for tests of what is around
/// the network.
inline std::filesystem::path known_model_file() {
  return std::filesystem::path(TRANSNET_TEST_DATA_DIR) / "reference" / "known_model.pt";
}

}  // namespace transnet::test
