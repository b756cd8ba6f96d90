// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "decision/decision_option_table.hpp"
#include "options.hpp"
#include "python.hpp"
#include "results.hpp"
#include "transnet/clips.hpp"
#include "transnet/error.hpp"
#include "transnet/scene_rows.hpp"

namespace transnet::python {
namespace {

using Rows = nb::ndarray<const std::int64_t, nb::shape<-1, 2>, nb::c_contig, nb::device::cpu>;

SceneRows rows_of(const Rows& array) {
  SceneRows rows;
  for (std::size_t row = 0; row < array.shape(0); ++row) rows.push_back({array(row, 0), array(row, 1)});
  return rows;
}

Array<std::int64_t> to_python(const SceneRows& rows) {
  std::vector<std::int64_t> values;
  for (const Span& row : rows) values.insert(values.end(), row.begin(), row.end());
  return to_numpy(std::move(values), {rows.size(), 2});
}

MaxLengthMode mode_of(const std::string& name) {
  for (const auto& word : max_length_mode_words) {
    if (word.text == name) return word.value;
  }
  throw Error(ErrorCode::invalid_argument, "max_length_mode is '" + name + "', expected 'stride' or 'truncate'");
}

}  // namespace

void bind_decisions(nb::module_& module) {
  using Length = std::optional<std::int64_t>;
  module.def(
      "get_scenes",
      [](nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu> predictions,
         bool entire_scene_as_clip) {
        return to_python(get_scenes(std::span(predictions.data(), predictions.size()), entire_scene_as_clip));
      },
      nb::arg("predictions"), nb::arg("entire_scene_as_clip"));
  module.def(
      "apply_threshold",
      [](nb::object probabilities, double threshold) {
        std::vector<std::uint8_t> predictions;
        for (const Floats floats = floats_of(probabilities, "probabilities"); const float probability : floats.values) {
          predictions.push_back(static_cast<std::uint8_t>(is_transition(probability, threshold)));
        }
        return to_numpy(std::move(predictions));
      },
      nb::arg("probabilities").none(), nb::arg("threshold"));
  module.def(
      "get_filtered_scenes",
      [](const Rows& scenes, Length min_length, Length max_length, const std::string& mode, Length crop_length) {
        return to_python(get_filtered_scenes(rows_of(scenes), min_length, max_length, mode_of(mode), crop_length));
      },
      nb::arg("scenes"), nb::arg("min_length").none(), nb::arg("max_length").none(), nb::arg("max_length_mode"),
      nb::arg("crop_length").none());
  module.def(
      "crop_scenes",
      [](const Rows& scenes, std::int64_t crop_length) { return to_python(crop_scenes(rows_of(scenes), crop_length)); },
      nb::arg("scenes"), nb::arg("crop_length"));
  module.def(
      "create_spans",
      [](std::int64_t start, std::int64_t end, std::int64_t max_length, Length min_length) {
        return to_python(create_spans(start, end, max_length, min_length));
      },
      nb::arg("start"), nb::arg("end"), nb::arg("max_length"), nb::arg("min_length").none());
  module.def(
      "find_clips",
      [](nb::object predictions, nb::dict keywords, nb::list snap_to, nb::object snap_frames) {
        DecisionOptions options;
        take_options(keywords, options);
        refuse_rest(keywords, "find_clips");
        return to_python(find_clips(predictions_of(predictions), options, snap_of(snap_to, snap_frames)));
      },
      nb::arg("predictions").none(), nb::arg("options"), nb::arg("snap_to"), nb::arg("snap_frames").none());
  module.attr("snap_frames") = BorderSnap().within_frames;
  module.def(
      "clip_uuid",
      [](nb::object video, std::int64_t start_frame, std::int64_t end_frame) {
        return clip_uuid(file_bytes(video), start_frame, end_frame).to_string();
      },
      nb::arg("video").none(), nb::arg("start_frame"), nb::arg("end_frame"));
}

}  // namespace transnet::python
