// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>

#include "transnet/weights.hpp"

/// The downloads of scripts/setup.sh.
namespace transnet::test {

inline std::filesystem::path sample_videos() { return std::filesystem::path(TRANSNET_TEST_DEPS_DIR) / "videos"; }

/// 250 frames at 25 a second; new shots begin at 30, 76, 137, 187 and 242.
inline std::filesystem::path sample_video() { return sample_videos() / "bikes.mp4"; }

inline std::filesystem::path published_weights() {
  return std::filesystem::path(TRANSNET_TEST_DEPS_DIR) / "weights" / std::string(weights_file_name);
}

/// The weights of AutoShot.
inline std::filesystem::path autoshot_weights() {
  return std::filesystem::path(TRANSNET_TEST_DEPS_DIR) / "weights-autoshot" / "ckpt_0_200_0.pth";
}

/// The message of a test that needs `files` if one of them is missing; empty if all exist.
inline std::optional<std::string> missing_download(std::initializer_list<std::filesystem::path> files) {
  for (const auto& file : files) {
    if (!std::filesystem::exists(file)) return file.string() + " is missing: run scripts/setup.sh";
  }
  return std::nullopt;
}

/// Makes `cache` a folder that holds the weights where they are looked for with $XDG_CACHE_HOME.
inline void make_weights_folder(const std::filesystem::path& cache) {
  const auto folder = cache / "transnet" / std::string(weights_model_id);
  std::filesystem::create_directories(folder);
  std::filesystem::create_symlink(std::filesystem::absolute(published_weights()),
                                  folder / std::string(weights_file_name));
}

}  // namespace transnet::test
