// SPDX-License-Identifier: Apache-2.0
#include "base/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/system_error.hpp"

namespace transnet::base {

void fail_to_write(const std::string& name, int error) { throw system_error("cannot write " + name, error); }

void write_all(int descriptor, std::string_view bytes, const std::string& name) {
  if (const int error = write_all(descriptor, bytes); error != 0) fail_to_write(name, error);
}

int rename_into_place(const std::filesystem::path& from, const std::filesystem::path& to, bool overwrites) noexcept {
  if (!overwrites) {
    // Atomic. File systems without it usually have links, which replace nothing either. Without both, check before the
    // rename. Any other failure is an error: a plain rename could then replace a file.
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    if (::link(from.c_str(), to.c_str()) == 0) {
      ::unlink(from.c_str());
      return 0;
    }
    if (errno != EPERM && errno != ENOSYS && errno != EOPNOTSUPP) return errno;
    struct stat status {};  // of a symbolic link itself: it occupies the name, whatever its target
    if (::lstat(to.c_str(), &status) == 0) return EEXIST;
    if (errno != ENOENT) return errno;
  }
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

WholeFile::WholeFile(std::filesystem::path target, std::string name, bool overwrites, Durability durability)
    : target_(std::move(target)), name_(std::move(name)), overwrites_(overwrites), durability_(durability) {
  for (int attempt = 0; !descriptor_; ++attempt) {
    // Does not contain the target's own name, which may already have the maximum length.
    auto temporary =
        target_.parent_path() / (".transnet-" + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".tmp");
    descriptor_ = FileDescriptor(::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (descriptor_) {
      temporary_ = std::move(temporary);
    } else if (errno != EEXIST) {
      fail_to_write(name_, errno);
    }
  }
}

WholeFile::~WholeFile() {
  (void)descriptor_.close();
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void WholeFile::keep_permissions() const {
  struct stat old {};
  if (overwrites_ && ::lstat(target_.c_str(), &old) == 0 && S_ISREG(old.st_mode)) {
    constexpr mode_t permissions = 0777;
    // Where the file system has no permissions, there is nothing to keep.
    (void)::fchmod(descriptor(), old.st_mode & permissions);
  }
}

void WholeFile::commit() {
  keep_permissions();
  // Some file systems report a full disk only here.
  if (durability_ == Durability::synced && ::fsync(descriptor()) != 0) fail_to_write(name_, errno);
  if (!descriptor_.close()) fail_to_write(name_, errno);
  if (const int error = rename_into_place(temporary_, target_, overwrites_); error != 0) fail_to_write(name_, error);
  temporary_.clear();
}

}  // namespace transnet::base
