// SPDX-License-Identifier: Apache-2.0
#include "arrays.hpp"

#include <algorithm>
#include <string>

#include "transnet/error.hpp"
#include "transnet/windows.hpp"

namespace transnet::python {
namespace {

std::string class_name(nb::handle value) { return nb::cast<std::string>(nb::inst_name(value)); }

const char* code_name(nb::dlpack::dtype type) {
  switch (static_cast<nb::dlpack::dtype_code>(type.code)) {
    case nb::dlpack::dtype_code::Int: return "int";
    case nb::dlpack::dtype_code::UInt: return "uint";
    case nb::dlpack::dtype_code::Float: return "float";
    case nb::dlpack::dtype_code::Bool: return "bool";
    default: return "type of bits: ";
  }
}

/// Copies the bytes of an axis and the axes in it, in order.
void copy_axis(const nb::ndarray<nb::ro>& array, std::size_t axis, const std::uint8_t* from, std::uint8_t*& to) {
  const std::size_t size = array.shape(axis);
  const std::int64_t stride = array.stride(axis);
  if (axis + 1 == array.ndim()) {
    for (std::size_t i = 0; i < size; ++i) *to++ = from[static_cast<std::int64_t>(i) * stride];
    return;
  }
  for (std::size_t i = 0; i < size; ++i) copy_axis(array, axis + 1, from + static_cast<std::int64_t>(i) * stride, to);
}

bool is_in_order(const nb::ndarray<nb::ro>& array) {
  std::int64_t expected = 1;
  for (std::size_t axis = array.ndim(); axis-- > 0;) {
    if (array.shape(axis) != 1 && array.stride(axis) != expected) return false;
    expected *= static_cast<std::int64_t>(array.shape(axis));
  }
  return true;
}

nb::ndarray<nb::ro> array_of(nb::handle object, const char* what) {
  nb::ndarray<nb::ro> array;
  if (object.is_none() || PyBytes_Check(object.ptr()) || !nb::try_cast(object, array)) {
    const auto hint = nb::hasattr(object, what) ? ": pass its " + std::string(what) : "";  // such as VideoFrames
    throw nb::type_error(
        (std::string(what) + " must be an array of NumPy or one with DLPack, not " + class_name(object) + hint)
            .c_str());
  }
  if (array.device_type() != nb::device::cpu::value) {
    throw nb::type_error((std::string(what) + " are on another device: copy them to the CPU first").c_str());
  }
  return array;
}

}  // namespace

ByteArray::ByteArray(nb::handle object, const char* what, std::vector<std::int64_t> shape)
    : array_(array_of(object, what)) {
  if (array_.dtype() != nb::dtype<std::uint8_t>()) {
    throw nb::type_error(
        (std::string(what) + " must be uint8, not " + code_name(array_.dtype()) + std::to_string(array_.dtype().bits))
            .c_str());
  }
  for (std::size_t axis = 0; axis < array_.ndim(); ++axis)
    shape_.push_back(static_cast<std::int64_t>(array_.shape(axis)));
  const auto fits = [](std::int64_t size, std::int64_t expected) { return expected < 0 || size == expected; };
  if (!std::ranges::equal(shape_, shape, fits)) {
    throw Error(ErrorCode::bad_shape,
                std::string(what) + " must have the shape " + shape_text(shape) + ", not " + shape_text(shape_));
  }
  const auto* data = static_cast<const std::uint8_t*>(array_.data());
  if (is_in_order(array_)) {
    bytes_ = {data, array_.size()};
    return;
  }
  copy_.resize(array_.size());
  std::uint8_t* to = copy_.data();
  if (!copy_.empty()) copy_axis(array_, 0, data, to);
  bytes_ = copy_;
}

FrameSize frame_size_of(nb::handle width_and_height) {
  std::pair<std::int64_t, std::int64_t> sides;
  const bool is_pair = nb::isinstance<nb::tuple>(width_and_height) || nb::isinstance<nb::list>(width_and_height);
  if (!is_pair || !nb::try_cast(width_and_height, sides)) {
    throw nb::type_error(
        ("frame_size must be (width, height) in pixels, not " + nb::cast<std::string>(nb::repr(width_and_height)))
            .c_str());
  }
  const FrameSize size{.width = sides.first, .height = sides.second};
  validate(size);
  return size;
}

ByteArray frames_of(nb::handle array, const FrameSize& size) {
  return {array, "frames", {-1, size.height, size.width, frame_channels}};
}

ByteArray windows_of(nb::handle array, const FrameSize& size) {
  return {array, "windows", {-1, window_frames, size.height, size.width, frame_channels}};
}

std::string shape_text(std::span<const std::int64_t> shape) {
  std::string list;
  for (const std::int64_t size : shape) list += (list.empty() ? "" : ", ") + (size < 0 ? "n" : std::to_string(size));
  return "[" + list + "]";
}

Floats floats_of(nb::handle object, const char* what) {
  const auto converted = nb::module_::import_("numpy").attr("asarray")(object, "float32");
  nb::ndarray<const float, nb::c_contig, nb::device::cpu> array;
  if (!nb::try_cast(nb::module_::import_("numpy").attr("ascontiguousarray")(converted), array)) {
    throw nb::type_error((std::string(what) + " must be an array of numbers, not " + class_name(object)).c_str());
  }
  Floats floats{.values = {array.data(), array.data() + array.size()}, .shape = {}};
  for (std::size_t axis = 0; axis < array.ndim(); ++axis)
    floats.shape.push_back(static_cast<std::int64_t>(array.shape(axis)));
  return floats;
}

}  // namespace transnet::python
