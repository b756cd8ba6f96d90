// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "formats/json_text.hpp"
#include "transnet/clip_extractor.hpp"

/// The progress of a run: a bar on a terminal, or lines for programs (docs/batches.md).
namespace command {

enum class ProgressMode {
  automatic,  ///< a bar if standard error is a terminal, otherwise nothing
  none,
  json,      ///< objects on standard error
  kdenlive,  ///< "percentage: 30" on standard error, as melt writes it
  shotcut,   ///< "progress = 30%" on standard output
};

/// The place of the progress display, updated only as often as people and programs need it.
class ProgressOutput {
 public:
  explicit ProgressOutput(ProgressMode mode);
  /// Removes the bar.
  ~ProgressOutput();
  ProgressOutput(const ProgressOutput&) = delete;
  ProgressOutput& operator=(const ProgressOutput&) = delete;

  [[nodiscard]] bool is_bar() const noexcept { return is_bar_; }
  [[nodiscard]] bool is_json() const noexcept { return mode_ == ProgressMode::json; }
  /// Lines with a number from 0 to 100, and nothing else.
  [[nodiscard]] bool is_percent() const noexcept {
    return mode_ == ProgressMode::kdenlive || mode_ == ProgressMode::shotcut;
  }
  /// Lines for programs, in any form.
  [[nodiscard]] bool has_lines() const noexcept { return is_json() || is_percent(); }
  /// Whether a display exists and the last update was long enough ago.
  [[nodiscard]] bool is_due() const;
  /// Shows "label [###-------] 30%  text". A negative share means unknown: then only the label and the text appear.
  void show_bar(const std::string& label, double share, const std::string& text);
  void show_json(const Json& object);
  /// Shows each number once.
  void show_percent(double share);

 private:
  void remember_showing();

  ProgressMode mode_;
  bool is_bar_;
  bool has_shown_ = false;
  int percent_ = -1;
  std::chrono::steady_clock::time_point last_;
};

/// The videos of a run. Any number of threads may report them.
class VideoProgress {
 public:
  VideoProgress(ProgressMode mode, std::size_t videos);

  /// A video in progress, as long as this lives.
  class Video {
   public:
    Video(VideoProgress& progress, std::string name);
    ~Video();
    Video(const Video&) = delete;
    Video& operator=(const Video&) = delete;

    void show(const transnet::Progress& now);
    /// Of a run that shows its progress here, and ends on `stop`. This must outlive the run.
    [[nodiscard]] transnet::RunControl control(std::stop_token stop);

   private:
    friend VideoProgress;
    VideoProgress& progress_;
    std::string name_;
    transnet::Progress now_;
  };

 private:
  struct Figures;

  // Call with the mutex held.
  void show();
  [[nodiscard]] Figures figures() const;
  void show_bar(const Figures& figures);
  void show_json(const Figures& figures);

  std::mutex mutex_;
  ProgressOutput output_;
  const std::size_t videos_;
  std::size_t done_videos_ = 0;
  std::vector<const Video*> running_;
  std::int64_t done_frames_ = 0;
  double done_s_ = 0.0;  // duration of those frames
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// A file download.
class DownloadProgress {
 public:
  DownloadProgress(ProgressMode mode, std::string name) : output_(mode), name_(std::move(name)) {}

  /// `total_bytes` 0 = unknown.
  void show(std::int64_t done_bytes, std::int64_t total_bytes);

 private:
  ProgressOutput output_;
  std::string name_;
};

}  // namespace command
