// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nn/layout.hpp"

namespace transnet::nn::autoshot {

/// AutoShot, the network that a search over relatives of TransNetV2 found. In half of its blocks the branches share one
/// 3x3 convolution; all blocks but the first have five branches.
/// Source: Zhu et al.: "AutoShot", arXiv:2304.06116.
[[nodiscard]] const Layout& layout();

}  // namespace transnet::nn::autoshot
