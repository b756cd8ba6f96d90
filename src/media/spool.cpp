// SPDX-License-Identifier: Apache-2.0
#include "media/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/number_text.hpp"
#include "base/system_error.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

constexpr double bytes_per_gb = 1e9;
constexpr std::size_t max_head_bytes = std::size_t{1} << 20;

// Boxes that may stand before the index and the pictures.
constexpr std::array<std::string_view, 9> small_boxes = {"ftyp", "free", "skip", "wide", "uuid",
                                                         "pdin", "styp", "sidx", "pnot"};

std::uint64_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t number = 0;
  for (const auto byte : bytes) number = number << 8U | byte;
  return number;
}

/// Its name exists only for a moment, and not at all where the file system can do without.
base::FileDescriptor open_unnamed(const std::filesystem::path& folder) {
  base::FileDescriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return file;
  auto name = (folder / ".transnet-spool-XXXXXX").native();
  file = base::FileDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (file) ::unlink(name.c_str());
  return file;
}

std::filesystem::path folder_of(const DecodeOptions& options) {
  if (!options.spool_dir.empty()) return options.spool_dir;
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  return error ? "/tmp" : folder;
}

}  // namespace

IndexPlace place_of_index(std::span<const std::uint8_t> head) {
  constexpr std::size_t header_bytes = 8;
  constexpr std::size_t long_header_bytes = 16;
  for (std::size_t at = 0; at <= max_head_bytes;) {
    if (head.size() < at + header_bytes) return IndexPlace::unknown;
    const auto box = head.subspan(at);
    const std::string_view type(reinterpret_cast<const char*>(box.data()) + 4, 4);
    if (type == "mdat") return IndexPlace::behind;
    if (std::ranges::find(small_boxes, type) == small_boxes.end()) return IndexPlace::in_front;
    auto size = big_endian(box.first(4));
    if (size == 1) {
      if (box.size() < long_header_bytes) return IndexPlace::unknown;
      size = big_endian(box.subspan(header_bytes, header_bytes));
    }
    if (size < header_bytes) return IndexPlace::in_front;
    if (size > max_head_bytes) break;
    at += static_cast<std::size_t>(size);
  }
  return IndexPlace::behind;  // or far away: a kept pipe can be read in any case
}

Spool::Spool(std::string name, const DecodeOptions& options)
    : name_(std::move(name)),
      folder_(folder_of(options)),
      max_bytes_(options.limits.max_spool_gb * bytes_per_gb),
      file_(open_unnamed(folder_)) {
  if (file_) return;
  throw base::system_error(
      name_ + ": the index of the MP4 file is at its end, and the pipe cannot be kept in " + folder_.string(), errno);
}

void Spool::write(std::span<const std::uint8_t> bytes) {
  size_ += std::ssize(bytes);
  if (max_bytes_ > 0.0 && static_cast<double>(size_) > max_bytes_) {
    throw Error(ErrorCode::limit_exceeded,
                name_ + ": the index of the MP4 file is at its end, and the pipe is longer than max_spool_gb " +
                    number_text(max_bytes_ / bytes_per_gb));
  }
  const int error = base::write_all(file_.number(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (error == 0) return;
  throw base::system_error(
      name_ + ": the index of the MP4 file is at its end, and the pipe cannot be kept in " + folder_.string(), error);
}

}  // namespace transnet::media
