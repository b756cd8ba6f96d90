// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace transnet::base {

/// To be called before a file is opened: opening a pipe waits until another process writes to it, and a device may have
/// no end. Regular files, folders and paths that cannot be examined pass.
/// @throws Error(io) for a pipe, a socket or a device.
void refuse_special_file(const std::filesystem::path& path);

/// Whether a second reader of the file would not find what the first one has read: a pipe, a socket or a device of
/// characters. Opens nothing, so that it does not wait for a writer.
[[nodiscard]] bool is_read_once(const std::filesystem::path& path);

}  // namespace transnet::base
