// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "support/downloads.hpp"
#include "support/temp_dir.hpp"

namespace transnet::test {

/// The current folder for a snippet of docs/: it holds bikes.mp4, and the cache folder holds the weights.
class LibraryGuide : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = missing_download({sample_video(), published_weights()})) GTEST_SKIP() << *missing;
    make_weights_folder(cache_.path());
    ::setenv("XDG_CACHE_HOME", cache_.path().c_str(), 1);
    std::filesystem::create_symlink(std::filesystem::absolute(sample_video()), folder_.path() / "bikes.mp4");
    before_ = std::filesystem::current_path();
    std::filesystem::current_path(folder_.path());
  }
  void TearDown() override {
    if (!before_.empty()) std::filesystem::current_path(before_);
  }

  TempDir folder_;
  TempDir cache_;
  std::filesystem::path before_;
};

}  // namespace transnet::test
