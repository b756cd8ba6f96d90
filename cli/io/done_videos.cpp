// SPDX-License-Identifier: Apache-2.0
#include "io/done_videos.hpp"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <unordered_map>

#include "base/sha256.hpp"
#include "io/output.hpp"
#include "run/cache/file_state.hpp"

namespace command {
namespace {

/// The video's name in a part file. Results also depend on the id and the columns from a list.
std::string key_of(const InputVideo& video) {
  if (video.id.empty() && video.columns.is_empty()) return video.file.native();
  return video.file.native() + "\t" + transnet::base::sha256_of(video.id + '\0' + video.columns.bytes());
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
  std::unordered_map<std::string_view, std::vector<const ResumeJournal::Entry*>> by_name;
  for (const auto& entry : part_->before()) by_name[entry.video].push_back(&entry);
  for (std::size_t video = 0; video < inputs.size(); ++video) {
    auto& entry = entries_.emplace_back();
    const auto of_name = by_name.find(names_[video]);
    if (of_name == by_name.end() || of_name->second.empty()) continue;
    auto& candidates = of_name->second;
    const auto stamp = stamp_of_file(inputs[video].file);
    const auto is_of_file = [&stamp](const ResumeJournal::Entry* one) { return stamp.empty() || one->stamp == stamp; };
    const auto last = std::ranges::find_if(candidates.rbegin(), candidates.rend(), is_of_file);
    if (last == candidates.rend()) {
      changed_.push_back(video);
      continue;
    }
    if (!resume.retries_failed || (*last)->status != transnet::Status::failed) entry = **last;
    candidates.erase(std::prev(last.base()));
  }
}

std::optional<transnet::Status> DoneVideos::status(std::size_t video) const {
  if (!part_ || !entries_[video]) return std::nullopt;
  return entries_[video]->status;
}

std::string DoneVideos::text(std::size_t video) const { return part_->read(*entries_[video]); }

bool DoneVideos::holds_a_finished_run() const noexcept {
  return part_ && part_->was_finished() && !has_added_ && part_->before().size() == entries_.size();
}

void DoneVideos::begin(std::size_t video) {
  if (part_) stamps_[video] = stamp_of_file((*inputs_)[video].file);
}

void DoneVideos::add(std::size_t video, transnet::Status status, std::string_view text) {
  if (!part_) return;
  has_added_ = true;
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
