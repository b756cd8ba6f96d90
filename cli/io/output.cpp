// SPDX-License-Identifier: Apache-2.0
#include "io/output.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <system_error>

#include "base/system_error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

/// Returns the errno of a failure, 0 = none.
int create_folder(const fs::path& folder) {
  std::error_code error;
  // create_directories() would refuse a link to a folder.
  if (folder.empty() || fs::is_directory(folder, error)) return 0;
  fs::create_directories(folder, error);
  return error.value();
}

}  // namespace

fs::path identity(const fs::path& file) {
  if (file == "-") return file;
  std::error_code error;
  auto path = fs::weakly_canonical(fs::absolute(file, error), error);
  return error ? file : path;
}

std::optional<int> descriptor_of(const fs::path& file) {
  constexpr int most_links = 40;  // the kernel's own limit
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

bool is_written_in_place(const fs::path& file) {
  if (file.empty() || file == "-" || descriptor_of(file)) return true;
  std::error_code ignored;
  const auto status = fs::status(file, ignored);
  return fs::exists(status) && !fs::is_regular_file(status);
}

void make_folder(const fs::path& folder) {
  const auto fail = [&](int error) { throw transnet::base::system_error("cannot write to " + folder.native(), error); };
  if (const int error = create_folder(folder); error != 0) fail(error);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) fail(ENOTDIR);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) fail(errno);
}

void make_folder_of(const fs::path& file) {
  if (file.empty() || file == "-" || descriptor_of(file)) return;
  if (const int error = create_folder(file.parent_path()); error != 0) fail_to_write(file.native(), error);
}

Output::Output(const fs::path& file, bool overwrites) : name_(file.native()) {
  if (file.empty() || file == "-") {
    name_ = "standard output";
    return;
  }
  if (const auto descriptor = descriptor_of(file)) {
    // Keeps the position of the open descriptor, such as the end. The command must not replace the file behind it.
    in_place_ = transnet::base::FileDescriptor(::fcntl(*descriptor, F_DUPFD_CLOEXEC, 0));
    if (!in_place_) fail_to_write(name_, errno);
    return;
  }
  make_folder_of(file);
  std::error_code ignored;
  const auto status = fs::status(file, ignored);
  if (fs::is_directory(status)) fail_to_write(name_, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) {  // such as /dev/null, which a rename would replace
    in_place_ = transnet::base::FileDescriptor(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!in_place_) fail_to_write(name_, errno);
    return;
  }
  if (!overwrites && fs::exists(fs::symlink_status(file, ignored))) fail_to_write(name_, EEXIST);
  // Writes to the target of a symbolic link and keeps the link.
  whole_.emplace(fs::exists(status) ? fs::canonical(file) : file, name_, overwrites);
}

int Output::descriptor() const {
  if (whole_) return whole_->descriptor();
  return in_place_ ? in_place_.number() : STDOUT_FILENO;
}

bool Output::is_terminal() const { return ::isatty(descriptor()) == 1; }

void Output::write(std::string_view bytes) const { write_all(descriptor(), bytes, name_); }

void Output::commit() {
  if (whole_) whole_->commit();
}

}  // namespace command
