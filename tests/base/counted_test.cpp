// SPDX-License-Identifier: Apache-2.0
#include "base/counted.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

namespace transnet::test {
namespace {

TEST(Counted, OneIsSingular) {
  EXPECT_EQ(base::counted(0, "frame"), "0 frames");
  EXPECT_EQ(base::counted(std::size_t{1}, "frame"), "1 frame");
  EXPECT_EQ(base::counted(std::int64_t{2}, "damaged packet"), "2 damaged packets");
  EXPECT_EQ(base::counted(-1, "frame"), "-1 frames");
}

}  // namespace
}  // namespace transnet::test
