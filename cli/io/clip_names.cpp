// SPDX-License-Identifier: Apache-2.0
#include "io/clip_names.hpp"

#include <spdlog/fmt/fmt.h>

#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "run/exit_status.hpp"

namespace command {
namespace {

ListedSpan example(const std::filesystem::path& video, std::int64_t frame) {
  constexpr double framerate = 25.0;
  const auto start_s = static_cast<double>(frame) / framerate;
  return {"",
          frame,
          frame + 1,
          start_s,
          start_s + 1.0 / framerate,
          transnet::clip_uuid(video.native(), frame, frame + 1).to_string(),
          {}};
}

/// `own`: further fields of the pattern.
template <typename... Own>
std::string format_name(const std::string& pattern, const std::filesystem::path& video, std::size_t index,
                        const ListedSpan& entry, const Own&... own) {
  return fmt::format(fmt::runtime(pattern), fmt::arg("stem", video.stem().native()), fmt::arg("index", index),
                     fmt::arg("uuid", entry.uuid), fmt::arg("start_frame", entry.start_frame),
                     fmt::arg("end_frame", entry.end_frame), fmt::arg("start_s", entry.start_s),
                     fmt::arg("end_s", entry.end_s), own...);
}

/// Refuses a pattern that gives two clips or videos the same name. `folder_option` names the option for the folder.
template <typename Name>
void check_names(const std::string& option, std::string_view folder_option,
                 std::span<const std::filesystem::path> videos, Name name) {
  // Compares two unrelated clips of each video, and the same clip of all videos.
  std::set<std::string> names;
  for (const auto& video : videos) {
    const auto first = name(video, 1, example(video, 0));
    if (first.empty() || first.find('/') != std::string::npos || first == "." || first == "..") {
      throw UsageError(fmt::format("{}: '{}' is not a file name; {} names the folder", option, first, folder_option));
    }
    if (first == name(video, 2, example(video, 1000))) {
      throw UsageError(option + ": all clips of a video would have the same name; use {index} to tell them apart");
    }
    if (!names.insert(first).second) {
      throw UsageError(fmt::format(
          "{}: clips of two videos would have the same name '{}'; use {{uuid}} to tell them apart", option, first));
    }
  }
}

}  // namespace

ClipNames::ClipNames(std::string pattern, std::span<const std::filesystem::path> videos)
    : pattern_(std::move(pattern)) {
  check_names(
      "--name " + pattern_, "--output-dir", videos,
      [this](const auto& video, std::size_t index, const ListedSpan& entry) { return name(video, index, entry); });
}

std::string ClipNames::name(const std::filesystem::path& video, std::size_t index, const ListedSpan& entry) const {
  try {
    return format_name(pattern_, video, index, entry);
  } catch (const fmt::format_error& error) {
    throw UsageError("--name " + pattern_ + ": " + error.what() +
                     "; the fields are stem, index, uuid, start_frame, end_frame, start_s and end_s");
  }
}

ImageNames::ImageNames(std::string pattern, std::span<const std::filesystem::path> videos, int count)
    : pattern_(std::move(pattern)) {
  const auto option = "--image-name " + pattern_;
  check_names(option, "--save-images", videos, [this](const auto& video, std::size_t index, const ListedSpan& entry) {
    return name(video, index, entry, 1, entry.start_frame);
  });
  if (count == 1 || videos.empty()) return;
  const auto clip = example(videos.front(), 0);
  if (name(videos.front(), 1, clip, 1, 0) == name(videos.front(), 1, clip, 2, 1)) {
    throw UsageError(option + ": all pictures of a clip would have the same name; use {image} to tell them apart");
  }
}

std::string ImageNames::name(const std::filesystem::path& video, std::size_t index, const ListedSpan& entry,
                             std::size_t image, std::int64_t frame) const {
  try {
    return format_name(pattern_, video, index, entry, fmt::arg("image", image), fmt::arg("frame", frame));
  } catch (const fmt::format_error& error) {
    throw UsageError("--image-name " + pattern_ + ": " + error.what() +
                     "; the fields are stem, index, image, uuid, frame, start_frame, end_frame, start_s and end_s");
  }
}

std::vector<ListedSpan> entries_to_cut(const transnet::VideoClips& video, SpanKind what) {
  auto entries = entries_of(video, what);
  for (auto& entry : entries) {
    if (!entry.uuid.empty()) continue;
    entry.uuid = transnet::clip_uuid(video.video, entry.start_frame, entry.end_frame).to_string();
  }
  return entries;
}

}  // namespace command
