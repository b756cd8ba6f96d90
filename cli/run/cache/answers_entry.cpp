// SPDX-License-Identifier: Apache-2.0
#include "run/cache/answers_entry.hpp"

#include <cstdint>
#include <span>
#include <utility>

#include "base/is_probability.hpp"
#include "run/cache/sealed_entry.hpp"

namespace command {
namespace {

constexpr std::string_view answers_kind = "transnet.answers/1";

Json counts_of(const transnet::ShotProbabilities& look) { return {look.single.size(), look.many_hot.size()}; }

void append_look(const transnet::ShotProbabilities& look, std::string& numbers) {
  append_numbers(std::span(look.single), numbers);
  append_numbers(std::span(look.many_hot), numbers);
}

/// Empty if there are fewer numbers than `count`, or if one of them is no probability.
std::optional<std::vector<float>> take_probabilities(const Json& count, std::string_view& numbers) {
  if (!count.is_number_unsigned() || count.get<std::uint64_t>() > numbers.size() / sizeof(float)) return std::nullopt;
  auto values = take_numbers<float>(count.get<std::uint64_t>(), numbers);
  return transnet::are_probabilities(values) ? std::optional(std::move(values)) : std::nullopt;
}

std::optional<transnet::ShotProbabilities> take_look(const Json& counts, std::string_view& numbers) {
  auto single = take_probabilities(counts.at(0), numbers);
  auto many_hot = take_probabilities(counts.at(1), numbers);
  if (!single || !many_hot || (!many_hot->empty() && many_hot->size() != single->size())) return std::nullopt;
  return transnet::ShotProbabilities{.single = std::move(*single), .many_hot = std::move(*many_hot)};
}

}  // namespace

std::string encode_answers(const std::string& key, const transnet::NetworkAnswers& answers) {
  Json header = entry_header(key);
  header.update({{"first_look", counts_of(answers.first_look)}, {"second_look", counts_of(answers.second_look)}});
  std::string numbers;
  append_look(answers.first_look, numbers);
  append_look(answers.second_look, numbers);
  return seal_entry(answers_kind, header, numbers);
}

std::optional<transnet::NetworkAnswers> decode_answers(std::string_view bytes, const std::string& key) {
  try {
    const auto entry = open_entry(bytes, answers_kind, key);
    if (!entry) return std::nullopt;
    auto numbers = entry->numbers;
    auto first = take_look(entry->header.at("first_look"), numbers);
    auto second = take_look(entry->header.at("second_look"), numbers);
    if (!first || !second || !numbers.empty()) return std::nullopt;
    return transnet::NetworkAnswers{.first_look = std::move(*first), .second_look = std::move(*second)};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace command
