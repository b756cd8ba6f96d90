// SPDX-License-Identifier: Apache-2.0
#include "base/pathlib_name.hpp"

#include <algorithm>

namespace transnet::inline TRANSNET_ABI {

std::string pathlib_name(std::string_view path) {
  const std::size_t leading = std::min(path.find_first_not_of('/'), path.size());
  const std::string root(leading == 2 ? 2 : std::min<std::size_t>(leading, 1), '/');
  std::string name = root;
  for (std::size_t begin = leading; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view component = path.substr(begin, end - begin);
    if (!component.empty() && component != ".") {
      if (name.size() > root.size()) name += '/';
      name += component;
    }
    begin = end + 1;
  }
  return name.empty() ? "." : name;
}

}  // namespace transnet::inline TRANSNET_ABI
