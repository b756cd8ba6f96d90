// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.hpp"
#include "io/done_videos.hpp"
#include "io/in_order.hpp"
#include "io/output.hpp"
#include "transnet/clips.hpp"

namespace command {

/// Where the results of a run over several videos go. Videos are numbered from 0 in the order in which they were given;
/// their results may come in any other.
class ResultFile {
 public:
  virtual ~ResultFile() = default;
  ResultFile() = default;
  ResultFile(const ResultFile&) = delete;
  ResultFile& operator=(const ResultFile&) = delete;

  /// Before anything else: what shapes results. @throws UsageError, transnet::Error as `ResumeJournal`.
  virtual void start(const Json& /*settings*/) {}
  /// What became of a video in the run before this one; empty where it is still to do.
  [[nodiscard]] virtual std::optional<transnet::Status> done(std::size_t /*video*/) const { return std::nullopt; }
  /// The videos that were done in the run before this one and are other files now: they are to do.
  [[nodiscard]] virtual std::span<const std::size_t> changed() const { return {}; }
  /// Before a video is worked on, so that what cannot be written is no work in vain. @throws transnet::Error
  virtual void begin(std::size_t /*video*/) {}
  /// @throws transnet::Error
  virtual void add(std::size_t video, const transnet::VideoClips& result) = 0;
  /// Once every video was added. @throws transnet::Error
  virtual void finish() {}
};

/// One document for all videos, in their order unless its format has a line for each.
class DocumentFile : public ResultFile {
 public:
  /// @throws transnet::Error as `Output`.
  DocumentFile(const Format& format, SpanKind what, const std::string& file, std::size_t video_count);

  void add(std::size_t video, const transnet::VideoClips& result) override;
  void finish() override;

 private:
  void write(const transnet::VideoClips& result);

  const Format& format_;
  Output output_;
  std::unique_ptr<ClipWriter> writer_;
  InOrder<transnet::VideoClips> in_order_{[this](const transnet::VideoClips& result) { write(result); }};
  bool is_whole_ = true;
};

/// A line for each video, in a part file from the moment on that the video is done, and in the order of the videos in
/// the file itself once all are.
class LinesFile : public ResultFile {
 public:
  /// `videos` must outlive it.
  LinesFile(const Format& format, SpanKind what, std::string file, std::span<const std::filesystem::path> videos,
            bool resumes);

  void start(const Json& settings) override;
  [[nodiscard]] std::optional<transnet::Status> done(std::size_t video) const override { return done_.status(video); }
  [[nodiscard]] std::span<const std::size_t> changed() const override { return done_.changed(); }
  void begin(std::size_t video) override;
  void add(std::size_t video, const transnet::VideoClips& result) override;
  void finish() override;

 private:
  const Format& format_;
  SpanKind what_;
  std::string file_;
  std::span<const std::filesystem::path> videos_;
  bool resumes_;
  std::unique_ptr<ClipWriter> writer_;
  DoneVideos done_;
};

/// The "{stem}" in the name of a file: each video has a file of its own.
inline constexpr std::string_view stem_field = "{stem}";

/// The name of a video's file.
[[nodiscard]] std::string file_of_video(std::string file, const std::filesystem::path& video);

/// A file for each video, which has its name as soon as the video is done. A part file lists those.
class FilePerVideo : public ResultFile {
 public:
  /// `videos` must outlive it. `part_file` empty: there is none.
  FilePerVideo(const Format& format, SpanKind what, std::string file, std::span<const std::filesystem::path> videos,
               std::string part_file, bool resumes);

  void start(const Json& settings) override;
  [[nodiscard]] std::optional<transnet::Status> done(std::size_t video) const override { return done_.status(video); }
  [[nodiscard]] std::span<const std::size_t> changed() const override { return done_.changed(); }
  void begin(std::size_t video) override;
  void add(std::size_t video, const transnet::VideoClips& result) override;
  void finish() override;

 private:
  const Format& format_;
  SpanKind what_;
  std::string file_;
  std::span<const std::filesystem::path> videos_;
  std::string part_file_;
  bool resumes_;
  DoneVideos done_;
  std::map<std::size_t, Output> begun_;
};

}  // namespace command
