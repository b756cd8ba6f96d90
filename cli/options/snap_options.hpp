// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options/command_line.hpp"
#include "run/snap_lists.hpp"

/// Options for borders of shots on given frames.
namespace command {

/// `--snap-to` and `--snap-frames`.
void add_snap_options(CLI::App& app, SnapRequest& request);

/// @throws CLI::ValidationError if an option without effect was given.
void check_snap_options(const CLI::App& app, const SnapRequest& request);

}  // namespace command
