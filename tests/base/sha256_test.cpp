// SPDX-License-Identifier: Apache-2.0
// The examples of FIPS 180-2, appendix B, and the empty text.
#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace transnet::base {
namespace {

TEST(Sha256, IsThatOfTheStandard) {
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, TakesBytesInParts) {
  Sha256 hash;
  const std::vector<unsigned char> part(1000, 'a');
  for (int i = 0; i < 1000; ++i) {
    hash.add(part);
    hash.add({});
  }
  EXPECT_EQ(hash.hexadecimal(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace transnet::base
