// SPDX-License-Identifier: Apache-2.0
#include "io/done_videos.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

#include "base/sha256.hpp"
#include "io/output.hpp"
#include "io/video_names.hpp"
#include "run/cache/file_state.hpp"
#include "run/exit_status.hpp"

namespace command {
namespace {

/// The video's name in a part file. Results also depend on the id and the columns from a list.
std::string key_of(const InputVideo& video) {
  if (video.id.empty() && video.columns.is_empty()) return video.file.native();
  return video.file.native() + "\t" + transnet::base::sha256_of(video.id + '\0' + video.columns.bytes());
}

using Entry = ResumeJournal::Entry;

/// The part of an entry's name behind the last tab.
std::string_view destination_of(std::string_view name) { return name.substr(name.rfind('\t') + 1); }

/// The last entry of each destination, whose file has the result of that entry, not of the ones before.
using Holders = std::unordered_map<std::string_view, const Entry*>;

Holders holders_of(const std::vector<Entry>& entries) {
  Holders last;
  for (const auto& entry : entries) last[destination_of(entry.video)] = &entry;
  return last;
}

/// A video may get the file of another one, unless that is the only result of a video that is not an input now.
void check_replacements(const Holders& holders, const Inputs& inputs, const std::vector<std::string>& names,
                        const std::vector<std::string>& destinations) {
  std::unordered_set<std::string_view> videos;
  for (std::size_t video = 0; video < inputs.size(); ++video) videos.insert(inputs[video].file.native());
  for (std::size_t video = 0; video < destinations.size(); ++video) {
    const auto holder = holders.find(destination_of(destinations[video]));
    if (holder == holders.end() || holder->second->video == names[video]) continue;
    const auto before = holder->second->video.substr(0, holder->second->video.find('\t'));
    std::error_code ignored;
    if (videos.contains(before) || !std::filesystem::exists(before, ignored) ||
        !std::filesystem::exists(destinations[video], ignored)) {
      continue;
    }
    throw UsageError(
        fmt::format("--resume: {} holds the result of {}, which is not an input now: move it to another "
                    "place, or tell the names apart with {}",
                    destinations[video], before, parent_field));
  }
}

}  // namespace

void DoneVideos::start(const std::filesystem::path& part_file, const Json& settings, const ResumeRequest& resume,
                       const Inputs& inputs, const std::vector<std::string>& files) {
  inputs_ = &inputs;
  for (std::size_t video = 0; video < inputs.size(); ++video) {
    names_.push_back(key_of(inputs[video]) + (files.empty() ? "" : "\t" + files[video]));
  }
  make_folder_of(part_file);
  part_.emplace(part_file, settings, resume.is_given);
  // The journal has two entries for a video that is named twice or that changed and was done again. A video that no
  // longer exists keeps its entry.
  std::unordered_map<std::string_view, std::vector<const Entry*>> by_name;
  const auto holders = files.empty() ? Holders() : holders_of(part_->before());
  check_replacements(holders, inputs, names_, files);
  for (const auto& entry : part_->before()) {
    const bool has_file = files.empty() || holders.at(destination_of(entry.video))->video == entry.video;
    if (has_file) by_name[entry.video].push_back(&entry);
  }
  for (std::size_t video = 0; video < inputs.size(); ++video) {
    auto& entry = entries_.emplace_back();
    const auto of_name = by_name.find(names_[video]);
    if (of_name == by_name.end() || of_name->second.empty()) continue;
    auto& candidates = of_name->second;
    const auto stamp = stamp_of_file(inputs[video].file);
    const auto is_of_file = [&stamp](const Entry* one) { return stamp.empty() || one->stamp == stamp; };
    const auto newest = std::ranges::find_if(candidates.rbegin(), candidates.rend(), is_of_file);
    if (newest == candidates.rend()) {
      changed_.push_back(video);
      continue;
    }
    if (!resume.retries_failed || (*newest)->status != transnet::Status::failed) entry = **newest;
    candidates.erase(std::prev(newest.base()));
  }
}

std::optional<transnet::Status> DoneVideos::status(std::size_t video) const {
  if (!part_ || !entries_[video]) return std::nullopt;
  return entries_[video]->status;
}

std::string DoneVideos::text(std::size_t video) const { return part_->read(*entries_[video]); }

void DoneVideos::begin(std::size_t video) {
  if (part_) stamps_[video] = stamp_of_file((*inputs_)[video].file);
}

void DoneVideos::add(std::size_t video, transnet::Status status, std::string_view text) {
  if (!part_) return;
  entries_[video] = part_->append(names_[video], stamps_.extract(video).mapped(), status, text);
}

void DoneVideos::finish() {
  if (part_) part_->finish();
}

bool take_files_of_done(std::span<const std::filesystem::path> written, std::string_view kind, std::string_view option,
                        ProtectedFiles& files) {
  const auto is_there = [](const std::filesystem::path& file) {
    std::error_code ignored;
    return std::filesystem::exists(file, ignored);
  };
  if (!std::ranges::all_of(written, is_there)) return false;
  for (const auto& file : written) files.claim(file, kind, option);
  return true;
}

std::string join_cells(std::span<const std::string> cells) {
  std::string text;
  for (const auto& cell : cells) text += (text.empty() ? "" : "\t") + escape_line(cell);
  return text;
}

std::vector<std::string> split_cells(std::string_view text) {
  std::vector<std::string> cells;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\t', begin), text.size());
    cells.push_back(unescape_line(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return cells;
}

}  // namespace command
