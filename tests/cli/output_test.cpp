// SPDX-License-Identifier: Apache-2.0
// How a file gets its name while another program creates a file with that name. File systems offer different functions
// for it: the functions of this program simulate them.
#include "io/output.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/error.hpp"

namespace {

bool has_links = true;
std::filesystem::path rival;  // the file that somebody else makes just before a name is given

void make_rival() {
  if (!rival.empty()) transnet::test::write_file(rival, "rival");
}

int result_of(long answer) { return static_cast<int>(answer); }

}  // namespace

// They replace the system's functions in this program, which may end if one of them throws.
// NOLINTBEGIN(bugprone-exception-escape, readability-inconsistent-declaration-parameter-name)
extern "C" {

int renameat2(int, const char*, int, const char*, unsigned) noexcept {
  errno = EINVAL;
  return -1;
}

int rename(const char* from, const char* to) noexcept {
  make_rival();
  return result_of(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int link(const char* from, const char* to) noexcept {
  if (!has_links) {
    errno = EPERM;
    return -1;
  }
  make_rival();
  return result_of(::syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}

}  // extern "C"
// NOLINTEND(bugprone-exception-escape, readability-inconsistent-declaration-parameter-name)

namespace command {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using transnet::test::read_file;

class OutputTest : public testing::Test {
 protected:
  void SetUp() override {
    has_links = true;
    rival.clear();
  }
  void TearDown() override { rival.clear(); }

  [[nodiscard]] std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  transnet::test::TempDir folder_;
  const std::filesystem::path file_ = folder_.path() / "picture.jpg";
};

TEST_F(OutputTest, ReplacesNoFileThatAppearsAtTheLastMoment) {
  {
    Output output(file_, /*overwrites=*/false);
    output.write("mine");
    rival = file_;
    EXPECT_THAT([&] { output.commit(); }, ThrowsMessage<transnet::Error>(HasSubstr("File exists")));
  }
  EXPECT_EQ(read_file(file_), "rival");
  EXPECT_THAT(entries(), ElementsAre("picture.jpg"));
}

TEST_F(OutputTest, HasItsNameAloneOnAnyFileSystem) {
  for (const bool links : {true, false}) {
    has_links = links;
    std::filesystem::remove(file_);
    {
      Output output(file_, /*overwrites=*/false);
      output.write("mine");
      output.commit();
    }
    EXPECT_EQ(read_file(file_), "mine");
    EXPECT_EQ(std::filesystem::hard_link_count(file_), 1U);
    EXPECT_THAT(entries(), ElementsAre("picture.jpg"));
  }
}

}  // namespace
}  // namespace command
