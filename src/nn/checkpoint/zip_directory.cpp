// SPDX-License-Identifier: Apache-2.0
#include "nn/checkpoint/zip_directory.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/little_endian.hpp"
#include "transnet/error.hpp"

namespace transnet::nn {
namespace {

constexpr std::size_t end_bytes = 22;
constexpr std::size_t zip64_locator_bytes = 20;
constexpr std::size_t zip64_end_bytes = 56;
constexpr std::size_t directory_entry_bytes = 46;  // at least
constexpr std::uint32_t beyond_32_bits = 0xffffffff;
constexpr std::uint32_t beyond_16_bits = 0xffff;

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::bad_weights, what); }

/// Numbers and texts one after the other, as the format writes them: little-endian, unaligned.
class ZipFields {
 public:
  ZipFields(std::span<const std::byte> bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  std::span<const std::byte> take(std::uint64_t count) {
    if (count > bytes_.size()) refuse(name_ + " is cut off");
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  std::uint16_t take_16() { return static_cast<std::uint16_t>(base::little_endian(take(2))); }
  std::uint32_t take_32() { return static_cast<std::uint32_t>(base::little_endian(take(4))); }
  std::uint64_t take_64() { return base::little_endian(take(8)); }
  std::string take_text(std::size_t count) {
    const auto taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  [[nodiscard]] std::span<const std::byte> rest() const noexcept { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
  std::string name_;  // in errors
};

struct DirectoryPlace {
  std::uint64_t count = 0;  ///< of records
  std::uint64_t bytes = 0;
  std::uint64_t offset = 0;
};

/// The larger numbers that archives beyond 4 GB have, and that torch.save always writes, in front of the last record.
DirectoryPlace read_zip64_end(std::span<const std::byte> container, std::uint64_t locator_offset) {
  ZipFields locator(container.subspan(locator_offset + 4), "its zip64 end");
  const auto disk = locator.take_32();
  const auto end_offset = locator.take_64();
  const auto disks = locator.take_32();
  if (disk != 0 || disks != 1 || locator_offset < zip64_end_bytes || end_offset != locator_offset - zip64_end_bytes)
    refuse("its zip64 end record is not where its locator must be");
  ZipFields end(container.subspan(end_offset, zip64_end_bytes), "its zip64 end");
  const bool is_end = end.take_32() == 0x06064b50 && end.take_64() == zip64_end_bytes - 12;
  end.take(2 + 2);  // versions of the format
  const bool is_one_disk = end.take_32() == 0 && end.take_32() == 0;
  const auto count_of_disk = end.take_64();
  DirectoryPlace place;
  place.count = end.take_64();
  place.bytes = end.take_64();
  place.offset = end.take_64();
  if (!is_end || !is_one_disk || count_of_disk != place.count) refuse("its zip64 end record is damaged");
  return place;
}

DirectoryPlace find_directory(std::span<const std::byte> container) {
  if (container.size() < end_bytes) refuse("it is shorter than an empty zip archive");
  std::uint64_t end_offset = container.size() - end_bytes;
  ZipFields end(container.subspan(end_offset), "its end");
  const bool is_end = end.take_32() == 0x06054b50;
  const bool is_one_disk = end.take_16() == 0 && end.take_16() == 0;
  const auto count_of_disk = end.take_16();
  DirectoryPlace place{.count = end.take_16(), .bytes = end.take_32(), .offset = end.take_32()};
  const auto comment_bytes = end.take_16();
  if (!is_end || comment_bytes != 0) refuse("it does not end as a zip archive without a comment does");
  if (!is_one_disk || count_of_disk != place.count) refuse("its end record is damaged, or it has several disks");

  if (end_offset >= zip64_locator_bytes) {
    const auto locator_offset = end_offset - zip64_locator_bytes;
    if (ZipFields(container.subspan(locator_offset), "its end").take_32() == 0x07064b50) {
      const auto large = read_zip64_end(container, locator_offset);
      const auto agrees = [](std::uint64_t small, std::uint64_t whole, std::uint32_t beyond) {
        return small == beyond || small == whole;
      };
      if (!agrees(place.count, large.count, beyond_16_bits) || !agrees(place.bytes, large.bytes, beyond_32_bits) ||
          !agrees(place.offset, large.offset, beyond_32_bits))
        refuse("its two end records contradict each other");
      place = large;
      end_offset = locator_offset - zip64_end_bytes;
    }
  }
  if (place.offset > end_offset || place.bytes != end_offset - place.offset)
    refuse("its directory does not end where its end record begins");
  if (place.count > place.bytes / directory_entry_bytes) refuse("its directory is too short for its records");
  return place;
}

/// Replaces the `numbers` that 32 bits cannot hold by the numbers of the extra field, in their order.
void take_zip64_numbers(std::span<const std::byte> extra, const std::string& name,
                        std::initializer_list<std::uint64_t*> numbers) {
  std::span<const std::byte> large;
  bool has_large = false;
  ZipFields fields(extra, "the extra field of record " + name);
  while (fields.rest().size() >= 4) {
    const auto id = fields.take_16();
    const auto content = fields.take(fields.take_16());
    if (id != 1) continue;
    if (has_large) refuse("record " + name + " has two zip64 fields");
    has_large = true;
    large = content;
  }
  if (std::ranges::any_of(fields.rest(), [](std::byte byte) { return byte != std::byte{0}; }))
    refuse("the extra field of record " + name + " is damaged");
  ZipFields large_numbers(large, "the zip64 field of a record");
  for (auto* const number : numbers) {
    if (*number == beyond_32_bits) *number = large_numbers.take_64();
  }
}

/// The statements of the directory, or of a record's own header, about a record.
struct RecordHeader {
  std::uint16_t version = 0;  ///< of the format, that a reader needs
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t time = 0;
  std::uint32_t crc32 = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t bytes = 0;
  std::string name;
};

void take_common(ZipFields& fields, RecordHeader& header) {
  header.version = fields.take_16();
  header.flags = fields.take_16();
  header.method = fields.take_16();
  header.time = fields.take_32();
  header.crc32 = fields.take_32();
  header.packed_bytes = fields.take_32();
  header.bytes = fields.take_32();
}

/// The next entry of the directory. `header_offset` is that of the record's own header.
RecordHeader take_entry(ZipFields& directory, std::uint64_t& header_offset) {
  RecordHeader header;
  if (directory.take_32() != 0x02014b50) refuse("its directory is damaged");
  directory.take(2);  // what wrote it
  take_common(directory, header);
  const auto name_bytes = directory.take_16();
  const auto extra_bytes = directory.take_16();
  const auto comment_bytes = directory.take_16();
  if (directory.take_16() != 0) refuse("a record is on another disk");
  directory.take(2 + 4);  // attributes
  header_offset = directory.take_32();
  header.name = directory.take_text(name_bytes);
  take_zip64_numbers(directory.take(extra_bytes), header.name, {&header.bytes, &header.packed_bytes, &header_offset});
  directory.take(comment_bytes);
  return header;
}

/// Compares the record's own header with the directory's, and gives the place of its bytes.
ArchiveRecord locate(std::span<const std::byte> before_directory, std::uint64_t header_offset,
                     const RecordHeader& entry) {
  if (header_offset > before_directory.size()) refuse("record " + entry.name + " lies beyond the directory");
  ZipFields fields(before_directory.subspan(header_offset), "record " + entry.name);
  RecordHeader own;
  const bool is_header = fields.take_32() == 0x04034b50;
  take_common(fields, own);
  const auto name_bytes = fields.take_16();
  const auto extra_bytes = fields.take_16();
  own.name = fields.take_text(name_bytes);
  take_zip64_numbers(fields.take(extra_bytes), entry.name, {&own.bytes, &own.packed_bytes});

  // torch.save writes a record before it knows these three, and says so in a flag.
  constexpr unsigned int known_later = 1U << 3U;
  const bool is_later = (own.flags & known_later) != 0 && own.crc32 == 0 && own.packed_bytes == 0 && own.bytes == 0;
  const bool is_same = own.crc32 == entry.crc32 && own.packed_bytes == entry.packed_bytes && own.bytes == entry.bytes;
  if (!is_header || own.name != entry.name || own.flags != entry.flags || own.method != entry.method ||
      own.time != entry.time || own.version > entry.version || !(is_later || is_same))
    refuse("record " + entry.name + " is not as the directory says");

  constexpr unsigned int encrypted = 1U << 0U | 1U << 6U | 1U << 13U;
  const bool is_plain = entry.method == 0 && (entry.flags & encrypted) == 0;
  if (is_plain && entry.packed_bytes != entry.bytes) refuse("record " + entry.name + " has two sizes");
  const std::uint64_t offset = before_directory.size() - fields.rest().size();
  fields.take(entry.packed_bytes);
  return {
      .name = entry.name, .is_plain = is_plain, .crc32 = entry.crc32, .offset = offset, .bytes = entry.packed_bytes};
}

struct RecordPlace {
  std::uint64_t header_offset = 0;
  std::uint64_t end = 0;
};

void refuse_overlap(std::vector<RecordPlace> places) {
  std::ranges::sort(places, {}, &RecordPlace::header_offset);
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i].header_offset < places[i - 1].end) refuse("two of its records overlap");
  }
}

void refuse_twins(const std::vector<ArchiveRecord>& records) {
  std::vector<std::string_view> names;
  names.reserve(records.size());
  for (const auto& record : records) names.emplace_back(record.name);
  std::ranges::sort(names);
  if (const auto twin = std::ranges::adjacent_find(names); twin != names.end())
    refuse("two of its records have the name " + std::string(*twin));
}

}  // namespace

std::vector<ArchiveRecord> read_zip_directory(std::span<const std::byte> container) {
  const auto place = find_directory(container);
  ZipFields directory(container.subspan(place.offset, place.bytes), "its directory");
  std::vector<ArchiveRecord> records;
  std::vector<RecordPlace> places;
  records.reserve(place.count);
  places.reserve(place.count);
  for (std::uint64_t index = 0; index < place.count; ++index) {
    std::uint64_t header_offset = 0;
    const auto entry = take_entry(directory, header_offset);
    records.push_back(locate(container.first(place.offset), header_offset, entry));
    places.push_back({header_offset, records.back().offset + records.back().bytes});
  }
  if (!directory.rest().empty()) refuse("its directory holds more than its records");
  refuse_overlap(std::move(places));
  refuse_twins(records);
  return records;
}

}  // namespace transnet::nn
