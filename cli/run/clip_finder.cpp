// SPDX-License-Identifier: Apache-2.0
#include "run/clip_finder.hpp"

#include <string>
#include <utility>

#include "io/run_settings.hpp"
#include "run/batch.hpp"

namespace command {

ClipFinder::ClipFinder(const std::vector<std::filesystem::path>& files, transnet::ClipExtractorOptions stage,
                       std::vector<transnet::ModelFile> model_files, const ThreadShares& shares, ProgressMode progress,
                       std::size_t video_count, const std::filesystem::path& cache, const std::stop_token& stop)
    : video_count_(video_count), stage_(std::move(stage)) {
  if (files.empty()) {
    if (!cache.empty()) stage_ = for_any_threshold(std::move(stage_));
    auto& model = model_.emplace(stage_, std::move(model_files), shares.jobs, progress, stop);
    use_threads(stage_, shares.threads);
    extraction_.emplace(stage_, model, cache);
  } else {
    results_file_ = files.front();
    results_ = read_clips(results_file_);
  }
}

Json ClipFinder::settings() {
  if (extraction_) return extraction_settings(stage_, model_->sha256());
  auto settings = reading_settings(stage_.decode);
  settings["clips"] = content_setting(results_file_, results_.sha256);
  return settings;
}

transnet::VideoClips ClipFinder::clips_of(const InputVideo& video, SpanKind what, VideoProgress& progress,
                                          const std::stop_token& stop, const transnet::BorderSnap& snap) {
  if (!extraction_) {
    const auto& clips = result_of(video.name(), results_.videos, video_count_);
    log_warnings(video.name(), clips, what);
    return clips;
  }
  VideoProgress::Video shown(progress, video.name());
  return extraction_->extract(video.file, video.name(), what, shown.control(stop), snap);
}

}  // namespace command
