#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "formats/entry.hpp"
#include "output.hpp"
#include "transnet/clip_cutter.hpp"

namespace command {

/// A clip that was asked for, and what became of it.
struct SplitClip {
  Entry entry;
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

/// Writes the answer: a table or lines as each video is done, a document of JSON at the end.
class SplitReport {
 public:
  /// The output must outlive the report.
  SplitReport(Output& output, ReportFormat format) : output_(output), format_(format) {}

  void add(const SplitVideo& video);
  /// `video_count` decides whether JSON is one object or an array of them.
  void finish(std::size_t video_count);

 private:
  Output& output_;
  ReportFormat format_;
  std::vector<std::string> documents_;
};

}  // namespace command
