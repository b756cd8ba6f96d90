// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "python.hpp"
#include "transnet/frames.hpp"

namespace transnet::python {

/// The uint8 values of an array of Python, in C order. It keeps the array alive; bytes that are not in this order in
/// memory are copied.
class ByteArray {
 public:
  /// `array`: NumPy's, or any with DLPack on the CPU.
  /// @throws TypeError for no array and another type of values; Error(bad_shape) unless the shape is `shape`, in which
  /// -1 stands for any number.
  ByteArray(nb::handle array, const char* what, std::vector<std::int64_t> shape);

  [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::int64_t shape(std::size_t axis) const noexcept { return shape_[axis]; }

 private:
  nb::ndarray<nb::ro> array_;
  std::vector<std::uint8_t> copy_;
  std::span<const std::uint8_t> bytes_;
  std::vector<std::int64_t> shape_;
};

/// A size as Python's functions take it. @throws TypeError for anything else, Error as `validate`.
[[nodiscard]] FrameSize frame_size_of(nb::handle width_and_height);
/// Frames for a network: uint8 [n, height, width, 3].
[[nodiscard]] ByteArray frames_of(nb::handle array, const FrameSize& size);
/// Windows for a network: uint8 [n, 100, height, width, 3].
[[nodiscard]] ByteArray windows_of(nb::handle array, const FrameSize& size);

/// An array of NumPy that owns its values.
template <typename Value>
using Array = nb::ndarray<nb::numpy, Value>;

/// The values as an array of NumPy of this shape, which owns them: no copy.
template <typename Value>
Array<Value> to_numpy(std::vector<Value> values, std::vector<std::size_t> shape) {
  auto* owned = new std::vector<Value>(std::move(values));
  const nb::capsule owner(owned, [](void* pointer) noexcept { delete static_cast<std::vector<Value>*>(pointer); });
  return Array<Value>(owned->data(), shape.size(), shape.data(), owner);
}

template <typename Value>
Array<Value> to_numpy(std::vector<Value> values) {
  const std::size_t count = values.size();
  return to_numpy(std::move(values), {count});
}

struct Floats {
  std::vector<float> values;
  std::vector<std::int64_t> shape;
};

/// The values of an array of Python as float, in C order; a number of any type is converted.
/// @throws TypeError for no array.
[[nodiscard]] Floats floats_of(nb::handle array, const char* what);

/// For messages: "[n, 100]", where -1 is the n.
[[nodiscard]] std::string shape_text(std::span<const std::int64_t> shape);

}  // namespace transnet::python
