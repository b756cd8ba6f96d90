// SPDX-License-Identifier: Apache-2.0
// Where the disk is full, every subcommand that writes a file says so, and leaves the older file and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/sanitizers.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;

struct DiskWriter {
  const char* name;
  Words words;
  const char* disk_size;  ///< as mount takes it

  friend std::ostream& operator<<(std::ostream& out, const DiskWriter& writer) { return out << writer.name; }
};

class FullDisk : public testing::TestWithParam<DiskWriter> {
 protected:
  void SetUp() override {
    if (const auto missing = missing_download({sample_video(), published_weights()})) GTEST_SKIP() << *missing;
    write_file(folder_.path() / "p.txt", "0.1\n0.9\n0.1\n");
    fs::create_directory(folder_.path() / "disk");
  }

  /// `shell` enters the disk, and `limit` applies only to the command. It writes to the existing file "out". Returns
  /// its messages, its status, the files on the disk and the content of the file.
  std::string run_on_disk(const std::string& shell, const std::string& enter, const std::string& limit) const {
    auto words = GetParam().words;
    words.insert(words.end(), {"-o", "out"});
    const auto script =
        enter + " && echo older >out && { (" + limit + " \"$@\"; echo \"status $?\") 2>&1 | cat; ls -A; cat out; }";
    return run_transnet_in_shell(folder_.path(), "exec " + shell + " sh -c '" + script + "' sh \"$@\"", words).out;
  }

  TempDir folder_;
};

TEST_P(FullDisk, IsAnErrorThatLeavesTheOlderFile) {
  const std::string shell = "unshare --map-root-user --mount";
  const auto mount = std::string("mount -t tmpfs -o size=") + GetParam().disk_size + " none disk";
  if (run_transnet_in_shell(folder_.path(), shell + " " + mount, {}).exit_status != 0) {
    GTEST_SKIP() << "no disk can be mounted in a user namespace here";
  }
  EXPECT_THAT(
      run_on_disk(shell, mount + " && cd disk", ""),
      AllOf(HasSubstr("error: cannot write out: No space left on device"), EndsWith("\nstatus 1\nout\nolder\n")));
}

TEST_P(FullDisk, ALimitOfFileSizeIsTheSame) {
  if (has_thread_sanitizer) GTEST_SKIP() << sanitizer_writes_first;
  EXPECT_THAT(run_on_disk("", "cd disk", "ulimit -f 0;"),
              AllOf(HasSubstr("error: cannot write out: File too large"), EndsWith("\nstatus 1\nout\nolder\n")));
}

const char* const one_page = "4k";  // which the older file takes
INSTANTIATE_TEST_SUITE_P(
    Command, FullDisk,
    testing::Values(DiskWriter{"scenes", {"scenes", "../p.txt", "--framerate", "25", "--format", "json"}, one_page},
                    DiskWriter{"clips",
                               {"clips", sample_video(), "--weights", tiny_model, "--torch-backend", tiny_backend,
                                "--format", "json"},
                               one_page},
                    DiskWriter{"predict",
                               {"predict", sample_video(), "--weights", tiny_model, "--torch-backend", tiny_backend,
                                "--format", "text"},
                               one_page},
                    DiskWriter{"frames", {"frames", sample_video()}, "256k"},  // a part of them fits
                    DiskWriter{"export", {"model", "export", published_weights()}, "8m"}),
    [](const auto& writer) { return std::string(writer.param.name); });

}  // namespace
}  // namespace transnet::test
