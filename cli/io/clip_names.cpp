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

ListedSpan example(std::string_view video, std::int64_t frame) {
  constexpr double framerate = 25.0;
  const auto start_s = static_cast<double>(frame) / framerate;
  return {"",
          frame,
          frame + 1,
          start_s,
          start_s + 1.0 / framerate,
          transnet::clip_uuid(video, frame, frame + 1).to_string(),
          {}};
}

// Longer than the names of usual videos: all names of a video have the same stem.
constexpr std::int64_t long_frame = 99'999'999;
constexpr std::size_t long_index = 999'999;

/// `own`: further fields of the pattern.
template <typename... Own>
std::string format_name(const std::string& pattern, const VideoName& video, std::size_t index, const ListedSpan& entry,
                        const Own&... own) {
  return fmt::format(fmt::runtime(pattern), fmt::arg("stem", video.stem), fmt::arg("parent", video.parent),
                     fmt::arg("index", index), fmt::arg("uuid", entry.uuid), fmt::arg("start_frame", entry.start_frame),
                     fmt::arg("end_frame", entry.end_frame), fmt::arg("start_s", entry.start_s),
                     fmt::arg("end_s", entry.end_s), own...);
}

/// The folder of a video's files.
std::filesystem::path folder_of(const std::filesystem::path& pattern, const VideoName& video) {
  return with_name(pattern.native(), video);
}

/// The fields of videos. `make(name, index, entry)` gives a name without the ending. Refuses a pattern that gives two
/// clips or videos the same file. `folder_option` names the option for the folder.
template <typename Make>
std::vector<VideoName> checked_names(const std::string& option, std::string_view folder_option,
                                     const std::filesystem::path& folder, const Inputs& inputs,
                                     const EndingOfVideo& ending, Make make) {
  const auto& videos = inputs.all;
  const auto check_file_name = [&](const std::string& name) {
    if (!name.empty() && name.find('/') == std::string::npos && name != "." && name != "..") return;
    throw UsageError(fmt::format("{}: '{}' is not a file name; {} names the folder", option, name, folder_option));
  };
  const auto names = video_names(inputs.names(), [&](const VideoName& name, std::size_t video) {
    auto file = make(name, long_index, example(videos[video].name(), long_frame));
    check_file_name(file);
    return folder_of(folder, name) / (file + ending(videos[video].file));
  });
  // Compares two unrelated clips of each video, and the same clip of all videos.
  std::set<std::filesystem::path> known;
  for (std::size_t video = 0; video < videos.size(); ++video) {
    const auto first = make(names[video], 1, example(videos[video].name(), 0));
    check_file_name(first);
    if (first == make(names[video], 2, example(videos[video].name(), 1000))) {
      throw UsageError(option + ": all clips of a video would have the same name; use {index} to tell them apart");
    }
    if (!known.insert(folder_of(folder, names[video]) / (first + ending(videos[video].file))).second) {
      throw UsageError(
          fmt::format("{}: clips of two videos would have the same name '{}'; use {{stem}} or {{uuid}} to tell them "
                      "apart",
                      option, first));
    }
  }
  return inputs.own(names);
}

/// The first file of each video, if it does not depend on the frames and times of the clip.
template <typename File>
std::vector<std::filesystem::path> known_files(std::size_t video_count, const File& file) {
  std::vector<std::filesystem::path> known;
  for (std::size_t video = 0; video < video_count; ++video) {
    auto first = file(video, example({}, 0));
    if (first == file(video, example({}, long_frame))) known.push_back(std::move(first));
  }
  return known;
}

}  // namespace

ClipNames::ClipNames(std::filesystem::path folder, std::string pattern, const Inputs& inputs,
                     const EndingOfVideo& ending)
    : folder_(std::move(folder)), pattern_(std::move(pattern)) {
  videos_ = checked_names("--name " + pattern_, "--output-dir", folder_, inputs, ending,
                          [this](const VideoName& video, std::size_t index, const ListedSpan& entry) {
                            return without_ending(video, index, entry);
                          });
  for (std::size_t video = 0; video < videos_.size(); ++video) {
    endings_.push_back(ending(inputs[video].file));
    const auto first = file(video, 1, example(inputs[video].name(), 0), endings_[video]);
    examples_.push_back((is_for_each_video(folder_.native()) ? first : first.filename()).native());
  }
}

std::filesystem::path ClipNames::folder(std::size_t video) const { return folder_of(folder_, videos_[video]); }

std::filesystem::path ClipNames::file(std::size_t video, std::size_t index, const ListedSpan& entry,
                                      const std::string& ending) const {
  return folder(video) / (without_ending(videos_[video], index, entry) + ending);
}

std::vector<std::filesystem::path> ClipNames::first_files() const {
  return known_files(videos_.size(), [this](std::size_t video, const ListedSpan& clip) {
    return file(video, 1, clip, endings_[video]);
  });
}

std::string ClipNames::without_ending(const VideoName& video, std::size_t index, const ListedSpan& entry) const {
  try {
    return format_name(pattern_, video, index, entry);
  } catch (const fmt::format_error& error) {
    throw UsageError("--name " + pattern_ + ": " + error.what() +
                     "; the fields are stem, parent, index, uuid, start_frame, end_frame, start_s and end_s");
  }
}

ImageNames::ImageNames(std::filesystem::path folder, std::string pattern, const Inputs& inputs, std::string ending,
                       int count)
    : folder_(std::move(folder)), pattern_(std::move(pattern)), ending_(std::move(ending)) {
  const auto option = "--image-name " + pattern_;
  videos_ = checked_names(
      option, "--save-images", folder_, inputs, [this](const auto&) { return ending_; },
      [this](const VideoName& video, std::size_t index, const ListedSpan& entry) {
        return without_ending(video, index, entry, 1, entry.start_frame);
      });
  if (count == 1 || videos_.empty()) return;
  const auto clip = example(inputs[0].name(), 0);
  if (without_ending(videos_.front(), 1, clip, 1, 0) == without_ending(videos_.front(), 1, clip, 2, 1)) {
    throw UsageError(option + ": all pictures of a clip would have the same name; use {image} to tell them apart");
  }
}

std::filesystem::path ImageNames::file(std::size_t video, std::size_t index, const ListedSpan& entry, std::size_t image,
                                       std::int64_t frame) const {
  return folder_of(folder_, videos_[video]) / (without_ending(videos_[video], index, entry, image, frame) + ending_);
}

std::vector<std::filesystem::path> ImageNames::first_files() const {
  return known_files(videos_.size(), [this](std::size_t video, const ListedSpan& clip) {
    return file(video, 1, clip, 1, clip.start_frame);
  });
}

std::string ImageNames::without_ending(const VideoName& video, std::size_t index, const ListedSpan& entry,
                                       std::size_t image, std::int64_t frame) const {
  try {
    return format_name(pattern_, video, index, entry, fmt::arg("image", image), fmt::arg("frame", frame));
  } catch (const fmt::format_error& error) {
    throw UsageError("--image-name " + pattern_ + ": " + error.what() +
                     "; the fields are stem, parent, index, image, uuid, frame, start_frame, end_frame, start_s and "
                     "end_s");
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
