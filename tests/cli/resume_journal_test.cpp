// SPDX-License-Identifier: Apache-2.0
// The part file of a run whose last write was cut off at any byte.
#include "io/resume_journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run/exit_status.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::ThrowsMessage;
using transnet::Status;
using transnet::test::read_file;
using transnet::test::write_file;

class PartFileTest : public testing::Test {
 protected:
  transnet::test::TempDir folder_;
  const std::filesystem::path file_ = folder_.path() / "out.jsonl.part";
  const Json settings_ = {{"threshold", 0.4}, {"model", "x"}};
};

// Names may hold any byte but NUL.
const std::vector<std::string> names = {"plain.mp4", "tab\tline\nreturn\r.mp4", "100%.mp4", "%09", "\xff.mp4", ""};

TEST_F(PartFileTest, IsReadAgainWhereverItWasCutOff) {
  std::vector<std::size_t> ends;
  {
    ResumeJournal part(file_, settings_, false);
    ends.push_back(std::filesystem::file_size(file_));
    for (const auto& name : names) {
      (void)part.append(name, "12 3.4", name.size() % 2 == 0 ? Status::complete : Status::failed,
                        "{\"video\":\"x\ty\"}");
      ends.push_back(std::filesystem::file_size(file_));
    }
  }
  const auto whole = read_file(file_);
  for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes) {
    write_file(file_, whole.substr(0, bytes));
    std::size_t expected = 0;
    while (expected < names.size() && ends[expected + 1] <= bytes) ++expected;
    {
      ResumeJournal part(file_, settings_, true);
      ASSERT_THAT(part.before(), SizeIs(expected)) << bytes << " bytes";
      for (std::size_t i = 0; i < expected; ++i) {
        EXPECT_EQ(part.before()[i].video, names[i]);
        EXPECT_EQ(part.before()[i].stamp, "12 3.4");
        EXPECT_EQ(part.before()[i].status, names[i].size() % 2 == 0 ? Status::complete : Status::failed);
        EXPECT_EQ(part.read(part.before()[i]), "{\"video\":\"x\ty\"}");
      }
      EXPECT_EQ(part.read(part.append("more", "", Status::partial, "text")), "text");
    }
    EXPECT_THAT(ResumeJournal(file_, settings_, true).before(), SizeIs(expected + 1)) << "after a torn line";
  }
}

TEST_F(PartFileTest, WithoutAResultNothingStays) {
  { ResumeJournal part(file_, settings_, false); }
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(PartFileTest, IsNotLostByMistake) {
  {
    ResumeJournal part(file_, settings_, false);
    (void)part.append("a.mp4", "", Status::complete, "{}");
  }
  const auto before = read_file(file_);
  EXPECT_THAT([&] { ResumeJournal(file_, settings_, false); },
              ThrowsMessage<UsageError>(HasSubstr("continue with --resume")));
  const Json other = {{"threshold", 0.5}, {"model", "x"}};
  EXPECT_THAT([&] { ResumeJournal(file_, other, true); },
              ThrowsMessage<UsageError>(HasSubstr("(--threshold 0.4, now 0.5)")));
  EXPECT_THAT(
      [&] {
        ResumeJournal(file_, {{"threshold", 0.4}}, true);
      },
      ThrowsMessage<UsageError>(HasSubstr("(another network)")));
  EXPECT_EQ(read_file(file_), before);

  const ResumeJournal first(file_, settings_, true);
  EXPECT_THAT([&] { ResumeJournal(file_, settings_, true); },
              ThrowsMessage<transnet::Error>(HasSubstr("by another run")));
}

TEST_F(PartFileTest, OfSettingsThatAreNestedDeeplyIsOfOtherOptions) {
  {
    ResumeJournal part(file_, settings_, false);
    (void)part.append("a.mp4", "", Status::complete, "{}");
  }
  const auto content = read_file(file_);
  const auto settings = content.find('\t') + 1;
  const std::string deep = R"({"x": )" + std::string(100000, '[') + std::string(100000, ']') + "}";
  write_file(file_, content.substr(0, settings) + deep + content.substr(content.find('\n')));
  EXPECT_THAT([&] { ResumeJournal(file_, settings_, true); },
              ThrowsMessage<UsageError>(HasSubstr("was begun with other options")));
}

TEST_F(PartFileTest, LeavesAFileOfSomebodyElse) {
  for (const auto* content : {"a line\n", "no line", "transnet.port/1\t{}\n", "\na line\n", "transnet.pa\n"}) {
    write_file(file_, content);
    EXPECT_THAT([&] { ResumeJournal(file_, settings_, true); }, ThrowsMessage<UsageError>(HasSubstr("remove it")));
    EXPECT_EQ(read_file(file_), content);
  }
}

TEST_F(PartFileTest, OfAnotherVersionIsNotGoneOnWith) {
  write_file(file_, "transnet.part/1\t{}\ncomplete\ta.mp4\t{}\n");
  EXPECT_THAT([&] { ResumeJournal(file_, settings_, true); },
              ThrowsMessage<UsageError>(HasSubstr(
                  "was written by another version of transnet: continue with that version, or remove the file")));
}

}  // namespace
}  // namespace command
