#include "output.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "exit_status.hpp"
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

Output::Output(const fs::path& file, std::span<const fs::path> inputs) : name_(file.native()) {
  if (file.empty() || file == "-") {
    name_ = "standard output";
    descriptor_ = STDOUT_FILENO;
    return;
  }
  std::error_code ignored;
  for (const auto& input : inputs) {
    if (fs::equivalent(file, input, ignored)) throw UsageError("--output " + name_ + " would overwrite an input");
  }
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
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail_to_write(name_, errno);
  temporary_.clear();
}

}  // namespace command
