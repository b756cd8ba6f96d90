#include "weights/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "weights/interruptible_wait.hpp"

namespace transnet::detail {
namespace {

ErrorCode code_of(int error_number) {
  switch (error_number) {
    case ENOENT: return ErrorCode::not_found;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::permission_denied;
    default: return ErrorCode::io;
  }
}

// A link that somebody else put under a temporary name must not lead the writing to another file.
constexpr int create_flags = O_RDWR | O_CREAT | O_NOFOLLOW;

}  // namespace

Error system_error(const std::filesystem::path& path, const std::string& action, int error_number) {
  return Error(code_of(error_number),
               path.string() + ": " + action + ": " + std::generic_category().message(error_number));
}

FileDescriptor::FileDescriptor(const std::filesystem::path& path, int flags)
    : number_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
  if (number_ < 0) throw system_error(path, "cannot open the file", errno);
}

FileDescriptor::~FileDescriptor() { ::close(number_); }

FileLock::FileLock(const std::filesystem::path& path, const std::stop_token& stop) : file_(path, create_flags) {
  // Asking again and again, because a blocked flock() would not see the stop request. flock() and not a POSIX record
  // lock: it belongs to this opening of the file, so that it keeps threads apart too.
  constexpr std::chrono::milliseconds poll_interval{50};
  while (::flock(file_.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw system_error(path, "cannot lock the file", errno);
    if (!wait_for(poll_interval, stop)) {
      throw Error(ErrorCode::cancelled, path.string() + ": cancelled while waiting for another download");
    }
  }
}

FileLock::~FileLock() {
  // Closing alone does not unlock where the program has forked meanwhile: the child has the same opening of the file.
  ::flock(file_.number(), LOCK_UN);
}

PartialFile::PartialFile(std::filesystem::path path) : path_(std::move(path)), file_(path_, create_flags) {
  struct stat status {};
  if (::fstat(file_.number(), &status) != 0) throw system_error(path_, "cannot read the size", errno);
  size_bytes_ = status.st_size;
}

PartialFile::~PartialFile() {
  if (size_bytes_ == 0) ::unlink(path_.c_str());
}

void PartialFile::append(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ::ssize_t written = ::pwrite(file_.number(), bytes.data(), bytes.size(), size_bytes_);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_error(path_, "cannot write", errno);
    size_bytes_ += written;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void PartialFile::clear() {
  if (::ftruncate(file_.number(), 0) != 0) throw system_error(path_, "cannot empty the file", errno);
  size_bytes_ = 0;
}

void PartialFile::publish(const std::filesystem::path& final_path) {
  if (::fsync(file_.number()) != 0) throw system_error(path_, "cannot bring the file to the disk", errno);
  if (::rename(path_.c_str(), final_path.c_str()) != 0) {
    throw system_error(final_path, "cannot rename " + path_.string(), errno);
  }
}

}  // namespace transnet::detail
