// SPDX-License-Identifier: Apache-2.0
#include "io/inputs.hpp"

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <new>
#include <string>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "base/counted.hpp"
#include "base/image_sequence.hpp"
#include "base/special_file.hpp"
#include "io/open_input.hpp"
#include "run/console.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& file) { return file.filename().native().starts_with('.'); }

enum class EntryKind { video, folder, other };

/// `other`: also a link to a folder, which could lead in a circle.
EntryKind kind_of(const fs::directory_entry& entry) {
  std::error_code ignored;
  if (is_hidden(entry.path())) return EntryKind::other;
  if (entry.is_directory(ignored)) return entry.is_symlink(ignored) ? EntryKind::other : EntryKind::folder;
  return is_video_name(entry.path()) ? EntryKind::video : EntryKind::other;
}

/// Calls `visit(entry, kind)` for each entry until it returns false; returns why the folder could not be read.
template <typename Visit>
std::error_code visit_folder(const fs::path& folder, Visit visit) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!visit(*entry, kind_of(*entry))) break;
  }
  return error;
}

/// Whether a search with --recursive could find something. Looks into no subfolder: a tree can be large.
bool may_hold_videos(const fs::path& folder) {
  bool is_empty = true;
  const auto error =
      visit_folder(folder, [&](const auto& /*entry*/, EntryKind kind) { return is_empty = kind == EntryKind::other; });
  return !is_empty || error;
}

struct FolderSearch {
  std::vector<fs::path> videos;        ///< also a folder that cannot be read
  std::size_t unsearched_folders = 0;  ///< subfolders that may hold videos
};

FolderSearch search(const fs::path& folder, bool is_recursive) {
  FolderSearch found;
  std::vector<fs::path> folders{folder};
  while (!folders.empty()) {
    const auto next = std::move(folders.back());
    folders.pop_back();
    const auto error = visit_folder(next, [&](const fs::directory_entry& entry, EntryKind kind) {
      if (kind == EntryKind::video) {
        found.videos.push_back(entry.path());
      } else if (kind == EntryKind::folder && is_recursive) {
        folders.push_back(entry.path());
      } else if (kind == EntryKind::folder && may_hold_videos(entry.path())) {
        ++found.unsearched_folders;
      }
      return true;
    });
    if (error) found.videos.push_back(next);
  }
  std::ranges::sort(found.videos, {}, &fs::path::native);
  return found;
}

/// "2 folders in 'd' are not searched; --recursive searches them".
std::string unsearched_text(std::size_t count, const std::string& where) {
  return transnet::base::counted(count, "folder") + " in " + where +
         (count == 1 ? " is not searched; --recursive searches it" : " are not searched; --recursive searches them");
}

/// The videos of a folder, or the folder itself if it has none or cannot be read.
std::vector<InputVideo> videos_in(const InputVideo& folder, bool is_recursive) {
  auto found = search(folder.file, is_recursive);
  if (found.videos.empty()) {
    return {{.file = folder.file, .id = "", .columns = folder.columns, .unsearched_folders = found.unsearched_folders}};
  }
  if (found.unsearched_folders > 0) {
    log(transnet::LogLevel::info, unsearched_text(found.unsearched_folders, "'" + folder.file.native() + "'"));
  }
  std::vector<InputVideo> videos;
  for (auto& file : found.videos) {
    // An id names one video.
    videos.push_back({.file = std::move(file), .id = "", .columns = folder.columns});
  }
  return videos;
}

/// Expands a pattern that the shell has not expanded, in the order of glob(3). If a file has the pattern as its name,
/// it is that file. A pattern of images is one video. A pattern without a match stays and later fails like a video.
void add_named(const fs::path& name, std::vector<InputVideo>& named) {
  const auto add = [&named](const fs::path& file) { named.push_back({.file = file, .id = "", .columns = {}}); };
  struct stat ignored {};
  if (transnet::base::is_image_pattern(name)) return add(name);
  if (name.native().find_first_of("*?[") == std::string::npos || ::lstat(name.c_str(), &ignored) == 0) {
    return add(name);
  }
  glob_t matches{};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): inputs are found before there are threads
  const int error = ::glob(name.c_str(), 0, nullptr, &matches);
  if (error == 0) {
    std::for_each_n(matches.gl_pathv, matches.gl_pathc, add);
  } else {
    add(name);
  }
  ::globfree(&matches);
  if (error == GLOB_NOSPACE) throw std::bad_alloc();
}

