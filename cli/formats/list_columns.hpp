// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "formats/json_text.hpp"

namespace command {

/// The cells that a list of inputs has for a video, by the names of their columns. The results repeat them. Lists can
/// have millions of rows, so they are kept in a compact form.
class ListColumns {
 public:
  ListColumns() = default;  ///< none
  /// `cells`: an object; texts can have any bytes.
  explicit ListColumns(const Json& cells);

  [[nodiscard]] bool is_empty() const noexcept { return packed_.empty(); }
  [[nodiscard]] Json to_json() const;
  /// Bytes that are equal if the columns are.
  [[nodiscard]] const std::string& bytes() const noexcept { return packed_; }

 private:
  std::string packed_;
};

/// The names of columns, changed such that no two are equal, in upper or lower case, to each other or to one of `own`:
/// the second "Video" becomes "Video (2)". A name that is the only one of its kind stays.
[[nodiscard]] std::vector<std::string> distinct_columns(std::vector<std::string> names,
                                                        std::span<const std::string> own = {});

/// The text of a cell: a text as it is, nothing for null, otherwise JSON.
[[nodiscard]] std::string cell_text(const Json& cell);

}  // namespace command
