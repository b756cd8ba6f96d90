// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "commands/doctor/check.hpp"
#include "transnet/runtime_info.hpp"

namespace command {

/// The version and the path of LibTorch, which is optional.
[[nodiscard]] Check check_libtorch(const transnet::TorchInfo& torch);

/// The CPU's instruction sets for the network, and the choice of `--precision auto`.
[[nodiscard]] Check check_processor();

[[nodiscard]] Check check_threads(int requested_threads);

[[nodiscard]] Check check_cuda(const transnet::TorchInfo& torch);

/// Whether weights of that size can be written to `folder`, and its free space. `has_weights`: the weights exist
/// already.
[[nodiscard]] Check check_folder(const std::filesystem::path& folder, std::int64_t weights_bytes, bool has_weights);

}  // namespace command
