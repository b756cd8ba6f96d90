#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "formats/listed_span.hpp"
#include "io/output.hpp"
#include "transnet/clip_cutter.hpp"

namespace command {

/// A clip that was asked for, and what became of it.
struct SplitClip {
  ListedSpan entry;
  transnet::CutResult cut;
};

/// What `split` did with one video.
struct SplitVideo {
  std::string video;
  transnet::Status status = transnet::Status::complete;
  std::optional<transnet::Failure> failure;
  transnet::CutMode mode = transnet::CutMode::reencode;
  std::vector<SplitClip> clips;
  std::vector<std::string> warnings;
};

/// How `split` answers.
enum class ReportFormat { table, json, jsonl };

/// Writes the answer, in the order of the videos whichever is done first: a table or lines as soon as it can, a
/// document of JSON at the end.
class SplitReport {
 public:
  /// The output must outlive the report.
  SplitReport(Output& output, ReportFormat format) : output_(output), format_(format) {}

  /// `number`: of the video, from 0.
  void add(std::size_t number, SplitVideo video);
  /// `video_count` decides whether JSON is one object or an array of them.
  void finish(std::size_t video_count);

 private:
  void write(const SplitVideo& video);

  Output& output_;
  ReportFormat format_;
  std::size_t next_ = 0;                     // that is written
  std::map<std::size_t, SplitVideo> early_;  // before it is their turn
  std::vector<std::string> documents_;
};

}  // namespace command
