// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace command {

/// The command: reads the words of its command line, of which the first is the program's name, and returns its exit
/// status. It takes over the process: standard streams, signals and FFmpeg's log. Call it once, before any thread is
/// started.
[[nodiscard]] int run(std::span<char*> words);

}  // namespace command
