// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace transnet::nn {

/// Element types that PyTorch tensors in a checkpoint may have.
enum class ScalarType { float32, float64, float16, bfloat16, int64, int32 };

/// PyTorch's name, e.g. "float32".
[[nodiscard]] constexpr std::string_view to_string(ScalarType type) noexcept {
  switch (type) {
    case ScalarType::float32: return "float32";
    case ScalarType::float64: return "float64";
    case ScalarType::float16: return "float16";
    case ScalarType::bfloat16: return "bfloat16";
    case ScalarType::int64: return "int64";
    case ScalarType::int32: return "int32";
  }
  return "float32";
}

/// Bytes of one element.
[[nodiscard]] constexpr std::size_t item_bytes(ScalarType type) noexcept {
  switch (type) {
    case ScalarType::float16:
    case ScalarType::bfloat16: return 2;
    case ScalarType::float32:
    case ScalarType::int32: return 4;
    case ScalarType::float64:
    case ScalarType::int64: return 8;
  }
  return 4;
}

/// Elements in row-major order without gaps.
struct Tensor {
  ScalarType type = ScalarType::float32;
  std::vector<std::int64_t> sizes;
  std::vector<std::byte> bytes;

  /// The elements of a tensor of type float32.
  [[nodiscard]] std::span<const float> floats() const noexcept {
    return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
  }
};

/// Tensors by their names.
using StateDict = std::map<std::string, Tensor>;

}  // namespace transnet::nn
