// SPDX-License-Identifier: Apache-2.0
#include "formats/list_columns.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "formats/text.hpp"

namespace command {

// MessagePack takes texts of any bytes, as JSON does not.
ListColumns::ListColumns(const Json& cells) {
  if (!cells.empty()) Json::to_msgpack(cells, packed_);
}

Json ListColumns::to_json() const { return packed_.empty() ? Json::object() : Json::from_msgpack(packed_); }

std::vector<std::string> distinct_columns(std::vector<std::string> names, std::span<const std::string> own) {
  std::set<std::string> taken;
  for (const auto& name : own) taken.insert(lower_case(name));
  std::vector<std::string*> equal;
  for (auto& name : names) {
    if (!taken.insert(lower_case(name)).second) equal.push_back(&name);
  }
  std::map<std::string, std::size_t> counts;
  for (auto* const name : equal) {
    auto& count = counts.try_emplace(lower_case(*name), 1).first->second;
    std::string numbered;
    do {
      numbered = fmt::format("{} ({})", *name, ++count);
    } while (!taken.insert(lower_case(numbered)).second);
    *name = std::move(numbered);
  }
  return names;
}

std::string cell_text(const Json& cell) {
  if (cell.is_string()) return cell.get<std::string>();
  return cell.is_null() ? "" : to_line(cell);
}

}  // namespace command
