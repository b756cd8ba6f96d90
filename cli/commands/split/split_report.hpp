// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/listed_span.hpp"
#include "io/in_order.hpp"
#include "io/output.hpp"
#include "transnet/clip_cutter.hpp"

namespace command {

/// A requested clip and its result.
struct SplitClip {
  ListedSpan entry;
  transnet::CutResult cut;
};

/// The result of `split` for one video.
struct SplitVideo {
  std::string video;
  transnet::Status status = transnet::Status::complete;
  std::optional<transnet::Failure> failure;
  transnet::CutMode mode = transnet::CutMode::reencode;
  std::vector<SplitClip> clips;
  std::vector<std::string> warnings;
};

/// The output formats of `split`.
enum class ReportFormat { table, json, jsonl };

/// Its word in options.
[[nodiscard]] constexpr std::string_view to_string(ReportFormat format) noexcept {
  switch (format) {
    case ReportFormat::table: return "table";
    case ReportFormat::json: return "json";
    case ReportFormat::jsonl: return "jsonl";
  }
  return "";
}

/// Writes the report in the order of the videos, whichever finishes first: a table or lines as soon as possible, a JSON
/// document at the end.
class SplitReport {
 public:
  /// The output must outlive the report.
  SplitReport(Output& output, ReportFormat format) : output_(output), format_(format) {}

  /// The report's text on one video.
  [[nodiscard]] std::string text_of(const SplitVideo& video) const;
  /// `number`: of the video, from 0. `text`: from `text_of`.
  void add(std::size_t number, std::string text);
  /// `video_count` decides whether JSON is one object or an array of them.
  void finish(std::size_t video_count);

 private:
  void write(std::string&& text);

  Output& output_;
  ReportFormat format_;
  InOrder<std::string> in_order_{[this](std::string&& text) { write(std::move(text)); }};
  std::vector<std::string> documents_;
};

}  // namespace command
