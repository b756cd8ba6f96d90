// SPDX-License-Identifier: Apache-2.0
// Descriptors that close themselves, and reads and writes that end early or are interrupted.
#include "base/file_descriptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <utility>

#include "support/files.hpp"
#include "support/temp_dir.hpp"

namespace transnet::base {
namespace {

bool is_open(int number) { return ::fcntl(number, F_GETFD) != -1; }

FileDescriptor open_null() { return FileDescriptor(::open("/dev/null", O_RDWR | O_CLOEXEC)); }

TEST(FileDescriptors, AreClosedOnce) {
  int number = -1;
  {
    const auto descriptor = open_null();
    number = descriptor.number();
    EXPECT_TRUE(descriptor);
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));

  auto closed = open_null();
  number = closed.number();
  EXPECT_TRUE(closed.close());
  EXPECT_FALSE(closed);
  const auto next = open_null();
  ASSERT_EQ(next.number(), number) << "the system gives the lowest free number";
  EXPECT_TRUE(closed.close());
  EXPECT_TRUE(is_open(number)) << "it is another's now";
}

TEST(FileDescriptors, MoveFromOneOwnerToAnother) {
  auto first = open_null();
  const int number = first.number();
  FileDescriptor second(std::move(first));
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): holds nothing
  EXPECT_EQ(second.number(), number);

  auto third = open_null();
  const int closed = third.number();
  third = std::move(second);
  EXPECT_EQ(third.number(), number);
  EXPECT_TRUE(is_open(number));
  EXPECT_FALSE(is_open(closed));
}

TEST(FileDescriptors, HoldNothingWhereAFileCannotBeOpened) {
  FileDescriptor missing(::open("/nowhere/at/all", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(missing);
  EXPECT_TRUE(missing.close());
  EXPECT_FALSE(FileDescriptor());
}

TEST(FileDescriptors, ReadFromAnyPlaceToTheEnd) {
  const test::TempDir folder;
  test::write_file(folder.path() / "digits", "0123456789");
  const FileDescriptor digits(::open((folder.path() / "digits").c_str(), O_RDONLY | O_CLOEXEC));
  std::string four(4, '-');
  EXPECT_EQ(read_at(digits.number(), 3, four), 4U);
  EXPECT_EQ(four, "3456");
  EXPECT_EQ(read_at(digits.number(), 8, four), 2U);
  EXPECT_EQ(four, "8956");
  EXPECT_EQ(read_at(digits.number(), 20, four), 0U);
  EXPECT_EQ(read_at(digits.number(), 0, {}), 0U);
  EXPECT_EQ(read_at(-1, 0, four), 0U);
}

// A limit of the file's size takes a part of the bytes, then fails: a full disk does the same.
TEST(FileDescriptors, WriteUpToAFailure) {
  const test::TempDir folder;
  const auto path = folder.path() / "limited";
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  EXPECT_EQ(write_all(file.number(), ""), 0);
  EXPECT_EQ(write_all(file.number(), "0123"), 0);

  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit limit{8, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const int error = write_all(file.number(), "456789");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_DFL);

  EXPECT_EQ(error, EFBIG);
  EXPECT_EQ(test::read_file(path), "01234567");
  EXPECT_EQ(write_all(-1, "0"), EBADF);
}

}  // namespace
}  // namespace transnet::base
