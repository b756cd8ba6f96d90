// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json_text.hpp"
#include "formats/listed_span.hpp"
#include "io/clip_names.hpp"
#include "io/protected_files.hpp"
#include "transnet/clips.hpp"
#include "transnet/pictures.hpp"

namespace command {

/// The user's request for pictures of clips.
struct ImageRequest {
  std::filesystem::path folder;  ///< empty: none
  int count = 3;                 ///< of each clip
  transnet::ImageFormat format = transnet::ImageFormat::jpeg;
  int quality = transnet::default_image_quality;
  int max_width = 0;  ///< 0 = no bound
  std::string name = "{stem}-{index:04}-{image}";
  bool overwrites = false;
};

/// ".jpg", ".png", ".webp"
[[nodiscard]] std::string_view ending_of(transnet::ImageFormat format) noexcept;

/// `count` different frames at equal distances from the first to the last one of the entry, or all if it has fewer; for
/// one, the middle frame.
[[nodiscard]] std::vector<std::int64_t> spread_frames(const ListedSpan& entry, int count);

/// Writes a picture to a file that appears once it is complete. @throws transnet::Error
void write_image(const transnet::Picture& picture, transnet::ImageFormat format, int quality,
                 const std::filesystem::path& file, bool overwrites);

/// Writes pictures of clips, each to its own file. Any number of threads may call it at once.
class ClipImages {
 public:
  /// `files` must outlive the pictures.
  /// @throws UsageError as `ImageNames`, transnet::Error if the folder cannot be made or is not writable.
  ClipImages(ImageRequest request, const Inputs& inputs, ProtectedFiles& files);

  /// The settings that shape the pictures, in words.
  [[nodiscard]] Json settings() const;

  /// Writes the pictures of the result. `number`: of the video in its shard. If they fail, the video has failed; if the
  /// video ends before some of them, it is partial.
  /// @throws transnet::Error(cancelled)
  void save(std::size_t number, const std::filesystem::path& video, SpanKind what,
            const transnet::DecodeOptions& decode, const std::stop_token& stop, transnet::VideoClips& found) const;

 private:
  [[nodiscard]] transnet::DecodeReport write(std::size_t number, const std::filesystem::path& video,
                                             const std::vector<ListedSpan>& entries,
                                             const transnet::DecodeOptions& decode, const std::stop_token& stop) const;
  void claim(const std::filesystem::path& file) const;

  ImageRequest request_;
  ImageNames names_;
  ProtectedFiles& files_;
};

}  // namespace command
