// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "commands/doctor/check.hpp"
#include "transnet/network_files.hpp"

namespace command {

/// Whether the weights exist and, unless the options name the file, whether they are the published ones. If they can be
/// read, they are added to `read`.
[[nodiscard]] Check check_weights(const transnet::NetworkFile& file, std::vector<transnet::ModelFile>& read);

/// Decodes a generated video with one cut and runs the networks of the files on it. `model`: those networks, if they
/// can be loaded.
[[nodiscard]] Check check_run(std::span<const transnet::ModelFile> files, const transnet::ShotModelOptions& options,
                              std::shared_ptr<const transnet::ShotModel>& model);

}  // namespace command
