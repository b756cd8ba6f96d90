// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "commands/doctor/check.hpp"

namespace command {

/// Versions of transnet and LibTorch, and where LibTorch lies.
[[nodiscard]] Check check_libtorch();

/// What the network is multiplied with on the CPU, and what `--precision auto` takes.
[[nodiscard]] Check check_processor();

[[nodiscard]] Check check_threads(int requested_threads);

[[nodiscard]] Check check_cuda();

/// Whether weights can be put into `folder`, and how much room there is. `has_weights`: they are there already.
[[nodiscard]] Check check_folder(const std::filesystem::path& folder, bool has_weights);

}  // namespace command
