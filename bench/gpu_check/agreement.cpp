// SPDX-License-Identifier: Apache-2.0
#include "gpu_check/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <span>

#include "transnet/error.hpp"
#include "transnet/frames.hpp"
#include "transnet/scene_rows.hpp"
#include "transnet/windows.hpp"

namespace gpu_check {
namespace {

std::vector<std::uint8_t> read_frames(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), {}};
  if (bytes.empty()) throw transnet::Error(transnet::ErrorCode::io, file.string() + ": no frames");
  return bytes;
}

std::vector<std::uint8_t> noise(std::size_t bytes) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  std::vector<std::uint8_t> values(bytes);
  std::ranges::generate(values, [&] { return static_cast<std::uint8_t>(random()); });
  return values;
}

double largest_difference(std::span<const float> found, std::span<const float> expected) {
  constexpr double not_a_number = std::numeric_limits<double>::infinity();
  if (found.size() != expected.size()) return not_a_number;
  double largest = 0.0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double difference = std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i]));
    if (!std::isfinite(difference)) return not_a_number;
    largest = std::max(largest, difference);
  }
  return largest;
}

}  // namespace

std::vector<std::uint8_t> read_windows(const std::vector<std::filesystem::path>& files, std::int64_t most_windows) {
  std::vector<std::uint8_t> windows;
  const auto add = [&](const std::vector<std::uint8_t>& frames) {
    std::int64_t count = 0;
    for (const auto& window : transnet::get_batches(transnet::FramesView(frames))) {
      if (most_windows > 0 && count++ == most_windows) return;
      windows.insert(windows.end(), window.begin(), window.end());
    }
  };
  for (const auto& file : files) add(read_frames(file));
  constexpr std::size_t noise_windows = 4;
  const std::size_t windows_of_noise = most_windows > 0 ? 1 : noise_windows;
  add(noise(windows_of_noise * transnet::window_stride * transnet::frame_bytes));
  return windows;
}

bool Agreement::holds(double tolerance) const { return single <= tolerance && many_hot <= tolerance && decisions == 0; }

Agreement compare(const transnet::ShotProbabilities& found, const transnet::ShotProbabilities& expected,
                  double threshold, double margin) {
  Agreement agreement{.single = largest_difference(found.single, expected.single),
                      .many_hot = largest_difference(found.many_hot, expected.many_hot)};
  for (std::size_t i = 0; i < std::min(found.single.size(), expected.single.size()); ++i) {
    const bool is_clear = std::abs(static_cast<double>(expected.single[i]) - threshold) >= margin;
    const auto decide = [threshold](float value) { return transnet::is_transition(value, threshold); };
    if (is_clear && decide(found.single[i]) != decide(expected.single[i])) ++agreement.decisions;
  }
  return agreement;
}

}  // namespace gpu_check
