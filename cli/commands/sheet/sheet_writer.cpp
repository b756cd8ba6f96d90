// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/sheet_writer.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "formats/clock.hpp"
#include "run/clip_images.hpp"

namespace command {
namespace {

SheetHeader with_page(SheetHeader header, std::size_t page, std::size_t count) {
  if (count > 1) header.facts.push_back(fmt::format("page {} of {}", page, count));
  return header;
}

/// The header of a page among very many, which needs the most room.
SheetHeader largest_header(const SheetHeader& header) {
  constexpr std::size_t many = 99'999;
  return with_page(header, many, many);
}

}  // namespace

SheetWriter::SheetWriter(const SheetRequest& request, SheetHeader header, int height, std::filesystem::path file,
                         std::string option, const std::vector<ListedSpan>& entries, ProtectedFiles& files,
                         std::function<void(const std::filesystem::path& page)> tell)
    : request_(request),
      header_(std::move(header)),
      height_(fitted_height(request.layout, largest_header(header_), *font_, height)),
      file_(std::move(file)),
      option_(std::move(option)),
      entries_(entries),
      files_(files),
      tell_(std::move(tell)),
      page_size_(static_cast<std::size_t>(request.layout.columns) *
                 static_cast<std::size_t>(rows_of_page(request.layout, largest_header(header_), *font_, height_,
                                                       max_image_side(request.format)))) {
  for (std::size_t entry = 0; entry < entries.size(); ++entry) {
    const auto frames = candidate_frames(entries[entry]);
    for (const auto frame : frames) candidates_.push_back({frame, entry, frame == frames.back()});
    if (!frames.empty()) ++shown_;
  }
  std::ranges::stable_sort(candidates_, {}, &Candidate::frame);
}

std::vector<std::int64_t> SheetWriter::frames() const {
  std::vector<std::int64_t> frames;
  for (const auto& candidate : candidates_) frames.push_back(candidate.frame);
  return frames;
}

void SheetWriter::add(const transnet::Picture& picture) {
  for (; next_ < candidates_.size() && candidates_[next_].frame <= picture.frame; ++next_) {
    const auto& [frame, entry, is_last] = candidates_[next_];
    if (frame == picture.frame) begun_.try_emplace(entry, entries_[entry]).first->second.add(picture);
    if (is_last) show(entry);
  }
}

void SheetWriter::finish() {
  while (!begun_.empty()) show(begun_.begin()->first);
  if (!thumbnails_.empty()) write_page();
}

/// No further picture of the entry comes.
void SheetWriter::show(std::size_t entry) {
  auto chosen = begun_.extract(entry);
  auto picture = chosen.empty() ? std::nullopt : chosen.mapped().take();
  if (!picture) return;
  const auto& span = entries_[entry];
  thumbnails_.push_back({*std::move(picture), std::to_string(entry + 1), clock_ms(nearest_ms(span.start_s)),
                         std::to_string(span.start_frame), fmt::format("{:.2f}", span.end_s - span.start_s)});
  if (thumbnails_.size() == page_size_) write_page();
}

std::filesystem::path SheetWriter::file_of_page(std::size_t page) const {
  if (page_count() == 1) return file_;
  const auto digits = std::to_string(page_count()).size();
  return file_.parent_path() /
         fmt::format("{}-{:0{}}{}", file_.stem().native(), page, digits, file_.extension().native());
}

void SheetWriter::write_page() {
  const auto file = file_of_page(++pages_);
  files_.claim(file, "sheet", option_);
  const auto header = with_page(header_, pages_, page_count());
  const bool is_paper = request_.layout.paper != SheetPaper::none;
  write_image(draw_page(thumbnails_, header, request_.layout, *font_, height_), request_.format, request_.quality, file,
              request_.overwrites, is_paper ? paper_pixels_per_inch : 0);
  thumbnails_.clear();
  tell_(file);
}

}  // namespace command
