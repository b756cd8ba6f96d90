// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <string>
#include <vector>

namespace gpu_check {

/// All calls of LibTorch's operators that share a label.
struct OperatorTime {
  std::string label;  ///< e.g. "convolution 3x1, dilation 8, 64 -> 64 (cudnn_convolution)"
  int calls = 0;
  double seconds = 0.0;
  double operations = 0.0;  ///< additions and multiplications of convolutions and matrix products
  double bytes = 0.0;       ///< read and written at least: all inputs and outputs, once
};

/// Runs `work`, which calls LibTorch's operators on this thread, and gives each outermost operator its time, the
/// largest first. Events of the device measure it; if the device waits for launches, the waiting belongs to the next
/// operator.
[[nodiscard]] std::vector<OperatorTime> operator_times(const c10::Device& device, const std::function<void()>& work);

}  // namespace gpu_check
