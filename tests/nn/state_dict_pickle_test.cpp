// SPDX-License-Identifier: Apache-2.0
// Pickles that name one thing very often: a few megabytes must not become terabytes, or hours.
#include "nn/checkpoint/state_dict_pickle.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <string>

#include "support/expect_error.hpp"

namespace transnet::nn {
namespace {

std::span<const std::byte> pickle_of(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string repeated(const std::string& text, int count) {
  std::string all;
  all.reserve(text.size() * static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::string text_in_pickle(const std::string& content) {
  std::string length;
  for (unsigned byte = 0; byte < 4; ++byte) length += static_cast<char>(content.size() >> (8 * byte) & 0xFFU);
  return "X" + length + content;
}

/// Puts a tensor of one number into place 0 of the memory; its elements are in the record of that name.
std::string tensor_of(const std::string& record) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + text_in_pickle("storage") + "ctorch\nFloatStorage\n" +
         text_in_pickle(record) + text_in_pickle("cpu") + "K\x01tQK" + std::string(1, '\0') + "K\x01\x85K\x01\x85tRq" +
         std::string(1, '\0');
}
const std::string recall_tensor = std::string("h") + '\0';

void expect_refused_pickle(const std::string& pickle, const std::string& reason) {
  test::expect_error(ErrorCode::bad_weights, reason, [&] { (void)read_state_dict_pickle(pickle_of(pickle)); });
}

TEST(StateDictPickle, ATensorIsReadByItsName) {
  const auto entries = read_state_dict_pickle(
      pickle_of("}(" + text_in_pickle("a") + tensor_of("0") + text_in_pickle("b") + recall_tensor + "u."));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].name, "a");
  EXPECT_EQ(entries[1].name, "b");
  EXPECT_EQ(entries[1].storage, "0");
}

TEST(StateDictPickle, NamesAreShort) {
  const std::string longest(1024, 'n');
  EXPECT_EQ(read_state_dict_pickle(pickle_of("}(" + text_in_pickle(longest) + tensor_of(longest) + "u.")).size(), 1U);
  const std::string longer(1025, 'n');
  expect_refused_pickle("}(" + text_in_pickle(longer) + tensor_of("0") + "u.", "a name of 1025 bytes");
  expect_refused_pickle("}(" + text_in_pickle("a") + tensor_of(longer) + "u.", "a name of 1025 bytes");
  test::expect_error(ErrorCode::bad_weights, "a name of 1025 bytes",
                     [&] { (void)read_texts(pickle_of("](" + text_in_pickle(longer) + "e.")); });
}

TEST(StateDictPickle, TensorsAreFew) {
  constexpr int most = 100'000;
  const std::string name = text_in_pickle("n") + "q\x01";
  const std::string again = "h\x01" + recall_tensor;
  expect_refused_pickle("}(" + name + tensor_of("0") + repeated(again, most) + "u.", "more than 100000 tensors");
  EXPECT_EQ(read_state_dict_pickle(pickle_of("}(" + name + tensor_of("0") + repeated(again, most - 1) + "u.")).size(),
            static_cast<std::size_t>(most));
  test::expect_error(ErrorCode::bad_weights, "more than 100000 tensors",
                     [&] { (void)read_texts(pickle_of("](" + name + repeated("h\x01", most) + "e.")); });
}

// A checkpoint may name one dict very often below the names where weights are looked for.
TEST(StateDictPickle, ADictIsJudgedOnce) {
  constexpr int often = 200'000;
  const std::string inner = "}q\x02(" + text_in_pickle("a") + tensor_of("0") +
                            repeated("h\x01" + recall_tensor, often) + text_in_pickle("z") + "K\x01u";
  const std::string pickle = "}(" + text_in_pickle("model") + "q\x01" + inner + repeated("h\x01h\x02", often) + "u.";
  expect_refused_pickle(pickle, "\"model\" is a dict");
}

}  // namespace
}  // namespace transnet::nn
