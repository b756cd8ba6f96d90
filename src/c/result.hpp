// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "transnet/clips.hpp"
#include "transnet/transnet.h"

/// The decisions, and the arrays of them that the interface returns.
struct transnet_result {
  explicit transnet_result(transnet::VideoClips clips);
  transnet_result(const transnet_result&) = delete;
  transnet_result& operator=(const transnet_result&) = delete;

  transnet::VideoClips found;
  std::array<std::vector<transnet_span>, 4> spans;  // by TRANSNET_SPANS_...
  std::vector<transnet_transition> transitions;
  std::vector<std::string> uuid_texts;
  std::vector<const char*> uuids;
  std::vector<const char*> warnings;
};
