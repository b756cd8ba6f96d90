// SPDX-License-Identifier: Apache-2.0
// The main of a test program that is one test of ctest: a skipped test in it shows as such.
#include <gmock/gmock.h>

int main(int argc, char** argv) {
  constexpr int skipped = 77;  // SKIP_RETURN_CODE
  ::testing::InitGoogleMock(&argc, argv);
  const int status = RUN_ALL_TESTS();
  return status == 0 && ::testing::UnitTest::GetInstance()->skipped_test_count() > 0 ? skipped : status;
}
