// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "commands/doctor/check.hpp"
#include "transnet/runtime_info.hpp"

namespace command {

/// The version of LibTorch and where it lies. It need not be there.
[[nodiscard]] Check check_libtorch(const transnet::TorchInfo& torch);

/// What the network is multiplied with on the CPU, and what `--precision auto` takes.
[[nodiscard]] Check check_processor();

[[nodiscard]] Check check_threads(int requested_threads);

[[nodiscard]] Check check_cuda(const transnet::TorchInfo& torch);

/// Whether weights can be put into `folder`, and how much room there is. `has_weights`: they are there already.
[[nodiscard]] Check check_folder(const std::filesystem::path& folder, bool has_weights);

}  // namespace command
