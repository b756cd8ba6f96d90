// SPDX-License-Identifier: Apache-2.0
#include "io/in_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace transnet::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class InOrder : public testing::Test {
 protected:
  std::vector<std::string> taken_;
  command::InOrder<std::string> in_order_{[this](const std::string& item) { taken_.push_back(item); }};
};

TEST_F(InOrder, WhatIsOfTheNextVideoGoesAtOnce) {
  in_order_.add(0, "0 a");
  EXPECT_THAT(taken_, ElementsAre("0 a"));
  in_order_.add(0, "0 b");
  in_order_.end(0);
  in_order_.add(1, "1 a");
  EXPECT_THAT(taken_, ElementsAre("0 a", "0 b", "1 a"));
}

TEST_F(InOrder, WhatComesEarlyWaits) {
  in_order_.add(2, "2 a");
  in_order_.end(2);
  in_order_.add(1, "1 a");
  EXPECT_THAT(taken_, IsEmpty());
  in_order_.add(0, "0 a");
  in_order_.end(0);
  EXPECT_THAT(taken_, ElementsAre("0 a", "1 a")) << "the turn of 1, which has not ended";
  in_order_.add(1, "1 b");
  in_order_.end(1);
  EXPECT_THAT(taken_, ElementsAre("0 a", "1 a", "1 b", "2 a"));
}

TEST_F(InOrder, AVideoMayHaveNothing) {
  in_order_.end(1);
  in_order_.add(2, "2 a");
  in_order_.end(0);
  EXPECT_THAT(taken_, ElementsAre("2 a"));
}

TEST_F(InOrder, AnyOrderOfVideosGivesTheSame) {
  std::vector<std::size_t> order{0, 1, 2, 3, 4};
  do {
    std::vector<std::size_t> taken;
    command::InOrder<std::size_t> in_order([&taken](std::size_t item) { taken.push_back(item); });
    for (const auto video : order) {
      in_order.add(video, video);
      in_order.end(video);
    }
    EXPECT_THAT(taken, ElementsAre(0, 1, 2, 3, 4));
  } while (std::ranges::next_permutation(order).found);
}

}  // namespace
}  // namespace transnet::test
