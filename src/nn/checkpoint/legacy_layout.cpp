// SPDX-License-Identifier: Apache-2.0
#include "nn/checkpoint/legacy_layout.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/little_endian.hpp"
#include "nn/checkpoint/state_dict_pickle.hpp"
#include "transnet/error.hpp"

namespace transnet::nn {
namespace {

using namespace std::string_view_literals;

constexpr auto legacy_magic = "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20j\xa8P\x19."sv;  // the pickle of a number
constexpr auto legacy_version = "\x80\x02M\xe9\x03."sv;                              // the pickle of 1001

[[noreturn]] void refuse_file(const std::string& what) { throw Error(ErrorCode::bad_weights, what); }

bool starts_with(std::span<const std::byte> bytes, std::string_view text) noexcept {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).starts_with(text);
}

/// The file from its beginning to its end.
class Sequence {
 public:
  explicit Sequence(std::span<const std::byte> file) : file_(file) {}

  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
  [[nodiscard]] std::span<const std::byte> rest() const noexcept { return file_.subspan(offset_); }

  std::span<const std::byte> take(std::uint64_t bytes, const std::string& what) {
    if (bytes > file_.size() - offset_) refuse_file("it ends within " + what);
    const auto taken = file_.subspan(offset_, bytes);
    offset_ += bytes;
    return taken;
  }
  void take_constant(std::string_view text, const std::string& what) {
    if (!starts_with(rest(), text)) refuse_file(what + " is not that of torch.save before PyTorch 1.6");
    offset_ += text.size();
  }
  std::span<const std::byte> take_pickle() {
    return take(pickle_bytes(rest().first(std::min<std::size_t>(rest().size(), max_pickle_bytes))), "a pickle");
  }
  std::int64_t take_number(const std::string& what) {
    return static_cast<std::int64_t>(base::little_endian(take(sizeof(std::int64_t), what)));
  }

 private:
  std::span<const std::byte> file_;
  std::uint64_t offset_ = 0;
};

}  // namespace

bool has_legacy_layout(std::span<const std::byte> file) noexcept { return starts_with(file, legacy_magic); }

std::vector<ArchiveRecord> read_legacy_layout(std::span<const std::byte> file) {
  Sequence sequence(file);
  sequence.take_constant(legacy_magic, "its beginning");
  sequence.take_constant(legacy_version, "its version");
  sequence.take_pickle();  // facts about the machine: the elements are little-endian on all

  std::vector<ArchiveRecord> records;
  const auto add = [&](std::string name, std::span<const std::byte> bytes) {
    records.push_back({.name = std::move(name),
                       .is_plain = true,
                       .crc32 = std::nullopt,
                       .offset = sequence.offset() - bytes.size(),
                       .bytes = bytes.size()});
  };
  const auto objects = sequence.take_pickle();
  add("archive/data.pkl", objects);
  std::unordered_map<std::string, StorageEntry> storages;
  for (auto& storage : read_storages(objects)) storages.emplace(storage.record, std::move(storage));
  for (const auto& key : read_texts(sequence.take_pickle())) {
    const auto found = storages.extract(key);
    if (found.empty()) refuse_file("no tensor has its storage " + key + ", or two storages have this key");
    const auto type = found.mapped().type;
    const auto items = found.mapped().items;
    const std::string what = "storage " + key;
    if (sequence.take_number(what) != items) refuse_file(what + " has another number of elements than its tensors say");
    if (std::cmp_greater(items, file.size()) || items < 0) refuse_file("it ends within " + what);
    add("archive/data/" + key, sequence.take(static_cast<std::uint64_t>(items) * item_bytes(type), what));
  }
  if (!sequence.rest().empty()) refuse_file("it goes on after its last storage");
  return records;
}

}  // namespace transnet::nn
