// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/sheet_writer.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string>
#include <utility>

#include "formats/clock.hpp"
#include "run/clip_images.hpp"

namespace command {

SheetWriter::SheetWriter(const SheetRequest& request, std::filesystem::path file, std::string option,
                         const std::vector<ListedSpan>& entries, ProtectedFiles& files,
                         std::function<void(const std::filesystem::path& page)> tell)
    : request_(request),
      file_(std::move(file)),
      option_(std::move(option)),
      files_(files),
      tell_(std::move(tell)),
      page_size_(static_cast<std::size_t>(request.layout.columns) *
                 static_cast<std::size_t>(rows_of_page(request.layout, max_image_side(request.format)))) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (const auto frame : spread_frames(entries[i], 1)) shown_.push_back({frame, i + 1, entries[i].start_s});
  }
  // Entries are in order already, except in a result file that another program wrote.
  std::ranges::stable_sort(shown_, {}, &Shown::frame);
}

std::vector<std::int64_t> SheetWriter::frames() const {
  std::vector<std::int64_t> frames;
  for (const auto& shown : shown_) frames.push_back(shown.frame);
  return frames;
}

void SheetWriter::add(const transnet::Picture& picture) {
  for (; next_ < shown_.size() && shown_[next_].frame == picture.frame; ++next_) {
    const auto& shown = shown_[next_];
    thumbnails_.push_back({picture, std::to_string(shown.number), clock_ms(nearest_ms(shown.start_s))});
    if (thumbnails_.size() == page_size_) write_page();
  }
}

void SheetWriter::finish() {
  if (!thumbnails_.empty()) write_page();
}

std::filesystem::path SheetWriter::file_of_page(std::size_t page) const {
  const auto pages = (shown_.size() + page_size_ - 1) / page_size_;
  if (pages == 1) return file_;
  const auto digits = std::to_string(pages).size();
  return file_.parent_path() /
         fmt::format("{}-{:0{}}{}", file_.stem().native(), page, digits, file_.extension().native());
}

void SheetWriter::write_page() {
  const auto file = file_of_page(++pages_);
  files_.claim(file, "sheet", option_);
  write_image(draw_page(thumbnails_, request_.layout), request_.format, request_.quality, file, request_.overwrites);
  thumbnails_.clear();
  tell_(file);
}

}  // namespace command
