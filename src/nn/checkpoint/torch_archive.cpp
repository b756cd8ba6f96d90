// SPDX-License-Identifier: Apache-2.0
#include "nn/checkpoint/torch_archive.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/counted.hpp"
#include "nn/checkpoint/crc32.hpp"
#include "nn/checkpoint/legacy_layout.hpp"
#include "nn/checkpoint/zip_directory.hpp"
#include "transnet/error.hpp"

namespace transnet::nn {
namespace {

constexpr std::string_view pickle_record = "data.pkl";

}  // namespace

TorchArchive::TorchArchive(std::span<const std::byte> bytes, std::filesystem::path file)
    : file_(std::move(file)), bytes_(bytes) {
  if (bytes.empty()) fail("not a PyTorch model file, or cut off: it is empty");
  try {
    records_ = has_legacy_layout(bytes) ? read_legacy_layout(bytes) : read_zip_directory(bytes);
  } catch (const Error& error) {
    fail(std::string("not a PyTorch model file, or cut off: ") + error.what());
  }
  for (const auto& record : records_) {
    const std::string_view path = record.name;
    const auto slash = path.find('/');
    if (slash != std::string_view::npos && path.substr(slash + 1) == pickle_record) {
      top_folder_ = path.substr(0, slash + 1);
      return;
    }
  }
  fail("a zip archive without data.pkl, so not a PyTorch model file");
}

const ArchiveRecord* TorchArchive::find(std::string_view record) const noexcept {
  const auto found = std::ranges::find_if(records_, [&](const ArchiveRecord& candidate) {
    const std::string_view name = candidate.name;
    return name.starts_with(top_folder_) && name.substr(top_folder_.size()) == record;
  });
  return found == records_.end() ? nullptr : &*found;
}

const ArchiveRecord& TorchArchive::plain(const std::string& record) const {
  const ArchiveRecord* const found = find(record);
  if (found == nullptr) fail("record " + record + " is missing");
  if (!found->is_plain) fail("record " + record + " is compressed or encrypted, which torch.save never does");
  return *found;
}

bool TorchArchive::is_torchscript() const { return find("constants.pkl") != nullptr; }

std::uint64_t TorchArchive::record_bytes(const std::string& record) const { return plain(record).bytes; }

std::vector<std::byte> TorchArchive::read(const std::string& record, std::uint64_t max_bytes) const {
  const auto bytes = record_bytes(record);
  if (bytes > max_bytes) fail("record " + record + " has " + base::counted(bytes, "byte") + ", too many");
  std::vector<std::byte> content(bytes);
  read_into(record, content);
  return content;
}

void TorchArchive::read_into(const std::string& record, std::span<std::byte> out) const {
  const ArchiveRecord& found = plain(record);
  if (found.bytes != out.size()) {
    fail("record " + record + " has " + base::counted(found.bytes, "byte") + ", expected " +
         std::to_string(out.size()));
  }
  const auto content = bytes_.subspan(found.offset, found.bytes);
  if (found.crc32 && crc32_of(content) != *found.crc32) fail("record " + record + " is damaged: its CRC-32 is wrong");
  std::ranges::copy(content, out.begin());
}

void TorchArchive::fail(const std::string& what) const {
  throw Error(ErrorCode::bad_weights, file_.string() + ": " + what);
}

}  // namespace transnet::nn
