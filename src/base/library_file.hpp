// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dlfcn.h>

#include <filesystem>

namespace transnet::base {

/// The shared library that holds a function, or the program if it is linked statically. Empty: unknown.
template <typename Function>
[[nodiscard]] std::filesystem::path library_file(Function* function) {
  Dl_info info{};
  const bool found = ::dladdr(reinterpret_cast<const void*>(function), &info) != 0 && info.dli_fname != nullptr;
  return found ? std::filesystem::path(info.dli_fname) : std::filesystem::path();
}

}  // namespace transnet::base
