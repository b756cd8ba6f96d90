// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dlfcn.h>

#include <filesystem>

namespace transnet::base {

/// The shared library that a function comes from, or the program where it is linked in. Empty: not known.
template <typename Function>
[[nodiscard]] std::filesystem::path library_file(Function* function) {
  Dl_info info{};
  const bool found = ::dladdr(reinterpret_cast<const void*>(function), &info) != 0 && info.dli_fname != nullptr;
  return found ? std::filesystem::path(info.dli_fname) : std::filesystem::path();
}

}  // namespace transnet::base
