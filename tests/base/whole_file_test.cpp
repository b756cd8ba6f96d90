// SPDX-License-Identifier: Apache-2.0
// Files that appear under their names when they are whole, on file systems that know fewer system calls than others.
#include "base/whole_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cut/file_sink.hpp"
#include "io/output.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/error.hpp"

namespace {

// The errno of the file system's answer; 0 = it does the work.
int renameat2_error = 0;
int link_error = 0;
int lstat_error = 0;
int fsync_error = 0;

// The calls in order.
std::vector<std::string> calls;

int answer(const char* call, int error) {
  calls.emplace_back(call);
  if (error == 0) return 0;
  errno = error;
  return -1;
}

}  // namespace

// The program's own functions come before the C library's.
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  if (answer("renameat2", renameat2_error) != 0) return -1;
  return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

extern "C" int rename(const char* from, const char* to) noexcept {
  (void)answer("rename", 0);
  return ::renameat(AT_FDCWD, from, AT_FDCWD, to);
}

extern "C" int link(const char* from, const char* to) noexcept {
  if (answer("link", link_error) != 0) return -1;
  return ::linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

extern "C" int lstat(const char* file, struct stat* status) noexcept {
  if (answer("lstat", lstat_error) != 0) return -1;
  return ::fstatat(AT_FDCWD, file, status, AT_SYMLINK_NOFOLLOW);
}

extern "C" int fsync(int descriptor) {
  if (answer("fsync", fsync_error) != 0) return -1;
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace transnet::test {
namespace {

namespace fs = std::filesystem;

class WholeFiles : public testing::Test {
 public:
  void SetUp() override { reset(); }
  void TearDown() override { reset(); }

  [[nodiscard]] fs::path file() const { return folder_.path() / "result"; }

  [[nodiscard]] std::size_t file_count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
  }

  /// The code of the error with which a new file that must replace nothing gets its name; empty: it has it.
  template <typename Write>
  static std::optional<ErrorCode> error_of(const Write& write) {
    try {
      write();
    } catch (const Error& error) {
      return error.code();
    }
    return std::nullopt;
  }

  void write_whole_file(bool overwrites = false,
                        base::WholeFile::Durability durability = base::WholeFile::Durability::synced) const {
    base::WholeFile whole(file(), file().native(), overwrites, durability);
    whole.write("new");
    calls.clear();
    whole.commit();
  }
  void write_output() const {
    command::Output output(file(), false);
    output.write("new");
    output.commit();
  }
  void write_sink() const {
    media::FileSink sink(file(), false);
    avio_write(&sink.io(), reinterpret_cast<const unsigned char*>("new"), 3);
    sink.commit();
  }

 private:
  static void reset() {
    renameat2_error = link_error = lstat_error = fsync_error = 0;
    calls.clear();
  }

  TempDir folder_;
};

TEST_F(WholeFiles, AppearWhenTheyAreCommitted) {
  {
    const base::WholeFile dropped(file(), "result", true);
    dropped.write("part");
    EXPECT_EQ(file_count(), 1U) << "the temporary file lies beside its target";
    EXPECT_FALSE(fs::exists(file()));
  }
  EXPECT_EQ(file_count(), 0U);
  write_whole_file();
  EXPECT_EQ(read_file(file()), "new");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(WholeFiles, AreOnTheDiskBeforeTheyHaveTheirNames) {
  using enum base::WholeFile::Durability;
  write_whole_file(false, synced);
  EXPECT_EQ(calls, (std::vector<std::string>{"fsync", "renameat2"}));
  write_whole_file(true, synced);
  EXPECT_EQ(calls, (std::vector<std::string>{"lstat", "fsync", "rename"}));
  write_whole_file(true, cached);
  EXPECT_EQ(calls, (std::vector<std::string>{"lstat", "rename"}));
}

TEST_F(WholeFiles, DoNotAppearWhereTheDiskCannotTakeThem) {
  fsync_error = ENOSPC;
  EXPECT_EQ(error_of([&] { write_whole_file(); }), ErrorCode::io);
  EXPECT_EQ(error_of([&] { write_output(); }), ErrorCode::io);
  EXPECT_EQ(error_of([&] { write_sink(); }), ErrorCode::io);
  EXPECT_EQ(file_count(), 0U);
}

TEST_F(WholeFiles, ReplaceAFileOnlyWhereTheyMay) {
  write_file(file(), "old");
  EXPECT_EQ(error_of([&] { write_whole_file(false); }), ErrorCode::io);
  EXPECT_EQ(read_file(file()), "old");
  EXPECT_EQ(file_count(), 1U);
  write_whole_file(true);
  EXPECT_EQ(read_file(file()), "new");
}

TEST_F(WholeFiles, KeepThePermissionsOfTheFileThatTheyReplace) {
  const auto private_file = fs::perms::owner_read | fs::perms::owner_write;
  write_file(file(), "old");
  fs::permissions(file(), private_file);
  write_whole_file(true);
  EXPECT_EQ(read_file(file()), "new");
  EXPECT_EQ(fs::status(file()).permissions(), private_file);
}

TEST_F(WholeFiles, GetTheirNamesWhereRenamesCannotKeepAFile) {
  for (const int unknown : {EINVAL, ENOSYS}) {
    for (const int no_links : {0, EPERM, ENOSYS, EOPNOTSUPP}) {
      renameat2_error = unknown;
      link_error = no_links;
      for (const auto& write : {&WholeFiles::write_output, &WholeFiles::write_sink}) {
        EXPECT_EQ(error_of([&] { (this->*write)(); }), std::nullopt) << unknown << ", " << no_links;
        EXPECT_EQ(read_file(file()), "new");
        EXPECT_EQ(file_count(), 1U);
        fs::remove(file());
      }
    }
  }
}

// Without RENAME_NOREPLACE and without links, the name is checked first. A symbolic link without a target also occupies
// the name.
TEST_F(WholeFiles, KeepWhateverHasTheName) {
  const auto make_link = [&] { fs::create_symlink("nowhere", file()); };
  const auto make_loop = [&] { fs::create_symlink(file(), file()); };
  const auto make_file = [&] { write_file(file(), "old"); };
  const auto make_folder = [&] { fs::create_directory(file()); };
  for (const bool has_renames : {true, false}) {
    for (const bool has_links : {true, false}) {
      for (const std::function<void()>& make :
           std::vector<std::function<void()>>{make_link, make_loop, make_file, make_folder}) {
        SCOPED_TRACE(testing::Message() << has_renames << ", " << has_links);
        renameat2_error = link_error = 0;
        make();
        const auto type = fs::symlink_status(file()).type();
        renameat2_error = has_renames ? 0 : EINVAL;
        link_error = has_links ? 0 : EPERM;
        EXPECT_EQ(error_of([&] { write_whole_file(); }), ErrorCode::io);
        EXPECT_EQ(fs::symlink_status(file()).type(), type);
        EXPECT_EQ(file_count(), 1U);
        fs::remove(file());
      }
    }
  }
}

TEST_F(WholeFiles, FailWhereTheNameCannotBeLookedAt) {
  renameat2_error = EINVAL;
  link_error = EPERM;
  lstat_error = EIO;
  EXPECT_EQ(error_of([&] { write_whole_file(); }), ErrorCode::io);
  lstat_error = 0;
  EXPECT_EQ(file_count(), 0U);
}

// A link that fails for another reason tells nothing about the name: a rename might replace a file.
TEST_F(WholeFiles, FailWhereALinkFailsForAnotherReason) {
  for (const int error : {EIO, ENOSPC, EDQUOT, EEXIST, EACCES, EROFS}) {
    renameat2_error = EINVAL;
    link_error = error;
    const auto expected = error == EACCES || error == EROFS ? ErrorCode::permission_denied : ErrorCode::io;
    EXPECT_EQ(error_of([&] { write_whole_file(); }), expected) << error;
    EXPECT_EQ(error_of([&] { write_output(); }), expected) << error;
    EXPECT_EQ(error_of([&] { write_sink(); }), expected) << error;
    EXPECT_EQ(file_count(), 0U) << error;
  }
}

}  // namespace
}  // namespace transnet::test
