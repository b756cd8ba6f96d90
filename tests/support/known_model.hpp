// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace transnet::test {

/// A trivial TorchScript network that returns the red value of a frame's first pixel: for tests of the code around it.
inline std::filesystem::path known_model_file() {
  return std::filesystem::path(TRANSNET_TEST_DATA_DIR) / "reference" / "known_model.pt";
}

/// The same for a command line: `--weights`, tiny_model, `--torch-backend`, tiny_backend. The backend is
/// known_backend.cpp, which computes the network without LibTorch, so that the command starts in a fraction of the
/// time.
inline const std::string tiny_model = known_model_file();
inline const std::string tiny_backend = TRANSNET_TEST_BACKEND;

/// FFmpeg filters for pictures in which the network takes the frames 29 and 63 for cuts: their corner is bright.
inline const std::string known_cuts =
    "drawbox=0:0:8:8:black:fill:enable='not(eq(n,29)+eq(n,63))',drawbox=0:0:8:8:white:fill:enable='eq(n,29)+eq(n,63)'";

}  // namespace transnet::test
