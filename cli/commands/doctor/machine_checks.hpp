// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "commands/doctor/check.hpp"

namespace command {

/// Versions of transnet and LibTorch, and the path of LibTorch.
[[nodiscard]] Check check_libtorch();

/// The CPU's instruction sets for the network, and the choice of `--precision auto`.
[[nodiscard]] Check check_processor();

[[nodiscard]] Check check_threads(int requested_threads);

[[nodiscard]] Check check_cuda();

/// Whether weights can be written to `folder`, and its free space. `has_weights`: the weights exist already.
[[nodiscard]] Check check_folder(const std::filesystem::path& folder, bool has_weights);

}  // namespace command
