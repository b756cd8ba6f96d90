// SPDX-License-Identifier: Apache-2.0
// The examples of FIPS 180-2, appendix B, the empty text, and the command sha256sum.
#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "support/hash_command.hpp"

namespace transnet::base {
namespace {

TEST(Sha256, IsThatOfTheStandard) {
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

class Sha256Parts : public testing::TestWithParam<bool> {};

TEST_P(Sha256Parts, AreTakenOneByOne) {
  Sha256 hash(GetParam());
  const std::vector<unsigned char> part(1000, 'a');
  for (int i = 0; i < 1000; ++i) {
    hash.add(part);
    hash.add({});
  }
  EXPECT_EQ(hash.hexadecimal(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_P(Sha256Parts, MakeTheHashThatTheCommandPrints) {
  if (!test::has_command("sha256sum")) GTEST_SKIP() << "the command sha256sum is missing";
  const auto texts = test::texts_to_hash();
  const auto expected = test::hashes_by("sha256sum", texts);
  ASSERT_EQ(expected.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (const std::size_t part_bytes : {std::size_t{7}, std::size_t{64}, std::size_t{97}, texts[i].size() + 1}) {
      Sha256 hash(GetParam());
      for (std::size_t at = 0; at < texts[i].size(); at += part_bytes) {
        const auto part = std::string_view(texts[i]).substr(at, part_bytes);
        hash.add({reinterpret_cast<const unsigned char*>(part.data()), part.size()});
      }
      EXPECT_EQ(hash.hexadecimal(), expected[i]) << texts[i].size() << " bytes in parts of " << part_bytes;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sha256, Sha256Parts, testing::Bool(), [](const auto& test) {
  return test.param ? "WithTheInstructionsOfTheProcessor" : "WithoutInstructionsOfTheProcessor";
});

}  // namespace
}  // namespace transnet::base
