// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "formats/clip_writer.hpp"
#include "formats/format_options.hpp"
#include "formats/listed_span.hpp"
#include "transnet/clips.hpp"

namespace command {

/// Makes the writer of a format that holds any number of videos.
using MakeWriter = std::unique_ptr<ClipWriter> (*)(const ResultSet& results);
/// Writes a format that holds one video. Every entry has at least one frame.
using WriteVideo = std::string (*)(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);
/// The same for a format that has options.
using WriteWithOptions = std::string (*)(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                         const FormatOptions& options);

struct Format {
  std::string_view name;
  std::vector<std::string_view> endings;  ///< of its files, in lower case
  std::variant<MakeWriter, WriteVideo, WriteWithOptions> write;
  SpanKind what = SpanKind::clips;        ///< its default content
  std::vector<std::string_view> options;  ///< the names of the `FormatOptions` that it uses
  /// Throws UsageError if the format cannot hold the name of a video; empty = it holds any name.
  void (*check_name)(const std::filesystem::path& video) = nullptr;

  /// Throws UsageError if the format cannot hold the options; empty = it holds all.
  void (*check_options)(const FormatOptions& options) = nullptr;

  bool is_line_for_each = false;  ///< its videos can have any order, and each is written as soon as it is done

  [[nodiscard]] bool uses(std::string_view option) const { return std::ranges::find(options, option) != options.end(); }
  [[nodiscard]] bool holds_one_video() const { return !std::holds_alternative<MakeWriter>(write); }
};

[[nodiscard]] std::span<const Format> formats();

/// The first format: a table for people.
[[nodiscard]] const Format& table_format();

/// The formats that use the file's ending; if one ending is part of another, the longer one counts.
[[nodiscard]] std::vector<const Format*> formats_of(const std::filesystem::path& file);

[[nodiscard]] std::unique_ptr<ClipWriter> make_clip_writer(const Format& format, const ResultSet& results,
                                                           const FormatOptions& options = {});

}  // namespace command
