// SPDX-License-Identifier: Apache-2.0
#include "nn/checkpoint/state_dict.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <sstream>
#include <string_view>
#include <utility>

#include "transnet/error.hpp"

namespace transnet::nn {
namespace {

// Wrappers put these in front of every name: DistributedDataParallel, torch.compile, the attribute of a trainer.
constexpr std::array<std::string_view, 4> wrapper_prefixes{"module.", "_orig_mod.", "model.", "net."};

bool is_floating(ScalarType type) {
  return type == ScalarType::float32 || type == ScalarType::float64 || type == ScalarType::float16 ||
         type == ScalarType::bfloat16;
}

/// IEEE 754 binary16.
float from_half(std::uint16_t half) {
  constexpr int mantissa_bits = 10;
  constexpr int bias = 15;
  const int exponent = half >> mantissa_bits & 0x1F;
  const int mantissa = half & 0x3FF;
  const float sign = (half & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0x1F) {
    return mantissa != 0 ? std::numeric_limits<float>::quiet_NaN() : sign * std::numeric_limits<float>::infinity();
  }
  // Without an implicit 1, the smallest exponent is that of 1.
  const int significand = exponent == 0 ? mantissa : mantissa | 1 << mantissa_bits;
  return sign * std::ldexp(static_cast<float>(significand), std::max(exponent, 1) - bias - mantissa_bits);
}

/// A floating-point element.
float to_float(ScalarType type, const std::byte* item) {
  const auto read = [item]<typename Bits>(Bits bits) {
    std::memcpy(&bits, item, sizeof bits);
    return bits;
  };
  switch (type) {
    case ScalarType::float64: return static_cast<float>(read(0.0));
    case ScalarType::float16: return from_half(read(std::uint16_t{0}));
    case ScalarType::bfloat16: return std::bit_cast<float>(std::uint32_t{read(std::uint16_t{0})} << 16U);
    default: return read(0.0F);
  }
}

/// The same numbers as float32.
Tensor in_single_precision(const Tensor& tensor) {
  const std::size_t item = item_bytes(tensor.type);
  const std::size_t count = tensor.bytes.size() / item;
  Tensor single{ScalarType::float32, tensor.sizes, std::vector<std::byte>(count * sizeof(float))};
  for (std::size_t index = 0; index < count; ++index) {
    const float value = to_float(tensor.type, tensor.bytes.data() + index * item);
    std::memcpy(single.bytes.data() + index * sizeof value, &value, sizeof value);
  }
  return single;
}

/// Takes the prefixes of wrappers away.
void unwrap_names(std::vector<TensorEntry>& entries) {
  const auto is_in_front = [&entries](std::string_view prefix) {
    return !entries.empty() &&
           std::ranges::all_of(entries, [prefix](const TensorEntry& entry) { return entry.name.starts_with(prefix); });
  };
  for (const auto* found = std::ranges::find_if(wrapper_prefixes, is_in_front); found != wrapper_prefixes.end();
       found = std::ranges::find_if(wrapper_prefixes, is_in_front)) {
    for (auto& entry : entries) entry.name.erase(0, found->size());
  }
}

std::string describe(ScalarType type, const std::vector<std::int64_t>& sizes) {
  std::ostringstream text;
  text << to_string(type) << " [";
  for (std::size_t index = 0; index < sizes.size(); ++index) text << (index == 0 ? "" : ", ") << sizes[index];
  text << ']';
  return text.str();
}

void check_entry(const TorchArchive& archive, const std::vector<TensorEntry>& entries, const TensorSpec& spec) {
  const auto found = std::ranges::find(entries, spec.name, &TensorEntry::name);
  if (found == entries.end()) archive.fail("tensor " + spec.name + " is missing: weights of another network");
  const bool is_converted = spec.type == ScalarType::float32 && is_floating(found->type);
  if ((found->type != spec.type && !is_converted) || found->sizes != spec.sizes) {
    archive.fail("tensor " + spec.name + " is " + describe(found->type, found->sizes) + ", expected " +
                 describe(spec.type, spec.sizes) + ": weights of another network");
  }
}

void check_names(const TorchArchive& archive, const std::vector<TensorEntry>& entries,
                 const std::vector<TensorSpec>& specs) {
  for (const auto& entry : entries) {
    if (std::ranges::find(specs, entry.name, &TensorSpec::name) == specs.end()) {
      archive.fail("tensor " + entry.name + " is unexpected: weights of another network");
    }
    if (std::ranges::count(entries, entry.name, &TensorEntry::name) > 1)
      archive.fail("tensor " + entry.name + " is listed twice");
  }
}

/// Copies the elements at `from` in the order of `entry`'s sizes; the last size runs fastest.
void gather(const TensorEntry& entry, std::size_t axis, const std::byte* from, std::byte*& to) {
  const std::size_t item = item_bytes(entry.type);
  if (axis == entry.sizes.size()) {
    std::memcpy(to, from, item);
    to += item;
    return;
  }
  for (std::int64_t index = 0; index < entry.sizes[axis]; ++index) {
    gather(entry, axis + 1, from + static_cast<std::size_t>(index * entry.strides[axis]) * item, to);
  }
}

bool is_contiguous(const TensorEntry& entry) {
  std::int64_t stride = 1;
  for (std::size_t axis = entry.sizes.size(); axis-- > 0; stride *= entry.sizes[axis]) {
    if (entry.sizes[axis] != 1 && entry.strides[axis] != stride) return false;
  }
  return true;
}

Tensor read_tensor(const TorchArchive& archive, const TensorEntry& entry) {
  const std::size_t item = item_bytes(entry.type);
  const std::uint64_t record_bytes = archive.record_bytes("data/" + entry.storage);
  const auto items = static_cast<std::int64_t>(record_bytes / item);
  // The sizes equal the sizes of a spec, so neither the product nor the sum below can overflow once the strides are
  // bounded.
  std::int64_t count = 1;
  std::int64_t last = entry.offset;
  bool fits = record_bytes % item == 0 && entry.storage_items == items && entry.offset >= 0 && entry.offset < items &&
              entry.strides.size() == entry.sizes.size();
  for (std::size_t axis = 0; fits && axis < entry.sizes.size(); ++axis) {
    fits = entry.strides[axis] >= 0 && entry.strides[axis] <= items;
    count *= entry.sizes[axis];
    last += (entry.sizes[axis] - 1) * entry.strides[axis];
  }
  if (!fits || count > items || last >= items) archive.fail("tensor " + entry.name + " reaches beyond its data");

  std::vector<std::byte> storage(record_bytes);
  archive.read_into("data/" + entry.storage, storage);
  Tensor tensor{entry.type, entry.sizes, {}};
  if (entry.offset == 0 && count == items && is_contiguous(entry)) {
    tensor.bytes = std::move(storage);
  } else {
    tensor.bytes.resize(static_cast<std::size_t>(count) * item);
    std::byte* to = tensor.bytes.data();
    gather(entry, 0, storage.data() + static_cast<std::size_t>(entry.offset) * item, to);
  }
  if (is_floating(tensor.type) && tensor.type != ScalarType::float32) tensor = in_single_precision(tensor);
  if (tensor.type == ScalarType::float32 &&
      !std::ranges::all_of(tensor.floats(), [](float value) { return std::isfinite(value); })) {
    archive.fail("tensor " + entry.name + " holds a value that is infinite or not a number");
  }
  return tensor;
}

}  // namespace

std::vector<TensorEntry> read_tensor_index(const TorchArchive& archive) {
  const auto pickle = archive.read("data.pkl", max_pickle_bytes);
  try {
    auto entries = read_state_dict_pickle(pickle);
    unwrap_names(entries);
    return entries;
  } catch (const Error& error) {
    archive.fail(error.what());
  }
}

StateDict read_state_dict(const TorchArchive& archive, const std::vector<TensorEntry>& index,
                          const std::vector<TensorSpec>& specs) {
  for (const auto& spec : specs) check_entry(archive, index, spec);
  check_names(archive, index, specs);
  StateDict tensors;
  for (const auto& entry : index) tensors.emplace(entry.name, read_tensor(archive, entry));
  return tensors;
}

}  // namespace transnet::nn
