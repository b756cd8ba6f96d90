#include "io/output.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <system_error>

#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

}  // namespace

void fail_to_write(const std::string& name, int error) {
  auto code = transnet::ErrorCode::io;
  if (error == ENOENT) code = transnet::ErrorCode::not_found;
  if (error == EACCES || error == EPERM || error == EROFS) code = transnet::ErrorCode::permission_denied;
  throw transnet::Error(code, "cannot write " + name + ": " + std::generic_category().message(error));
}

void write_all(int descriptor, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      fail_to_write(name, errno);
    }
  }
}

fs::path identity(const fs::path& file) {
  if (file == "-") return file;
  std::error_code error;
  auto path = fs::weakly_canonical(fs::absolute(file, error), error);
  return error ? file : path;
}

std::optional<int> descriptor_of(const fs::path& file) {
  constexpr int most_links = 40;  // as the kernel follows
  auto path = file;
  for (int link = 0; link < most_links; ++link) {
    std::error_code error;
    const auto folder = fs::canonical(path.has_parent_path() ? path.parent_path() : ".", error);
    if (error) return std::nullopt;
    if (folder == fmt::format("/proc/{}/fd", static_cast<long>(::getpid()))) {
      const auto name = path.filename().native();
      int descriptor = -1;
      const auto* const end = name.data() + name.size();
      const auto parsed = std::from_chars(name.data(), end, descriptor);
      const bool is_number = parsed.ec == std::errc{} && parsed.ptr == end && descriptor >= 0;
      return is_number ? std::optional(descriptor) : std::nullopt;
    }
    const auto target = fs::read_symlink(path, error);
    if (error) return std::nullopt;
    path = folder / target;
  }
  return std::nullopt;
}

void check_folder(const fs::path& folder) {
  const auto fail = [&](transnet::ErrorCode code, int error) {
    throw transnet::Error(code, "cannot write into " + folder.native() + ": " + std::generic_category().message(error));
  };
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) fail(transnet::ErrorCode::not_found, ENOENT);
  if (!fs::is_directory(folder, ignored)) fail(transnet::ErrorCode::io, ENOTDIR);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) fail(transnet::ErrorCode::permission_denied, errno);
}

Output::Output(const fs::path& file, bool overwrites) : name_(file.native()), overwrites_(overwrites) {
  if (file.empty() || file == "-") {
    name_ = "standard output";
    descriptor_ = STDOUT_FILENO;
    return;
  }
  if (const auto descriptor = descriptor_of(file)) {
    // As it was opened, at its end for example: the file behind it is not this command's to replace.
    descriptor_ = ::fcntl(*descriptor, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ < 0) fail_to_write(name_, errno);
    return;
  }
  std::error_code ignored;
  if (!overwrites_ && fs::exists(fs::symlink_status(file, ignored))) fail_to_write(name_, EEXIST);
  const auto status = fs::status(file, ignored);
  if (fs::is_directory(status)) fail_to_write(name_, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) {  // such as /dev/null, which a rename would replace
    descriptor_ = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail_to_write(name_, errno);
    return;
  }
  // Through a symbolic link, so that the link stays one.
  target_ = fs::exists(status) ? fs::canonical(file) : file;
  open_temporary();
}

void Output::open_temporary() {
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    // Not made of the target's name, which may already have the greatest length. In the same folder, since a rename
    // does not cross file systems.
    const auto temporary =
        target_.parent_path() / fmt::format(".transnet-{}-{}.tmp", static_cast<long>(::getpid()), attempt);
    descriptor_ = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ >= 0) {
      temporary_ = temporary;
    } else if (errno != EEXIST) {
      fail_to_write(name_, errno);
    }
  }
}

Output::~Output() {
  if (descriptor_ >= 0 && descriptor_ != STDOUT_FILENO) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

bool Output::is_terminal() const { return ::isatty(descriptor_) == 1; }

void Output::write(std::string_view bytes) { write_all(descriptor_, bytes, name_); }

void Output::commit() {
  if (temporary_.empty()) return;
  // Some file systems report a full disk no earlier than here.
  if (::fsync(descriptor_) != 0) fail_to_write(name_, errno);
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail_to_write(name_, errno);
  rename_temporary();
  temporary_.clear();
}

void Output::rename_temporary() {
  if (!overwrites_) {
    // Atomic: a file that has appeared meanwhile stays. Not every file system can do that, but most of the others have
    // links, which replace nothing either.
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0) return;
    if (errno != EINVAL && errno != ENOSYS) fail_to_write(name_, errno);
    if (::link(temporary_.c_str(), target_.c_str()) == 0) {
      ::unlink(temporary_.c_str());
      return;
    }
    if (errno != EPERM && errno != ENOSYS && errno != EOPNOTSUPP) fail_to_write(name_, errno);
    if (::access(target_.c_str(), F_OK) == 0) fail_to_write(name_, EEXIST);
  }
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail_to_write(name_, errno);
}

}  // namespace command
