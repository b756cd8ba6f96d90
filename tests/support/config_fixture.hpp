// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"

namespace transnet::test {

/// 250 frames: cuts at 49 and 149 of 0.9, one at 99 of 0.5.
inline std::string three_cuts() {
  std::string text;
  for (int frame = 0; frame < 250; ++frame) {
    text += frame == 49 || frame == 149 ? "0.9\n" : frame == 99 ? "0.5\n" : "0.01\n";
  }
  return text;
}

/// Predictions for `transnet scenes`, which runs no network, and a configuration file.
class ConfigFixture : public testing::Test {
 protected:
  void SetUp() override { write_file(predictions_, three_cuts()); }

  std::string config(const std::string& content) const {
    write_file(config_, content);
    return config_.native();
  }

  /// `scenes` on the predictions.
  CommandResult scenes(std::vector<std::string> options) const {
    options.insert(options.begin(), {"scenes", predictions_.native()});
    return run_transnet(options);
  }

  CommandResult with_variable(const std::string& file, std::vector<std::string> words) const {
    words.insert(words.begin(), {"env", "TRANSNET_CONFIG=" + file, TRANSNET_COMMAND});
    return run_command(words);
  }

  TempDir folder_;
  std::filesystem::path predictions_ = folder_.path() / "p.txt";
  std::filesystem::path config_ = folder_.path() / "settings.toml";
};

}  // namespace transnet::test
