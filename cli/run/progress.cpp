// SPDX-License-Identifier: Apache-2.0
#include "run/progress.hpp"

#include <spdlog/fmt/fmt.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "base/number_text.hpp"
#include "base/seconds_since.hpp"
#include "formats/text.hpp"
#include "run/console.hpp"

namespace command {
namespace {

using std::chrono::steady_clock;
using transnet::seconds_since;

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// The first characters of a UTF-8 text: a bar must fit on one line, because only one line can be cleared.
std::string shortened(std::string_view text, std::size_t characters) {
  std::size_t bytes = 0;
  for (std::size_t count = 0; bytes < text.size(); ++bytes) {
    const bool continues = (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U;
    if (!continues && count++ == characters) break;
  }
  return std::string(text.substr(0, bytes));
}

/// "0:07", "1:02:03"
std::string clock(double seconds) {
  const auto total = static_cast<std::int64_t>(std::min(std::ceil(seconds), 1e9));
  const auto hours = total / 3600;
  if (hours == 0) return fmt::format("{}:{:02}", total / 60, total % 60);
  return fmt::format("{}:{:02}:{:02}", hours, total / 60 % 60, total % 60);
}

Json or_null(const std::optional<double>& value) { return value ? Json(transnet::thousandths(*value)) : Json(); }

/// Ignores write errors, as for messages: they do not make a result worse.
void say(const std::string& text) { (void)std::fputs(text.c_str(), stderr); }

}  // namespace

ProgressOutput::ProgressOutput(ProgressMode mode)
    : mode_(mode), is_bar_(mode == ProgressMode::automatic && stderr_is_terminal()) {}

ProgressOutput::~ProgressOutput() {
  if (is_bar_ && has_shown_) (void)std::fputs(clear_line.data(), stderr);
}

bool ProgressOutput::is_due() const {
  if (!is_bar_ && !has_lines()) return false;
  constexpr double bar_interval_s = 0.1;
  constexpr double line_interval_s = 0.5;
  return !has_shown_ || seconds_since(last_) >= (is_bar_ ? bar_interval_s : line_interval_s);
}

void ProgressOutput::show_bar(const std::string& label, double share, const std::string& text) {
  constexpr int cells = 20;
  const auto columns = terminal_columns() - 1;  // some terminals wrap at the last column
  std::string tail = (label.empty() ? "" : "  ") + text;
  if (share >= 0.0) {
    share = std::min(share, 1.0);
    const std::string filled(static_cast<std::size_t>(share * cells), '#');
    tail = fmt::format("{}[{:-<{}}] {:3.0f}%  {}", label.empty() ? "" : "  ", filled, cells, share * 100.0, text);
  }
  const auto line = shortened(label, columns - std::min(columns, tail.size())) + tail;
  say(std::string(clear_line) + shortened(line, columns));
  remember_showing();
}

void ProgressOutput::show_json(const Json& object) {
  say(to_line(object) + "\n");
  remember_showing();
}

void ProgressOutput::show_percent(double share) {
  const auto percent = static_cast<int>(std::clamp(share, 0.0, 1.0) * 100.0);
  if (percent != std::exchange(percent_, percent)) {
    if (mode_ == ProgressMode::kdenlive) say(fmt::format("percentage: {}\n", percent));
    if (mode_ == ProgressMode::shotcut) {
      (void)std::fputs(fmt::format("progress = {}%\n", percent).c_str(), stdout);
      (void)std::fflush(stdout);
    }
  }
  remember_showing();
}

void ProgressOutput::remember_showing() {
  has_shown_ = true;
  last_ = steady_clock::now();
}

struct VideoProgress::Figures {
  double frames_per_s = 0.0;
  std::optional<double> speed;  // relative to the playing time of the videos
  std::optional<double> share;  // of the work of this run
  std::optional<double> eta_s;
};

VideoProgress::VideoProgress(ProgressMode mode, std::size_t videos) : output_(mode), videos_(videos) {}

VideoProgress::Video::Video(VideoProgress& progress, std::string name) : progress_(progress), name_(std::move(name)) {
  const std::lock_guard lock(progress_.mutex_);
  progress_.running_.push_back(this);
  if (progress_.output_.is_due()) progress_.show();
}

VideoProgress::Video::~Video() {
  try {
    const std::lock_guard lock(progress_.mutex_);
    std::erase(progress_.running_, this);
    ++progress_.done_videos_;
    // A program is told the end of every video; on a terminal, the bar is about to change or go.
    if (progress_.output_.has_lines()) progress_.show();
  } catch (const std::exception&) {
    // Without memory for a progress line, the video continues without it.
    return;
  }
}

transnet::RunControl VideoProgress::Video::control(std::stop_token stop) {
  return {.stop = std::move(stop), .on_progress = [this](const transnet::Progress& now) { show(now); }};
}

void VideoProgress::Video::show(const transnet::Progress& now) {
  const std::lock_guard lock(progress_.mutex_);
  const auto frames = now.done_frames - now_.done_frames;
  progress_.done_frames_ += frames;
  if (now.framerate > 0.0) progress_.done_s_ += static_cast<double>(frames) / now.framerate;
  now_ = now;
  if (progress_.output_.is_due()) progress_.show();
}

void VideoProgress::show() {
  const auto now = figures();
  if (output_.is_bar()) show_bar(now);
  if (output_.is_json()) show_json(now);
  if (output_.is_percent() && now.share) output_.show_percent(*now.share);
}

VideoProgress::Figures VideoProgress::figures() const {
  const double elapsed_s = std::max(seconds_since(start_), 1e-3);
  Figures figures{.frames_per_s = static_cast<double>(done_frames_) / elapsed_s};
  if (done_s_ > 0.0) figures.speed = done_s_ / elapsed_s;

  auto videos = static_cast<double>(done_videos_);
  bool is_known = videos_ > 1 || done_videos_ == videos_;  // with many videos, the progress within one matters little
  for (const auto* video : running_) {
    if (video->now_.expected_frames <= 0) continue;
    is_known = true;
    const auto done = static_cast<double>(video->now_.done_frames);
    videos += std::min(done / static_cast<double>(video->now_.expected_frames), 1.0);
  }
  if (is_known) figures.share = videos / static_cast<double>(videos_);
  if (is_known && *figures.share > 0.0) figures.eta_s = elapsed_s * (1.0 - *figures.share) / *figures.share;
  return figures;
}

void VideoProgress::show_bar(const Figures& figures) {
  if (running_.empty()) return;
  std::string text;
  if (videos_ > 1) text += fmt::format("{} of {} videos  ", done_videos_, videos_);
  if (figures.eta_s) text += fmt::format("ETA {}  ", clock(*figures.eta_s));
  text += fmt::format("{:.0f} frames/s", figures.frames_per_s);
  if (figures.speed) text += fmt::format("  {:.1f}x", *figures.speed);
  output_.show_bar(videos_ > 1 ? "" : printable(running_.front()->name_), figures.share.value_or(-1.0), text);
}

void VideoProgress::show_json(const Figures& figures) {
  Json running = Json::array();
  for (const auto* video : running_) {
    const auto& now = video->now_;
    running.push_back({{"video", video->name_},
                       {"done_frames", now.done_frames},
                       {"expected_frames", now.expected_frames > 0 ? Json(now.expected_frames) : Json()}});
  }
  output_.show_json({{"event", "progress"},
                     {"done_videos", done_videos_},
                     {"videos", videos_},
                     {"done_frames", done_frames_},
                     {"elapsed_s", or_null(seconds_since(start_))},
                     {"frames_per_s", or_null(figures.frames_per_s)},
                     {"speed", or_null(figures.speed)},
                     {"eta_s", or_null(figures.eta_s)},
                     {"running", std::move(running)}});
}

void DownloadProgress::show(std::int64_t done_bytes, std::int64_t total_bytes) {
  if (!output_.is_due() || output_.is_percent()) return;
  if (output_.is_json()) {
    output_.show_json({{"event", "download"},
                       {"file", name_},
                       {"done_bytes", done_bytes},
                       {"total_bytes", total_bytes > 0 ? Json(total_bytes) : Json()}});
    return;
  }
  const double share = total_bytes > 0 ? static_cast<double>(done_bytes) / static_cast<double>(total_bytes) : -1.0;
  output_.show_bar(name_, share, fmt::format("{:.1f} MB", static_cast<double>(done_bytes) / 1e6));
}

}  // namespace command
