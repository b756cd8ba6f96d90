// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "transnet/error.hpp"

namespace transnet::test {

/// Expects `action` to throw an Error with `code` whose message contains `text`.
template <typename Action>
void expect_error(ErrorCode code, const std::string& text, Action action) {
  try {
    action();
    ADD_FAILURE() << "nothing was thrown, expected " << to_string(code) << " with \"" << text << '"';
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.code()), to_string(code)) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(text));
  }
}

}  // namespace transnet::test
