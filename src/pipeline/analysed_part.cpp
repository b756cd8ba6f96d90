// SPDX-License-Identifier: Apache-2.0
#include "pipeline/analysed_part.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "pipeline/second_look.hpp"
#include "transnet/windows.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

// The frames after the part that its last windows need, in multiples of the grid: a window reaches 75 frames beyond its
// first answer.
constexpr std::int64_t tail_grids = 2;

}  // namespace

AnalysedPart::AnalysedPart(const DecodeOptions& options, int frame_step, bool has_second_look)
    : options_(options),
      grid_frames_(window_stride * std::int64_t{frame_step} * (has_second_look ? second_look_step : 1)),
      // It also looks at slow transitions as a whole, which may begin before the part.
      lead_grids_(has_second_look ? 2 : 1),
      part_(options) {}

DecodeOptions AnalysedPart::decode_options() const {
  DecodeOptions result = options_;
  result.margin_frames = std::max(lead_grids_ + 1, tail_grids) * grid_frames_;
  return result;
}

void AnalysedPart::take(const Frame& frame, const Push& push) {
  const std::int64_t number = number_++;
  switch (part_.place_of_next(frame.time_s)) {
    case media::VideoPart::Place::before:
      if (std::ssize(before_) == (lead_grids_ + 1) * grid_frames_) before_.pop_front();
      if (frame.has_picture) before_.push_back(frame.rgb);
      return;
    case media::VideoPart::Place::inside:
      if (!has_begun_) {
        has_begun_ = true;
        first_ = number;
        // Damage can leave fewer pictures.
        first_pushed_ =
            std::max(number / grid_frames_ * grid_frames_ - lead_grids_ * grid_frames_, number - std::ssize(before_));
        for (auto kept = before_.end() - lead_frames(); kept != before_.end(); ++kept) push(*kept);
        before_.clear();
      }
      end_ = number + 1;
      push(frame.rgb);
      return;
    case media::VideoPart::Place::behind:
      has_ended_ = true;
      if (frame.has_picture && number < end_ + tail_grids * grid_frames_) push(frame.rgb);
      return;
  }
}

std::int64_t AnalysedPart::done_frames(std::int64_t answers) const noexcept {
  return std::clamp<std::int64_t>(answers - lead_frames(), 0, end_ - first_);
}

std::optional<std::int64_t> AnalysedPart::needed_answers() const noexcept {
  if (!has_ended_) return std::nullopt;
  return end_ - first_pushed_;
}

void AnalysedPart::place(const ShotProbabilities& answers, VideoPredictions& predictions) const {
  const Timeline& timeline = predictions.timeline;
  const std::int64_t count = timeline.frame_count();
  if (!has_begun_) media::refuse_part(predictions.video, options_, timeline.start_s(count));
  const auto place = [&](const std::vector<float>& part, std::vector<float>& whole) {
    if (part.empty()) return;
    whole.resize(static_cast<std::size_t>(count));
    std::copy_n(part.begin() + lead_frames(), end_ - first_, whole.begin() + first_);
  };
  place(answers.single, predictions.single);
  place(answers.many_hot, predictions.many_hot);
  predictions.analysed = TimeSpan{first_, end_, timeline.start_s(first_), timeline.start_s(end_)};
}

}  // namespace transnet::inline TRANSNET_ABI
