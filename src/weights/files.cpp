// SPDX-License-Identifier: Apache-2.0
#include "weights/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "base/system_error.hpp"
#include "base/whole_file.hpp"
#include "weights/interruptible_wait.hpp"

namespace transnet::weights {
namespace {

// A foreign link under a temporary name must not redirect the writing to another file.
constexpr int create_flags = O_RDWR | O_CREAT | O_NOFOLLOW;

}  // namespace

Error system_error(const std::filesystem::path& path, const std::string& action, int error_number) {
  const auto error = base::system_error(path.string() + ": " + action, error_number);
  // A path below a file cannot hold weights, so fetching them would not help.
  return error_number == ENOTDIR ? Error(ErrorCode::io, error.what()) : error;
}

base::FileDescriptor open_file(const std::filesystem::path& path, int flags) {
  base::FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0666));
  if (!file) throw system_error(path, "cannot open the file", errno);
  return file;
}

FileLock::FileLock(const std::filesystem::path& path, const std::stop_token& stop)
    : file_(open_file(path, create_flags)) {
  // Polls, because a blocked flock() would not see the stop request. flock() instead of a POSIX record lock: it belongs
  // to this opening of the file, so it also excludes other threads.
  constexpr std::chrono::milliseconds poll_interval{50};
  while (::flock(file_.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw system_error(path, "cannot lock the file", errno);
    if (!wait_for(poll_interval, stop)) {
      throw Error(ErrorCode::cancelled, path.string() + ": cancelled while waiting for another download");
    }
  }
}

FileLock::~FileLock() {
  // Closing alone does not unlock if the program has forked in the meantime: the child shares the opening of the file.
  ::flock(file_.number(), LOCK_UN);
}

PartialFile::PartialFile(std::filesystem::path path) : path_(std::move(path)), file_(open_file(path_, create_flags)) {
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
  if (::fsync(file_.number()) != 0) throw system_error(path_, "cannot write the file to the disk", errno);
  if (const int error = base::rename_into_place(path_, final_path, true); error != 0) {
    throw system_error(final_path, "cannot rename " + path_.string(), error);
  }
}

}  // namespace transnet::weights
