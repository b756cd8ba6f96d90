// SPDX-License-Identifier: Apache-2.0
#include "torch/checkpoint/state_dict.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <sstream>

#include "torch/checkpoint/state_dict_pickle.hpp"
#include "transnet/error.hpp"

namespace transnet::model {
namespace {

constexpr std::uint64_t max_pickle_bytes = 16U << 20U;  // the published one has 17 kB

std::string describe(c10::ScalarType type, const std::vector<std::int64_t>& sizes) {
  std::ostringstream text;
  text << c10::toString(type) << " [";
  for (std::size_t index = 0; index < sizes.size(); ++index) text << (index == 0 ? "" : ", ") << sizes[index];
  text << ']';
  return text.str();
}

std::vector<TensorEntry> read_index(const TorchArchive& archive) {
  const auto pickle = archive.read("data.pkl", max_pickle_bytes);
  try {
    return read_state_dict_pickle(pickle);
  } catch (const Error& error) {
    archive.fail(error.what());
  }
}

void check_entry(const TorchArchive& archive, const std::vector<TensorEntry>& entries, const TensorSpec& spec) {
  const auto found = std::ranges::find(entries, spec.name, &TensorEntry::name);
  if (found == entries.end()) archive.fail("tensor " + spec.name + " is missing: weights of another network");
  if (found->type != spec.type || found->sizes != spec.sizes) {
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
      archive.fail("tensor " + entry.name + " stands there twice");
  }
}

at::Tensor read_tensor(const TorchArchive& archive, const TensorEntry& entry) {
  const auto options = at::TensorOptions().dtype(entry.type);
  const auto items =
      static_cast<std::int64_t>(archive.record_bytes("data/" + entry.storage) / options.dtype().itemsize());
  // The sizes are those of a spec, so neither the product nor the sum below can overflow once the strides are bounded.
  std::int64_t count = 1;
  std::int64_t last = entry.offset;
  bool fits = entry.storage_items == items && entry.offset >= 0 && entry.offset < items &&
              entry.strides.size() == entry.sizes.size();
  for (std::size_t axis = 0; fits && axis < entry.sizes.size(); ++axis) {
    fits = entry.strides[axis] >= 0 && entry.strides[axis] <= items;
    count *= entry.sizes[axis];
    last += (entry.sizes[axis] - 1) * entry.strides[axis];
  }
  if (!fits || count > items || last >= items) archive.fail("tensor " + entry.name + " reaches beyond its data");

  at::Tensor storage = at::empty({items}, options);
  archive.read_into("data/" + entry.storage, {static_cast<std::byte*>(storage.data_ptr()), storage.nbytes()});
  return storage.as_strided(entry.sizes, entry.strides, entry.offset).contiguous();
}

}  // namespace

StateDict read_state_dict(const TorchArchive& archive, const std::vector<TensorSpec>& specs) {
  const auto entries = read_index(archive);
  for (const auto& spec : specs) check_entry(archive, entries, spec);
  check_names(archive, entries, specs);
  StateDict tensors;
  for (const auto& entry : entries) tensors.emplace(entry.name, read_tensor(archive, entry));
  return tensors;
}

}  // namespace transnet::model
