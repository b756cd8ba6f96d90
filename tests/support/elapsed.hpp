// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <regex>
#include <string>

/// Two runs of one command take different times, and all else in their results is equal.
namespace transnet::test {

/// json or jsonl of `transnet clips` without "elapsed_s", the last member of "made_by"; any other text as it is.
inline std::string without_elapsed(const std::string& text) {
  static const std::regex elapsed(R"re(("made_by": ?\{[^\n]*),"elapsed_s":[0-9.e-]+\})re");
  return std::regex_replace(text, elapsed, "$1}");
}

/// The same for a document, or an array of documents.
inline nlohmann::json without_elapsed(nlohmann::json documents) {
  if (documents.is_array()) {
    for (auto& document : documents) document.at("made_by").erase("elapsed_s");
  } else {
    documents.at("made_by").erase("elapsed_s");
  }
  return documents;
}

}  // namespace transnet::test
