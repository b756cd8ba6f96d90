#include "clip_names.hpp"

#include <spdlog/fmt/fmt.h>

#include <set>
#include <utility>
#include <vector>

#include "exit_status.hpp"

namespace command {
namespace {

Entry example(const std::filesystem::path& video, std::int64_t frame) {
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

}  // namespace

ClipNames::ClipNames(std::string pattern, std::span<const std::filesystem::path> videos)
    : pattern_(std::move(pattern)) {
  // Two clips that have nothing in common but the video, and the same clip of every video.
  std::set<std::string> names;
  for (const auto& video : videos) {
    const auto first = name(video, 1, example(video, 0));
    if (first.empty() || first.find('/') != std::string::npos || first == "." || first == "..") {
      throw UsageError("--name " + pattern_ + ": '" + first +
                       "' is no name of a file; --output-dir says in which folder");
    }
    if (first == name(video, 2, example(video, 1000))) {
      throw UsageError("--name " + pattern_ + ": all clips of a video would have one name; {index} sets them apart");
    }
    if (!names.insert(first).second) {
      throw UsageError("--name " + pattern_ + ": two videos would have clips of one name, such as '" + first +
                       "'; {uuid} sets them apart");
    }
  }
}

std::string ClipNames::name(const std::filesystem::path& video, std::size_t index, const Entry& entry) const {
  try {
    return fmt::format(fmt::runtime(pattern_), fmt::arg("stem", video.stem().native()), fmt::arg("index", index),
                       fmt::arg("uuid", entry.uuid), fmt::arg("start_frame", entry.start_frame),
                       fmt::arg("end_frame", entry.end_frame), fmt::arg("start_s", entry.start_s),
                       fmt::arg("end_s", entry.end_s));
  } catch (const fmt::format_error& error) {
    throw UsageError("--name " + pattern_ + ": " + error.what() +
                     "; the fields are stem, index, uuid, start_frame, end_frame, start_s and end_s");
  }
}

std::vector<Entry> entries_to_cut(const transnet::VideoClips& video, What what) {
  auto entries = entries_of(video, what);
  for (auto& entry : entries) {
    if (!entry.uuid.empty()) continue;
    entry.uuid = transnet::clip_uuid(video.video, entry.start_frame, entry.end_frame).to_string();
  }
  return entries;
}

}  // namespace command
