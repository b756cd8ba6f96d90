// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
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
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "transnet/clips.hpp"

namespace command {

/// A destination for the results of a run over several videos. Videos are numbered from 0 in the order of the inputs;
/// their results may come in any order.
class ResultFile {
 public:
  virtual ~ResultFile() = default;
  ResultFile() = default;
  ResultFile(const ResultFile&) = delete;
  ResultFile& operator=(const ResultFile&) = delete;

  /// Call it first, with the settings that shape results. @throws UsageError, transnet::Error as `ResumeJournal`.
  virtual void start(const Json& /*settings*/) {}
  /// The video's status from the interrupted run; empty if it is still to do.
  [[nodiscard]] virtual std::optional<transnet::Status> done(std::size_t /*video*/) const { return std::nullopt; }
  /// The videos that the interrupted run finished but that have changed since: they are to do again.
  [[nodiscard]] virtual std::span<const std::size_t> changed() const { return {}; }
  /// Call it before the work on a video, so that an unwritable file is found early. @throws transnet::Error
  virtual void begin(std::size_t /*video*/) {}
  /// @throws transnet::Error
  virtual void add(std::size_t video, const transnet::VideoClips& result, const ResultFacts& facts) = 0;
  /// Call it after the last video. @throws transnet::Error
  virtual void finish() {}
};

/// The form of an output.
struct OutputForm {
  const Format& format;
  SpanKind what;
  FormatOptions options;

  /// `columns`: the names of the columns of all lists.
  [[nodiscard]] std::unique_ptr<ClipWriter> make_writer(std::size_t video_count,
                                                        const std::vector<std::string>& columns) const {
    return make_clip_writer(format, {.what = what, .video_count = video_count, .columns = columns}, options);
  }
};

/// One document for all videos, in their order unless the format has one line per video.
class DocumentFile : public ResultFile {
 public:
  /// @throws transnet::Error as `Output`.
  DocumentFile(const OutputForm& form, const std::string& file, const Inputs& inputs);

  void add(std::size_t video, const transnet::VideoClips& result, const ResultFacts& facts) override;
  void finish() override;

 private:
  struct Made {
    transnet::VideoClips result;
    ResultFacts facts;
  };

  void write(const transnet::VideoClips& result, const ResultFacts& facts);

  OutputForm form_;
  Output output_;
  std::unique_ptr<ClipWriter> writer_;
  InOrder<Made> in_order_{[this](const Made& made) { write(made.result, made.facts); }};
  bool is_whole_ = true;
};

/// One line per video: first in a part file, as soon as the video is done, and at the end in the order of the videos in
/// the file itself.
class LinesFile : public ResultFile {
 public:
  /// `inputs` must outlive it. @throws transnet::Error if the folder cannot be made.
  LinesFile(const OutputForm& form, std::string file, const Inputs& inputs, ResumeRequest resume);

  void start(const Json& settings) override;
  [[nodiscard]] std::optional<transnet::Status> done(std::size_t video) const override { return done_.status(video); }
  [[nodiscard]] std::span<const std::size_t> changed() const override { return done_.changed(); }
  void begin(std::size_t video) override;
  void add(std::size_t video, const transnet::VideoClips& result, const ResultFacts& facts) override;
  void finish() override;

 private:
  [[nodiscard]] bool is_written() const;

  OutputForm form_;
  std::string file_;
  const Inputs& inputs_;
  ResumeRequest resume_;
  std::unique_ptr<ClipWriter> writer_;
  DoneVideos done_;
};

/// A file for each video, which gets its name as soon as the video is done. A part file lists the finished videos.
class FilePerVideo : public ResultFile {
 public:
  /// `files`: of each video. `inputs` must outlive it. `part_file` empty: none.
  /// @throws transnet::Error if a folder cannot be made.
  FilePerVideo(OutputForm form, std::vector<std::string> files, const Inputs& inputs, std::string part_file,
               ResumeRequest resume, bool overwrites);

  void start(const Json& settings) override;
  [[nodiscard]] std::optional<transnet::Status> done(std::size_t video) const override { return done_.status(video); }
  [[nodiscard]] std::span<const std::size_t> changed() const override { return done_.changed(); }
  void begin(std::size_t video) override;
  void add(std::size_t video, const transnet::VideoClips& result, const ResultFacts& facts) override;
  void finish() override;

 private:
  OutputForm form_;
  std::vector<std::string> files_;
  const Inputs& inputs_;
  std::string part_file_;
  ResumeRequest resume_;
  bool overwrites_;
  DoneVideos done_;
  std::map<std::size_t, Output> begun_;
};

}  // namespace command
