// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "commands/sheet/contact_sheet.hpp"
#include "formats/listed_span.hpp"
#include "io/protected_files.hpp"
#include "transnet/pictures.hpp"

namespace command {

/// The form of sheets.
struct SheetRequest {
  SheetLayout layout;
  transnet::ImageFormat format = transnet::ImageFormat::jpeg;
  int quality = transnet::default_image_quality;
  bool overwrites = false;
};

/// Writes the contact sheet of one video page by page, so that memory does not grow with the number of pages.
class SheetWriter {
 public:
  /// `file`: the name of a single page; several pages get their numbers before its ending. Each page is claimed,
  /// because its name can collide: "a-1.jpg" is a page of "a.mp4" and the sheet of "a-1.mp4". `option` gave the name.
  /// `tell` gets the name of each written page. `files` must outlive the writer.
  SheetWriter(const SheetRequest& request, std::filesystem::path file, std::string option,
              const std::vector<ListedSpan>& entries, ProtectedFiles& files,
              std::function<void(const std::filesystem::path& page)> tell);

  /// The frames to show: the middle of each entry.
  [[nodiscard]] std::vector<std::int64_t> frames() const;

  /// Takes the pictures of those frames, in ascending order. @throws transnet::Error
  void add(const transnet::Picture& picture);
  /// Writes the remaining pictures. @throws transnet::Error
  void finish();

 private:
  struct Shown {
    std::int64_t frame = 0;
    std::size_t number = 0;
    double start_s = 0.0;
  };

  void write_page();
  [[nodiscard]] std::filesystem::path file_of_page(std::size_t page) const;

  SheetRequest request_;
  std::filesystem::path file_;
  std::string option_;
  ProtectedFiles& files_;
  std::function<void(const std::filesystem::path& page)> tell_;
  std::vector<Shown> shown_;  // by frame
  std::size_t next_ = 0;      // index into `shown_`
  std::size_t page_size_;     // thumbnails per page
  std::size_t pages_ = 0;     // pages written
  std::vector<SheetCell> thumbnails_;
};

}  // namespace command
