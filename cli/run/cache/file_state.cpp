// SPDX-License-Identifier: Apache-2.0
#include "run/cache/file_state.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <system_error>
#include <thread>

#include "base/file_descriptor.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Containers keep their tables at one end or the other.
constexpr std::size_t edge_bytes = 16 << 10;

// Longer than a clock tick of Linux file systems, and than the two seconds of FAT for file systems with whole seconds.
constexpr auto fine_tick = 20ms;
constexpr auto coarse_tick = 3s;

class ReadOnlyFile {
 public:
  // O_NONBLOCK: a pipe that replaced the file in the meantime must not block the run.
  explicit ReadOnlyFile(const fs::path& file) : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

  [[nodiscard]] bool stat(struct stat& status) const {
    return descriptor_ && ::fstat(descriptor_.number(), &status) == 0 && S_ISREG(status.st_mode);
  }

  /// Adds `count` bytes from `offset`.
  [[nodiscard]] bool read(std::size_t count, ::off_t offset, std::string& bytes) const {
    const auto begin = bytes.size();
    bytes.resize(begin + count);
    return transnet::base::read_at(descriptor_.number(), offset, std::span(bytes).subspan(begin)) == count;
  }

 private:
  transnet::base::FileDescriptor descriptor_;
};

std::chrono::system_clock::time_point time_point(const timespec& time) {
  const auto since_epoch = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(since_epoch));
}

}  // namespace

std::optional<FileState> state_of_file(const fs::path& file) {
  struct stat status {};
  // Check before opening: the writer of a pipe would see this process as a reader.
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const ReadOnlyFile opened(file);
  std::error_code error;
  const auto path = fs::canonical(file, error).native();
  if (error || !opened.stat(status)) return std::nullopt;

  const auto& written = status.st_mtim;
  const auto& changed = status.st_ctim;
  FileState state;
  state.seen = std::chrono::steady_clock::now();
  state.is_new = std::chrono::system_clock::now() - std::max(time_point(written), time_point(changed)) < coarse_tick;
  state.has_fine_times = written.tv_nsec != 0 || changed.tv_nsec != 0;
  state.identity = fmt::format("{} {} {}.{:09} {}.{:09} {}\n{}\n", status.st_ino, status.st_size, written.tv_sec,
                               written.tv_nsec, changed.tv_sec, changed.tv_nsec, path.size(), path);
  const auto edge = std::min(edge_bytes, static_cast<std::size_t>(status.st_size));
  const bool is_read = opened.read(edge, 0, state.identity) &&
                       opened.read(edge, status.st_size - static_cast<::off_t>(edge), state.identity);
  return is_read ? std::optional(std::move(state)) : std::nullopt;
}

std::string stamp_of_file(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return "";
  return fmt::format("{} {}.{:09}", status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

bool is_unchanged(const FileState& before, const fs::path& file) {
  if (before.is_new) {
    // The file has looked the same for this long, so the clock of its times has moved on.
    if (!before.has_fine_times && std::chrono::steady_clock::now() < before.seen + coarse_tick) return false;
    std::this_thread::sleep_until(before.seen + fine_tick);
  }
  const auto now = state_of_file(file);
  return now && now->identity == before.identity;
}

}  // namespace command
