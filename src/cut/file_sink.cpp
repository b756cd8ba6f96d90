#include "cut/file_sink.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "transnet/error.hpp"

namespace transnet::media {
namespace {

constexpr int io_buffer_bytes = 256 * 1024;

}  // namespace

FileSink::FileSink(std::filesystem::path file, bool overwrites) : file_(std::move(file)), overwrites_(overwrites) {
  struct stat status {};
  if (::lstat(file_.c_str(), &status) == 0) {
    if (!overwrites_) fail(EEXIST);
    if (!S_ISREG(status.st_mode)) {
      throw Error(ErrorCode::io, "cannot write " + file_.string() + ": it exists and is no regular file");
    }
  } else if (errno != ENOENT) {
    fail(errno);  // such as a name that is too long, which would be noticed at the end only
  }
  auto* buffer = static_cast<unsigned char*>(av_malloc(io_buffer_bytes));
  if (buffer == nullptr) throw std::bad_alloc();
  io_.reset(avio_alloc_context(buffer, io_buffer_bytes, 1, this, nullptr, write, seek));
  if (!io_) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    // Not made of the file's own name, which may have the greatest length already.
    const auto temporary =
        file_.parent_path() / (".transnet-" + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".tmp");
    descriptor_ = ::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ >= 0) {
      temporary_ = temporary;
    } else if (errno != EEXIST) {
      fail(errno);
    }
  }
}

FileSink::~FileSink() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void FileSink::fail(int error) const {
  ErrorCode code = ErrorCode::io;
  if (error == ENOENT || error == ENOTDIR) code = ErrorCode::not_found;
  if (error == EACCES || error == EPERM || error == EROFS) code = ErrorCode::permission_denied;
  throw Error(code, "cannot write " + file_.string() + ": " + std::generic_category().message(error));
}

int FileSink::write(void* opaque, WrittenByte* bytes, int size) noexcept {
  auto& sink = *static_cast<FileSink*>(opaque);
  for (int done = 0; done < size;) {
    const ssize_t count = ::write(sink.descriptor_, bytes + done, static_cast<std::size_t>(size - done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      if (sink.write_error_ == 0) sink.write_error_ = errno;
      return AVERROR(errno);
    }
    done += static_cast<int>(count);
  }
  return size;
}

std::int64_t FileSink::seek(void* opaque, std::int64_t offset, int whence) noexcept {
  const int descriptor = static_cast<FileSink*>(opaque)->descriptor_;
  if ((whence & ~AVSEEK_FORCE) == AVSEEK_SIZE) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? status.st_size : AVERROR(errno);
  }
  const off_t position = ::lseek(descriptor, offset, whence & ~AVSEEK_FORCE);
  return position >= 0 ? position : AVERROR(errno);
}

void FileSink::check() const {
  if (write_error_ != 0) fail(write_error_);
}

void FileSink::commit() {
  avio_flush(io_.get());
  check();
  // Some file systems report a full disk no earlier than here.
  if (::fsync(descriptor_) != 0) fail(errno);
  if (::close(std::exchange(descriptor_, -1)) != 0) fail(errno);
  rename_temporary();
  temporary_.clear();
}

void FileSink::rename_temporary() {
  const char* from = temporary_.c_str();
  const char* to = file_.c_str();
  if (!overwrites_) {
    // Atomic: a file that has appeared meanwhile stays. Not every file system can do that, and then a second name can
    // be given to the file in most of them; where that is not so either, we look before we rename.
    if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return;
    if (errno != EINVAL && errno != ENOSYS) fail(errno);
    if (::link(from, to) == 0) {
      ::unlink(from);
      return;
    }
    if (errno == EEXIST || ::access(to, F_OK) == 0) fail(EEXIST);
  }
  if (::rename(from, to) != 0) fail(errno);
}

}  // namespace transnet::media
