// Files that appear under their names when they are whole, on file systems that know fewer system calls than others.
#include "base/whole_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "cut/file_sink.hpp"
#include "io/output.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/error.hpp"

namespace {

// What the file system answers instead of doing it; 0 = it does it.
int renameat2_error = 0;
int link_error = 0;

}  // namespace

// The program's own functions come before those of the C library.
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  if (renameat2_error != 0) {
    errno = renameat2_error;
    return -1;
  }
  if (flags == RENAME_NOREPLACE && ::access(to, F_OK) == 0) {
    errno = EEXIST;
    return -1;
  }
  return ::renameat(from_folder, from, to_folder, to);
}

extern "C" int link(const char* from, const char* to) noexcept {
  if (link_error != 0) {
    errno = link_error;
    return -1;
  }
  return ::linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

namespace transnet::test {
namespace {

namespace fs = std::filesystem;

class WholeFiles : public testing::Test {
 public:
  void SetUp() override { renameat2_error = link_error = 0; }
  void TearDown() override { renameat2_error = link_error = 0; }

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

  void write_whole_file(bool overwrites = false) const {
    base::WholeFile whole(file(), file().native(), overwrites);
    whole.write("new");
    EXPECT_FALSE(fs::exists(file()) && !overwrites && read_file(file()) == "new");
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
  TempDir folder_;
};

TEST_F(WholeFiles, AppearWhenTheyAreCommitted) {
  {
    const base::WholeFile dropped(file(), "result", true);
    EXPECT_EQ(file_count(), 1U) << "the temporary file lies beside its target";
    EXPECT_FALSE(fs::exists(file()));
  }
  EXPECT_EQ(file_count(), 0U);
  write_whole_file();
  EXPECT_EQ(read_file(file()), "new");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(WholeFiles, ReplaceAFileOnlyWhereTheyMay) {
  write_file(file(), "old");
  EXPECT_EQ(error_of([&] { write_whole_file(false); }), ErrorCode::io);
  EXPECT_EQ(read_file(file()), "old");
  EXPECT_EQ(file_count(), 1U);
  write_whole_file(true);
  EXPECT_EQ(read_file(file()), "new");
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
