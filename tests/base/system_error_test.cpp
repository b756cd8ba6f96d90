// SPDX-License-Identifier: Apache-2.0
// Codes and words of the system's errors.
#include "base/system_error.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

namespace transnet::base {
namespace {

TEST(SystemErrors, HaveTheCodeThatFits) {
  for (const int error : {ENOENT, ENOTDIR}) EXPECT_EQ(code_of_errno(error), ErrorCode::not_found) << error;
  for (const int error : {EACCES, EPERM, EROFS}) EXPECT_EQ(code_of_errno(error), ErrorCode::permission_denied) << error;
  for (const int error : {EIO, ENOSPC, EEXIST, EISDIR, EFBIG, ELOOP}) {
    EXPECT_EQ(code_of_errno(error), ErrorCode::io) << error;
  }
}

TEST(SystemErrors, SayWhatWasTriedAndWhyItFailed) {
  const auto error = system_error("cannot write a.mp4", ENOSPC);
  EXPECT_EQ(error.code(), ErrorCode::io);
  EXPECT_EQ(error.what(), std::string("cannot write a.mp4: No space left on device"));
}

}  // namespace
}  // namespace transnet::base
