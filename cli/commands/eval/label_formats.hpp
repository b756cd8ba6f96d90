// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "commands/eval/labelled_video.hpp"
#include "formats/json_text.hpp"

/// The readers of formats, one file each. A mistake in one of several videos becomes its `LabelledVideo::mistake`; any
/// other mistake is thrown as `Mistake`. `video` has the file and its name and receives the rest.
namespace command {

/// The content shows no format of labels.
class UnknownFormat : public Mistake {
 public:
  using Mistake::Mistake;
};

/// {"video", "frames", "framerate", "transitions": [{"kind", "first", "last"}], "uncertain": [{"first", "last"}]}.
/// `first` is the last frame of the shot before, `last` the first frame of the shot after. Uncertain frames: `first` to
/// `last`. All are counted from 0; only the transitions are required.
void read_truth_json(const Json& json, LabelledVideo& video);

/// ClipShots: {"NAME": {"transitions": [[last, first], ...], "frame_num": N}, ...}, as its annotations, or
/// {"NAME": {"cut": [...], "gradual": [...]}, ...}, as the results that its scorer reads.
[[nodiscard]] std::vector<LabelledVideo> read_clipshots_json(const Json& json, const std::filesystem::path& file);

/// An object of `transnet clips --format json`.
void read_clips_json(const Json& json, LabelledVideo& video);

/// AutoShot's `kuaishou_v2.txt`: blocks of a line "NAME.mp4 LAST_FRAME" (the number can be missing) and lines
/// "last,first", "last first" or "[last,first]".
[[nodiscard]] std::vector<LabelledVideo> read_autoshot_list(const std::string& text, const std::filesystem::path& file);

/// Lines "first last" of scenes, both inclusive. `first_number` is the number of a video's first frame: 0 for RAI and
/// for TransNetV2's own `scenes.txt`, -1 for BBC.
void read_scene_list(const std::string& text, std::int64_t first_number, LabelledVideo& video);

/// CSV of PySceneDetect's `list-scenes` or of `transnet clips --format csv`, with a row for each scene, shot or
/// transition.
[[nodiscard]] std::vector<LabelledVideo> read_scene_csv(const std::string& text, const std::filesystem::path& file);

}  // namespace command
