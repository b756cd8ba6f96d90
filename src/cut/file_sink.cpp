// SPDX-License-Identifier: Apache-2.0
#include "cut/file_sink.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <string_view>
#include <utility>

#include "transnet/error.hpp"

namespace transnet::media {
namespace {

constexpr int io_buffer_bytes = 256 * 1024;

}  // namespace

FileSink::FileSink(std::filesystem::path file, bool overwrites) : file_(std::move(file)) {
  struct stat status {};
  if (::lstat(file_.c_str(), &status) == 0) {
    if (!overwrites) base::fail_to_write(file_.string(), EEXIST);
    if (!S_ISREG(status.st_mode)) {
      throw Error(ErrorCode::io, "cannot write " + file_.string() + ": it exists and is not a regular file");
    }
  } else if (errno != ENOENT) {
    base::fail_to_write(file_.string(), errno);  // for example, the name is too long
  }
  auto* buffer = static_cast<unsigned char*>(av_malloc(io_buffer_bytes));
  if (buffer == nullptr) throw std::bad_alloc();
  io_.reset(avio_alloc_context(buffer, io_buffer_bytes, 1, this, nullptr, write, seek));
  if (!io_) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  whole_.emplace(file_, file_.string(), overwrites);
}

int FileSink::write(void* opaque, WrittenByte* bytes, int size) noexcept {
  auto& sink = *static_cast<FileSink*>(opaque);
  const std::string_view text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  const int error = base::write_all(sink.whole_->descriptor(), text);
  if (sink.write_error_ == 0) sink.write_error_ = error;
  return error == 0 ? size : AVERROR(error);
}

std::int64_t FileSink::seek(void* opaque, std::int64_t offset, int whence) noexcept {
  const int descriptor = static_cast<FileSink*>(opaque)->whole_->descriptor();
  if ((whence & ~AVSEEK_FORCE) == AVSEEK_SIZE) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? status.st_size : AVERROR(errno);
  }
  const off_t position = ::lseek(descriptor, offset, whence & ~AVSEEK_FORCE);
  return position >= 0 ? position : AVERROR(errno);
}

void FileSink::check() const {
  if (write_error_ != 0) base::fail_to_write(file_.string(), write_error_);
}

void FileSink::commit() {
  avio_flush(io_.get());
  check();
  whole_->commit();
}

}  // namespace transnet::media
