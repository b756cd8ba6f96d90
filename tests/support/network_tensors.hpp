// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "nn/autoshot/layout.hpp"
#include "nn/transnetv2/layout.hpp"
#include "transnet/frames.hpp"

namespace transnet::test {

/// The layouts of all networks, as functions: static data must not depend on other static data.
using LayoutFunction = const nn::Layout& (*)();
inline constexpr std::array<LayoutFunction, 2> layouts{&nn::transnetv2::layout, &nn::autoshot::layout};

/// Tensors with values of the size in a trained network, so that features stay of order one from layer to layer.
inline nn::StateDict trained_size_tensors(const nn::Layout& layout) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<float> variance(0.5F, 1.5F);
  nn::StateDict tensors;
  for (const auto& spec : nn::tensor_specs(layout)) {
    std::size_t items = 1;
    for (const auto size : spec.sizes) items *= static_cast<std::size_t>(size);
    nn::Tensor tensor{spec.type, spec.sizes, std::vector<std::byte>(items * nn::item_bytes(spec.type))};
    if (spec.type == nn::ScalarType::float32) {
      const float inputs = spec.sizes.size() < 2 ? 1.0F : static_cast<float>(items) / static_cast<float>(spec.sizes[0]);
      std::vector<float> values(items);
      for (float& value : values) {
        value = spec.name.ends_with("running_var") ? variance(random) : normal(random) / std::sqrt(inputs);
      }
      std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
    }
    tensors.emplace(spec.name, std::move(tensor));
  }
  return tensors;
}

/// Noise, uint8 [count, 27, 48, 3].
inline std::vector<std::uint8_t> random_frames(std::size_t count) {
  std::mt19937 random(2);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  std::vector<std::uint8_t> frames(count * frame_bytes);
  for (auto& byte : frames) byte = static_cast<std::uint8_t>(random());
  return frames;
}

}  // namespace transnet::test
