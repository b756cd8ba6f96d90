// SPDX-License-Identifier: Apache-2.0
#include "media/byte_source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file_descriptor.hpp"
#include "base/image_sequence.hpp"
#include "base/system_error.hpp"
#include "media/spool.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

using base::FileDescriptor;

/// A regular file, with seeks that need no system call.
class FileSource final : public ByteSource {
 public:
  FileSource(FileDescriptor fd, std::int64_t size, const Deadline& deadline)
      : fd_(std::move(fd)), size_(size), deadline_(deadline) {}

  std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept override {
    for (;;) {
      if (deadline_.has_passed()) return -ECANCELED;
      const ssize_t count = ::pread(fd_.number(), buffer.data(), buffer.size(), position_);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return -errno;
      position_ += count;
      return count;
    }
  }
  std::optional<std::int64_t> size() const noexcept override { return size_; }
  void seek(std::int64_t position) noexcept override { position_ = position; }
  std::int64_t position() const noexcept override { return position_; }

 private:
  FileDescriptor fd_;
  std::int64_t size_;
  const Deadline& deadline_;
  std::int64_t position_ = 0;
};

/// A FIFO, socket or device: read once, from front to back.
class PipeSource final : public ByteSource {
 public:
  PipeSource(FileDescriptor fd, Deadline& deadline) : fd_(std::move(fd)), deadline_(deadline) {}

  std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept override {
    constexpr int check_interval_ms = 50;
    const auto start = std::chrono::steady_clock::now();
    for (;;) {
      if (deadline_.has_passed()) return -ECANCELED;
      // Wait first: a read from a FIFO without a writer would look like the end of the file.
      pollfd waiting{fd_.number(), POLLIN, 0};
      const int ready = ::poll(&waiting, 1, check_interval_ms);
      if (ready < 0 && errno != EINTR) return -errno;
      if (ready <= 0) deadline_.note_wait(std::chrono::steady_clock::now() - start);
      if (ready <= 0) continue;
      const ssize_t count = ::read(fd_.number(), buffer.data(), buffer.size());
      if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (count < 0) return -errno;
      position_ += count;
      return count;
    }
  }
  std::optional<std::int64_t> size() const noexcept override { return std::nullopt; }
  void seek(std::int64_t) noexcept override {}
  std::int64_t position() const noexcept override { return position_; }

 private:
  FileDescriptor fd_;
  Deadline& deadline_;
  std::int64_t position_ = 0;
};

/// A source that is read once, whose first bytes have been read already: it brings them again.
class BegunSource final : public ByteSource {
 public:
  BegunSource(std::vector<std::uint8_t> head, std::unique_ptr<ByteSource> rest)
      : head_(std::move(head)), rest_(std::move(rest)) {}

  std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept override {
    const auto left = std::span(head_).subspan(read_);
    if (left.empty()) return rest_->read(buffer);
    const std::size_t count = std::min(buffer.size(), left.size());
    std::copy_n(left.begin(), count, buffer.begin());
    read_ += count;
    return static_cast<std::ptrdiff_t>(count);
  }
  std::optional<std::int64_t> size() const noexcept override { return std::nullopt; }
  void seek(std::int64_t) noexcept override {}
  std::int64_t position() const noexcept override {
    return read_ < head_.size() ? static_cast<std::int64_t>(read_) : rest_->position();
  }

 private:
  std::vector<std::uint8_t> head_;
  std::size_t read_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

/// The first image of a sequence, with the names of all.
class SequenceSource final : public ByteSource {
 public:
  SequenceSource(std::unique_ptr<ByteSource> first, std::vector<std::filesystem::path> images)
      : first_(std::move(first)), images_(std::move(images)) {}

  std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept override { return first_->read(buffer); }
  std::optional<std::int64_t> size() const noexcept override { return first_->size(); }
  void seek(std::int64_t position) noexcept override { first_->seek(position); }
  std::int64_t position() const noexcept override { return first_->position(); }
  std::span<const std::filesystem::path> images() const noexcept override { return images_; }

