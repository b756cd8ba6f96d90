// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "commands/sheet/contact_sheet.hpp"
#include "commands/sheet/sheet_font.hpp"
#include "commands/sheet/shot_picture.hpp"
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
  /// `height`: of a picture, at most; see `height`. `tell` gets the name of each written page. `entries` and `files`
  /// must outlive the writer.
  SheetWriter(const SheetRequest& request, SheetHeader header, int height, std::filesystem::path file,
              std::string option, const std::vector<ListedSpan>& entries, ProtectedFiles& files,
              std::function<void(const std::filesystem::path& page)> tell);

  /// The largest height of a picture, pixels: the given one, or less to fill pages of paper.
  [[nodiscard]] int height() const noexcept { return height_; }
  /// The frames to read: the candidates of each entry.
  [[nodiscard]] std::vector<std::int64_t> frames() const;

  /// Takes the pictures of those frames, in ascending order. @throws transnet::Error
  void add(const transnet::Picture& picture);
  /// Writes the remaining pictures, also of entries that lack some candidates. @throws transnet::Error
  void finish();

 private:
  struct Candidate {
    std::int64_t frame = 0;
    std::size_t entry = 0;
    bool is_last = false;  // of its entry
  };

  void show(std::size_t entry);
  void write_page();
  [[nodiscard]] std::size_t page_count() const noexcept { return (shown_ + page_size_ - 1) / page_size_; }
  [[nodiscard]] std::filesystem::path file_of_page(std::size_t page) const;

  SheetRequest request_;
  std::unique_ptr<SheetFont> font_ = make_sheet_font();
  SheetHeader header_;
  int height_;
  std::filesystem::path file_;
  std::string option_;
  const std::vector<ListedSpan>& entries_;
  ProtectedFiles& files_;
  std::function<void(const std::filesystem::path& page)> tell_;
  std::vector<Candidate> candidates_;         // by frame
  std::size_t next_ = 0;                      // index into `candidates_`
  std::map<std::size_t, ShotPicture> begun_;  // by entry; as many as overlap
  std::size_t shown_ = 0;                     // entries with a frame
  std::size_t page_size_;                     // thumbnails per page
  std::size_t pages_ = 0;                     // pages written
  std::vector<SheetCell> thumbnails_;
};

}  // namespace command