void protect_video(const fs::path& video, ProtectedFiles& files) {
  files.protect(video);
  if (!transnet::base::is_image_pattern(video)) return;
  try {
    files.protect(transnet::base::find_images(video));
  } catch (const transnet::Error&) {
    // The video fails for the same reason.
  }
}

}  // namespace

Shard Shard::parse(std::string_view text) {
  Shard shard;
  const auto* const end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, shard.index);
  if (index.ec == std::errc{} && index.ptr != end && *index.ptr == '/') {
    const auto count = std::from_chars(index.ptr + 1, end, shard.count);
    if (count.ec == std::errc{} && count.ptr == end && shard.index >= 1 && shard.index <= shard.count) return shard;
  }
  throw UsageError("--shard " + std::string(text) + ": it must be I/N: part I of N, I from 1 to N");
}

std::vector<VideoName> Inputs::names() const {
  std::vector<VideoName> found;
  found.reserve(all.size());
  for (const auto& video : all) found.push_back(name_of(video));
  return found;
}

Inputs inputs_of(std::span<const fs::path> files) {
  Inputs inputs;
  for (const auto& file : files) inputs.all.push_back({.file = file, .id = "", .columns = {}});
  return inputs;
}

Inputs find_inputs(const InputRequest& request, ProtectedFiles& files) {
  Inputs inputs{.all = {}, .shard = request.shard, .columns = {}};
  std::vector<InputVideo> named;
  for (const auto& name : request.named) add_named(name, named);
  std::unordered_set<std::string> known_columns;
  for (const auto& list : request.lists) {
    files.protect(named_input(list));
    auto more = read_input_list(list, request.columns);
    named.insert(named.end(), std::make_move_iterator(more.videos.begin()), std::make_move_iterator(more.videos.end()));
    for (auto& column : more.columns) {
      if (known_columns.insert(column).second) inputs.columns.push_back(std::move(column));
    }
  }
  if (named.empty() && request.lists.empty()) {
    throw UsageError("VIDEO is required: name videos, folders with videos, or a list of them with --files-from");
  }
  if (named.empty()) throw UsageError("--files-from " + request.lists.front().native() + " names no video");

  for (auto& input : named) {
    std::error_code ignored;
    if (fs::is_directory(input.file, ignored)) {
      std::ranges::move(videos_in(input, request.is_recursive), std::back_inserter(inputs.all));
    } else {
      inputs.all.push_back(std::move(input));
    }
  }
  for (const auto& video : inputs.all) protect_video(video.file, files);
  if (request.name.empty()) return inputs;
  if (inputs.all.size() != 1) {
    throw UsageError("--name " + request.name + " names one video, but there are " + std::to_string(inputs.all.size()));
  }
  inputs.all.front().id = request.name;
  return inputs;
}

void check_no_folder(const InputVideo& input) {
  std::error_code error;
  const auto& name = input.file.native();
  if (!fs::is_directory(input.file, error)) return;
  const fs::directory_iterator readable(input.file, error);
  if (error) {
    const auto code =
        error == std::errc::permission_denied ? transnet::ErrorCode::permission_denied : transnet::ErrorCode::io;
    throw transnet::Error(code, name + ": " + error.message());
  }
  const auto count = input.unsearched_folders;
  throw transnet::Error(transnet::ErrorCode::io,
                        name + ": the folder holds no video" + (count > 0 ? "; " + unsearched_text(count, "it") : ""));
}

void check_no_pipe(const fs::path& input, const std::string& what) {
  if (!transnet::base::is_read_once(input)) return;
  throw transnet::Error(transnet::ErrorCode::unsupported, input.native() + ": a pipe can be read only once, but " +
                                                              what + " must read it twice: save it to a file first");
}

}  // namespace command
