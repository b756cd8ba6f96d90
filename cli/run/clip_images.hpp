// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "formats/listed_span.hpp"
#include "io/clip_names.hpp"
#include "io/protected_files.hpp"
#include "run/video_files.hpp"
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

/// The failure of a video that ends before some of its pictures; empty if all were read.
[[nodiscard]] std::optional<transnet::Failure> missing_pictures(const std::filesystem::path& video,
                                                                const transnet::DecodeReport& report);

/// Writes a picture to a file that appears once it is complete. Numbers as of `encode_picture`. @throws transnet::Error
void write_image(const transnet::Picture& picture, transnet::ImageFormat format, int quality,
                 const std::filesystem::path& file, bool overwrites, int pixels_per_inch = 0);

/// Pictures of clips, each in its own file.
class ClipImages : public VideoFiles {
 public:
  /// `files` must outlive the pictures.
  /// @throws UsageError as `ImageNames`, transnet::Error if the folder cannot be made or is not writable.
  ClipImages(ImageRequest request, const Inputs& inputs, ProtectedFiles& files);

  [[nodiscard]] std::string_view option() const noexcept override { return "save-images"; }
  [[nodiscard]] Json settings() const override;
  void check(std::size_t number, const std::filesystem::path& video, const std::stop_token& stop) const override;
  [[nodiscard]] std::optional<transnet::Failure> write(const AnalysedVideo& video,
                                                       const std::stop_token& stop) const override;

 private:
  void claim(const std::filesystem::path& file) const;

  ImageRequest request_;
  ImageNames names_;
  ProtectedFiles& files_;
};

}  // namespace command
