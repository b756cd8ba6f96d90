// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "formats/listed_span.hpp"
#include "transnet/pictures.hpp"

namespace command {

/// The frames that may stand for a span, ascending: its middle, and a bounded number of others at equal distances.
[[nodiscard]] std::vector<std::int64_t> candidate_frames(const ListedSpan& entry);

/// Chooses the picture of a span: its middle frame, unless that is nearly black or nearly one colour; otherwise the
/// candidate with the most contrast.
class ShotPicture {
 public:
  explicit ShotPicture(const ListedSpan& entry);

  /// Takes the pictures of `candidate_frames` in any order.
  void add(const transnet::Picture& picture);
  /// Empty before the first picture.
  [[nodiscard]] std::optional<transnet::Picture> take() noexcept { return std::move(best_); }

 private:
  std::int64_t middle_;
  std::optional<transnet::Picture> best_;
  double best_contrast_ = -1.0;
  bool is_settled_ = false;  // the middle is good
};

}  // namespace command
