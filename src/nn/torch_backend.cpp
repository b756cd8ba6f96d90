// SPDX-License-Identifier: Apache-2.0
#include "nn/torch_backend.hpp"

#include <dlfcn.h>

#include <string_view>
#include <system_error>
#include <vector>

#include "base/library_file.hpp"
#include "transnet/error.hpp"
#include "transnet/version.hpp"

// Defined by the backend. Weak: in a program without the backend, this is a null pointer.
extern "C" __attribute__((weak, visibility("default"))) const transnet::nn::TorchBackend* transnet_torch_backend();

namespace transnet::nn {
namespace {

namespace fs = std::filesystem;

constexpr const char* entry_name = "transnet_torch_backend";

/// The folder of this library, or of the program that contains it, and the folder of the libraries beside it.
std::vector<fs::path> likely_folders() {
  std::error_code ignored;
  auto self = base::library_file(&torch_backend);
  // For a program, this is the name that it was called by.
  if (!self.is_absolute() || !fs::exists(self, ignored)) self = fs::read_symlink("/proc/self/exe", ignored);
  self = fs::weakly_canonical(self, ignored);
  if (self.empty()) return {};
  return {self.parent_path(), self.parent_path().parent_path() / TRANSNET_LIBRARY_FOLDER};
}

/// Possible paths of the backend, the likeliest first. The last one leaves the search to the loader.
std::vector<fs::path> candidates() {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& folder : likely_folders()) {
    auto file = folder / TRANSNET_TORCH_LIBRARY;
    if (fs::exists(file, ignored)) files.push_back(std::move(file));
  }
  files.emplace_back(TRANSNET_TORCH_LIBRARY);
  return files;
}

const TorchBackend& checked(const TorchBackend* backend, const std::string& name) {
  if (backend == nullptr || std::string_view(backend->version) != version()) {
    throw Error(ErrorCode::unsupported, name + " belongs to transnet " +
                                            (backend == nullptr ? "of an unknown version" : backend->version) +
                                            ", but this is transnet " + version());
  }
  return *backend;
}

const TorchBackend& load(const fs::path& file) {
  void* const handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    throw Error(ErrorCode::unsupported, ::dlerror());  // NOLINT(concurrency-mt-unsafe): a text per thread
  using Entry = const TorchBackend* (*)();
  const auto entry = reinterpret_cast<Entry>(::dlsym(handle, entry_name));
  if (entry == nullptr) throw Error(ErrorCode::unsupported, file.string() + ": not a LibTorch backend of transnet");
  return checked(entry(), file.string());
}

}  // namespace

const TorchBackend& torch_backend(const fs::path& file) {
  if (!file.empty()) return load(fs::absolute(file));
  if (transnet_torch_backend != nullptr) return checked(transnet_torch_backend(), "the LibTorch backend");
  std::string problem;
  for (const auto& candidate : candidates()) {
    try {
      return load(candidate);
    } catch (const Error& error) {
      if (problem.empty()) problem = error.what();
    }
  }
  throw Error(ErrorCode::unsupported,
              "TorchScript models and CUDA devices need transnet's LibTorch backend, " TRANSNET_TORCH_LIBRARY
              ": build transnet with -DTRANSNET_WITH_LIBTORCH=ON, or install its component torch (" +
                  problem + ")");
}

}  // namespace transnet::nn
