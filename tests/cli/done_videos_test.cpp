// SPDX-License-Identifier: Apache-2.0
#include "io/done_videos.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/error.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::DoneVideos;
using command::Json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DoneVideosTest : public testing::Test {
 protected:
  TempDir folder_;
  fs::path part_ = folder_.path() / "part";
};

TEST_F(DoneVideosTest, WithoutAStartEachVideoIsToDo) {
  DoneVideos done;
  done.begin(3);
  done.add(3, Status::complete, "text");
  EXPECT_EQ(done.status(3), std::nullopt);
  EXPECT_THAT(done.changed(), IsEmpty());
  done.finish();
}

TEST_F(DoneVideosTest, KnowsWhatARunBeforeHasDone) {
  const std::vector<fs::path> videos{folder_.path() / "a", folder_.path() / "b", folder_.path() / "c"};
  const auto inputs = command::inputs_of(videos);
  for (const auto& video : videos) write_file(video, "video");
  {
    DoneVideos done;
    done.start(part_, Json{{"threshold", 0.4}}, command::ResumeRequest{}, inputs);
    for (const std::size_t video : {std::size_t{2}, std::size_t{0}}) done.begin(video);
    done.add(2, Status::partial, "of c");
    done.add(0, Status::complete, "of a");
  }
  write_file(videos[2], "another video");
  DoneVideos done;
  done.start(part_, Json{{"threshold", 0.4}}, command::ResumeRequest{.is_given = true}, inputs);
  EXPECT_EQ(done.status(0), Status::complete);
  EXPECT_EQ(done.text(0), "of a");
  EXPECT_EQ(done.status(1), std::nullopt);
  EXPECT_EQ(done.status(2), std::nullopt);
  EXPECT_THAT(done.changed(), ElementsAre(2));
  done.forget(0);
  EXPECT_EQ(done.status(0), std::nullopt);
  done.begin(0);
  done.add(0, Status::failed, "again");
  EXPECT_EQ(done.status(0), Status::failed);
  EXPECT_EQ(done.text(0), "again");
  done.finish();
  EXPECT_FALSE(fs::exists(part_));
}

// The results of a video hold its id and its columns.
TEST_F(DoneVideosTest, AreToDoAgainWithAnotherIdOrOtherColumns) {
  const auto file = folder_.path() / "a";
  write_file(file, "video");
  const auto input = [&](const std::string& id, const Json& columns) {
    return command::Inputs{
        .all = {{.file = file, .id = id, .columns = command::ListColumns(columns)}}, .shard = {}, .columns = {}};
  };
  const Json columns{{"film", 1}};
  const auto first = input("x", columns);
  {
    DoneVideos done;
    done.start(part_, Json::object(), {}, first);
    done.begin(0);
    done.add(0, Status::complete, "text");
  }
  const auto is_done = [&](const command::Inputs& inputs) {
    DoneVideos done;
    done.start(part_, Json::object(), {.is_given = true, .retries_failed = false}, inputs);
    return done.status(0).has_value();
  };
  EXPECT_TRUE(is_done(first));
  EXPECT_FALSE(is_done(input("y", columns)));
  EXPECT_FALSE(is_done(input("x", Json{{"film", 2}})));
  EXPECT_FALSE(is_done(input("x", {})));
  EXPECT_FALSE(is_done(input("", {})));
}

TEST(DoneVideosCells, AreAnyBytes) {
  const std::vector<std::string> cells{"a table\n  with\ttabs\r\n", "100%", "\xff", "%0a"};
  const auto text = command::join_cells(cells);
  EXPECT_EQ(text.find_first_of("\n\r"), std::string::npos);
  EXPECT_EQ(command::split_cells(text), cells);
  EXPECT_THAT(command::split_cells(""), IsEmpty());
}

TEST(DoneVideosFiles, AreTakenWhereAllAreThere) {
  const TempDir folder;
  command::ProtectedFiles files;
  const std::vector<fs::path> written{folder.path() / "a", folder.path() / "b"};
  write_file(written[0], "");
  EXPECT_FALSE(command::take_files_of_done(written, "clip", "--name", files));
  write_file(written[1], "");
  EXPECT_TRUE(command::take_files_of_done(written, "clip", "--name", files));
  EXPECT_THROW(files.claim(written[0], "clip", "--name"), Error) << "no other video gets it";
}

}  // namespace
}  // namespace transnet::test
