// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nn/layout.hpp"

namespace transnet::nn::transnetv2 {

/// TransNetV2 as it is published for PyTorch. Each branch of a block has its own 3x3 convolution.
/// Source: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838.
[[nodiscard]] const Layout& layout();

}  // namespace transnet::nn::transnetv2
