// SPDX-License-Identifier: Apache-2.0
#include "lists/shot_list.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include "base/counted.hpp"
#include "base/sha256.hpp"
#include "formats/format.hpp"
#include "formats/text.hpp"
#include "io/clips_file.hpp"
#include "io/mistake.hpp"
#include "io/open_input.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

/// "csv", "json", "jsonl", "edl" or "otio". Other formats have the same endings and hold no shots: markers, for
/// example.
std::string_view format_name(const std::filesystem::path& file) {
  constexpr std::array<std::string_view, 5> readable = {"csv", "json", "jsonl", "edl", "otio"};
  for (const auto* format : formats_of(file)) {
    const auto* found = std::ranges::find(readable, format->name);
    if (found != readable.end()) return *found;
  }
  throw UsageError(
      fmt::format("--shots {}: this ending names no list that can be read: {}", file.native(), shot_list_endings));
}

/// The parts of a result of `transnet clips`, whose frames may have been edited.
ShotListFile read_results(const std::filesystem::path& file, SpanKind what) {
  auto results = read_clips(file);
  ShotListFile found{.lists = {}, .sha256 = std::move(results.sha256)};
  for (const auto& result : results.videos) {
    if (result.status == transnet::Status::failed) {
      throw Mistake("\"" + result.video + "\"", "the result of a video that failed holds no shots");
    }
    std::vector<ListedShot> shots;
    for (const auto& entry : entries_of(result, what)) {
      shots.push_back({lower_case(entry.label), entry.start_frame, entry.end_frame});
    }
    found.lists.push_back({result.video, result.status, result.failure,
                           [shots = std::move(shots)](const ListedVideo& /*video*/) { return shots; }});
  }
  return found;
}

ShotListFile read_text(const std::filesystem::path& file, std::string_view format) {
  const auto text = read_input(file);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Mistake("the file", "its encoding is UTF-16: save it as UTF-8");
  }
  const auto read = format == "csv" ? read_csv_shots : format == "edl" ? read_edl_shots : read_otio_shots;
  return {read(text), transnet::base::sha256_of(text)};
}

void check_videos(const std::vector<ShotList>& lists) {
  std::set<std::string> names;
  for (const auto& list : lists) {
    if (!names.insert(list.video).second) throw Mistake("\"" + list.video + "\"", "the list has this video twice");
  }
}

void check_order(const ListedShot& shot, const ListedShot& before) {
  if (shot.start_frame >= before.end_frame) return;
  if (shot.end_frame <= before.start_frame) {
    throw Mistake(shot.place, "the shot lies before the one of " + before.place + ": put the shots in their order");
  }
  throw Mistake(shot.place, "the shot overlaps the one of " + before.place);
}

void check_end(const ListedShot& shot, std::int64_t frame_count) {
  if (shot.end_frame <= frame_count) return;
  throw Mistake(shot.place, fmt::format("the shot ends {} after the end of the video, which has {}",
                                        transnet::base::counted(shot.end_frame - frame_count, "frame"), frame_count));
}

/// The start of a frame, also behind the last one of a damaged video.
double start_s(const transnet::Timeline& timeline, std::int64_t frame) {
  const auto beyond = std::max<std::int64_t>(0, frame - timeline.frame_count());
  return timeline.start_s(frame) + static_cast<double>(beyond) / timeline.framerate();
}

}  // namespace

ShotListKind kind_of_shot_list(const std::filesystem::path& file) {
  const auto format = format_name(file);
  if (format == "csv") return ShotListKind::table;
  return format == "edl" || format == "otio" ? ShotListKind::timeline : ShotListKind::result;
}

ShotListFile read_shot_lists(const std::filesystem::path& file, SpanKind what) {
  try {
    auto found =
        kind_of_shot_list(file) == ShotListKind::result ? read_results(file, what) : read_text(file, format_name(file));
    check_videos(found.lists);
    return found;
  } catch (const Mistake& mistake) {
    throw transnet::Error(transnet::ErrorCode::invalid_argument, file.native() + ": " + mistake.what());
  }
}

ShotsInVideo shots_in(const ShotList& list, const ListedVideo& video) {
  const auto& timeline = video.frames.timeline;
  const auto shots = list.shots(video);
  ShotsInVideo found;
  for (std::size_t i = 0; i < shots.size(); ++i) {
    const auto& shot = shots[i];
    if (shot.start_frame >= shot.end_frame) throw Mistake(shot.place, "the shot has no frame");
    if (i > 0) check_order(shot, shots[i - 1]);
    if (video.frames.status == transnet::Status::complete) check_end(shot, timeline.frame_count());
    if (shot.start_frame >= timeline.frame_count()) {
      ++found.behind_end;
      continue;
    }
    found.spans.push_back(
        {shot.start_frame, shot.end_frame, start_s(timeline, shot.start_frame), start_s(timeline, shot.end_frame)});
  }
  return found;
}

}  // namespace command
