// SPDX-License-Identifier: Apache-2.0
// The examples of FIPS 180-2, appendix A, and the command sha1sum.
#include "base/sha1.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/hash_command.hpp"

namespace transnet::base {
namespace {

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const unsigned int byte : sha1_of(bytes)) {
    text += "0123456789abcdef"[byte / 16];
    text += "0123456789abcdef"[byte % 16];
  }
  return text;
}

TEST(Sha1, IsThatOfTheStandard) {
  EXPECT_EQ(hexadecimal("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hexadecimal("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

TEST(Sha1, IsThatOfTheCommand) {
  if (!test::has_command("sha1sum")) GTEST_SKIP() << "the command sha1sum is missing";
  const auto texts = test::texts_to_hash();
  const auto expected = test::hashes_by("sha1sum", texts);
  ASSERT_EQ(expected.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(hexadecimal(texts[i]), expected[i]) << texts[i].size();
}

}  // namespace
}  // namespace transnet::base