 private:
  std::unique_ptr<ByteSource> first_;
  std::vector<std::filesystem::path> images_;
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept override {
    const std::int64_t left = std::max<std::int64_t>(std::ssize(bytes_) - position_, 0);
    const std::size_t count = std::min(buffer.size(), static_cast<std::size_t>(left));
    if (count == 0) return 0;
    std::memcpy(buffer.data(), bytes_.data() + position_, count);
    position_ += static_cast<std::int64_t>(count);
    return static_cast<std::ptrdiff_t>(count);
  }
  std::optional<std::int64_t> size() const noexcept override { return std::ssize(bytes_); }
  void seek(std::int64_t position) noexcept override { position_ = position; }
  std::int64_t position() const noexcept override { return position_; }

 private:
  std::span<const std::byte> bytes_;
  std::int64_t position_ = 0;
};

/// "https://host/video.mp4"
bool is_address(std::string_view path) {
  const auto scheme = path.substr(0, path.find("://"));
  return scheme.size() < path.size() && !scheme.empty() && std::ranges::all_of(scheme, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
         });
}

[[noreturn]] void throw_open_error(const std::filesystem::path& file, int error) {
  if (error == ENOENT && is_address(file.native())) {
    throw Error(
        ErrorCode::not_found,
        file.string() + ": there is no file of this name, and addresses are not read: download the video first");
  }
  throw base::system_error(file.string() + ": cannot be opened", error);
}

}  // namespace

std::unique_ptr<ByteSource> kept_if_needed(std::unique_ptr<ByteSource> pipe, const std::string& name,
                                           Deadline& deadline, const DecodeOptions& options) {
  constexpr std::size_t block_bytes = std::size_t{64} << 10;
  std::vector<std::uint8_t> head;
  std::vector<std::uint8_t> block(block_bytes);
  auto place = IndexPlace::unknown;
  for (std::ptrdiff_t count = 1; count > 0 && place == IndexPlace::unknown; place = place_of_index(head)) {
    count = pipe->read(block);
    if (count > 0) head.insert(head.end(), block.begin(), block.begin() + count);
    if (count <= 0) break;
  }
  if (place != IndexPlace::behind) {
    return std::make_unique<BegunSource>(std::move(head), std::move(pipe));
  }
  Spool spool(name, options);
  spool.write(head);
  std::ptrdiff_t count = 0;
  while ((count = pipe->read(block)) > 0) spool.write(std::span(block).first(static_cast<std::size_t>(count)));
  if (count == -ECANCELED) deadline.check(name);
  if (count < 0) throw base::system_error(name + ": cannot be read", static_cast<int>(-count));
  const auto size = spool.size();
  return std::make_unique<FileSource>(spool.take(), size, deadline);
}

std::unique_ptr<ByteSource> open_file(const std::filesystem::path& file, Deadline& deadline,
                                      const DecodeOptions& options) {
  if (base::is_image_pattern(file)) {
    auto images = base::find_images(file);
    auto first = open_file(images.front(), deadline, options);
    return std::make_unique<SequenceSource>(std::move(first), std::move(images));
  }
  // Without O_NONBLOCK, opening a FIFO waits for its writer, and a stop request could not end that wait.
  FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) throw_open_error(file, errno);
  struct stat status {};
  if (::fstat(fd.number(), &status) != 0) throw_open_error(file, errno);
  if (S_ISDIR(status.st_mode)) throw_open_error(file, EISDIR);
  if (!S_ISREG(status.st_mode)) {
    return kept_if_needed(std::make_unique<PipeSource>(std::move(fd), deadline), file.string(), deadline, options);
  }
  return std::make_unique<FileSource>(std::move(fd), status.st_size, deadline);
}

std::unique_ptr<ByteSource> open_memory(std::span<const std::byte> bytes) {
  return std::make_unique<MemorySource>(bytes);
}

}  // namespace transnet::media
