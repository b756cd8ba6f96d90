// SPDX-License-Identifier: Apache-2.0
#include "help/suggestion.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

namespace command {
namespace {

/// The number of characters to insert, delete, replace or swap with a neighbour.
/// Source: Damerau, Levenshtein, restricted form: no part is edited twice.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::exchange(last, std::move(row));
  }
  return last.back();
}

/// Whether the candidate begins with the word, except for one slip: "tresh" for "threshold".
bool nearly_begins(std::string_view word, std::string_view candidate) {
  constexpr std::size_t shortest = 5;
  if (word.size() < shortest || candidate.size() <= word.size()) return false;
  return edit_distance(word, candidate.substr(0, word.size())) <= 1 ||
         edit_distance(word, candidate.substr(0, word.size() + 1)) <= 1;
}

struct Counterpart {
  std::string_view word;
  std::string_view here;
};

constexpr auto counterparts = std::to_array<Counterpart>({
    {"detect-adaptive", "transnet shots VIDEO"},
    {"detect-content", "transnet shots VIDEO"},
    {"detect-hash", "transnet shots VIDEO"},
    {"detect-hist", "transnet shots VIDEO"},
    {"detect-threshold", "transnet shots VIDEO"},
    {"time", "transnet shots VIDEO --start TIME --end TIME"},
    {"list-scenes", "transnet shots VIDEO -o FILE.csv"},
    {"load-scenes", "transnet split VIDEO --shots FILE.csv"},
    {"split-video", "transnet split VIDEO --what shots"},
    {"save-images", "transnet shots VIDEO --save-images FOLDER"},
    {"save-html", "transnet report VIDEO"},
    {"export-html", "transnet report VIDEO"},
    {"save-edl", "transnet shots VIDEO -o FILE.edl"},
    {"save-fcp", "transnet shots VIDEO -o FILE.fcpxml"},
    {"save-otio", "transnet shots VIDEO -o FILE.otio"},
    {"save-qp", "transnet shots VIDEO -o FILE.qp"},
    {"save-keyframes", "transnet shots VIDEO --format aegisub -o FILE"},
    {"help", "transnet --help"},
    {"version", "transnet --version"},
    {"about", "transnet --version"},
    {"--copy", "--mode copy"},
    {"--high-quality", "--crf 17 --preset slow"},
    {"--rate-factor", "--crf"},
    {"--num-images", "--images"},
    {"--min-scene-len", "--min-shot-s SECONDS --short-shots merge-previous"},
    {"-m", "--min-shot-s SECONDS --short-shots merge-previous"},
    {"--drop-short-scenes", "--min-shot-s SECONDS"},
    {"--frame-skip", "--frame-step"},
    {"-c", "--config"},
    {"-q", "--quiet"},
    {"-t", "--threshold"},
});

}  // namespace

std::string_view counterpart_of(std::string_view word) {
  const auto* const found = std::ranges::find(counterparts, word, &Counterpart::word);
  return found != std::end(counterparts) ? found->here : std::string_view();
}

std::string did_you_mean(std::string_view word, std::span<const std::string> known) {
  constexpr std::size_t shortest_beginning = 3;
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const auto& candidate : known) {
    const std::size_t furthest = candidate.size() <= 3 ? 1 : 2;
    auto distance = edit_distance(word, candidate);
    if (distance > furthest && word.size() >= shortest_beginning && candidate.starts_with(word)) distance = furthest;
    if (distance > furthest && nearly_begins(word, candidate)) distance = furthest;
    if (distance > furthest || (best != nullptr && distance >= best_distance)) continue;
    best = &candidate;
    best_distance = distance;
  }
  return best != nullptr ? "; did you mean '" + *best + "'?" : "";
}

}  // namespace command
