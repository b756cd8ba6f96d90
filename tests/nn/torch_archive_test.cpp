// SPDX-License-Identifier: Apache-2.0
// The reader of archives beside libzip, which checks them for consistency: no archive that libzip refuses is read, and
// what is read is what libzip reads.
#include "nn/checkpoint/torch_archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>

#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/checkpoint/crc32.hpp"
#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/torch_archives.hpp"

namespace transnet::nn {
namespace {

using testing::HasSubstr;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

/// The bytes that this library reads of a record below the folder `archive`; nothing if it refuses.
std::optional<std::string> read_by_us(std::string_view container, const std::string& record) {
  try {
    const auto content = TorchArchive(bytes_of(container), "file").read(record, 1 << 20);
    return std::string(reinterpret_cast<const char*>(content.data()), content.size());
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_weights) << error.what();
    return std::nullopt;
  }
}

std::optional<std::string> read_by_libzip(const std::string& container, const std::string& record) {
  zip_source_t* const source = zip_source_buffer_create(container.data(), container.size(), /*freep=*/0, nullptr);
  const test::ZipArchive archive(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, nullptr));
  if (!archive) {
    zip_source_free(source);
    return std::nullopt;
  }
  zip_stat_t stat;
  if (zip_stat(archive.get(), ("archive/" + record).c_str(), 0, &stat) != 0 || stat.size > 1U << 20U)
    return std::nullopt;
  const std::unique_ptr<zip_file_t, decltype([](zip_file_t* file) { zip_fclose(file); })> file(
      zip_fopen(archive.get(), ("archive/" + record).c_str(), 0));
  if (!file) return std::nullopt;
  std::string content(stat.size + 1, '\0');  // libzip compares the CRC when it meets the end
  const auto count = zip_fread(file.get(), content.data(), content.size());
  if (count != static_cast<zip_int64_t>(stat.size)) return std::nullopt;
  content.resize(stat.size);
  return content;
}

/// Changes every byte of `container` at `places`, one after the other, in several ways.
void expect_no_more_than_libzip(std::string container, const std::string& record,
                                const std::vector<std::size_t>& places) {
  const auto whole = read_by_us(container, record);
  ASSERT_TRUE(whole);
  ASSERT_EQ(whole, read_by_libzip(container, record));
  std::size_t refused = 0;
  for (const std::size_t place : places) {
    const char before = container[place];
    for (const int change : {0x01, 0x08, 0x80, 0xff}) {
      container[place] = static_cast<char>(before ^ change);
      const auto found = read_by_us(container, record);
      if (found) {
        EXPECT_EQ(found, read_by_libzip(container, record)) << "byte " << place << " changed by " << change;
      }
      if (!found) ++refused;
    }
    container[place] = before;
  }
  EXPECT_GT(refused, places.size()) << "most changes are refused";
  for (const std::size_t end : places)
    EXPECT_FALSE(read_by_us(std::string_view(container).substr(0, end), record)) << end;
  EXPECT_FALSE(read_by_us(container + '\0', record));
}

TEST(TorchArchive, IsReadNoFurtherThanByLibzip) {
  const auto container = test::read_file(std::string(TRANSNET_TEST_DATA_DIR) + "/reference/known_model.pt");
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < container.size(); ++at) places.push_back(at);
  expect_no_more_than_libzip(container, "data.pkl", places);
  expect_no_more_than_libzip(container, "version", places);
}

TEST(TorchArchive, OfTorchSaveIsReadNoFurtherThanByLibzip) {
  if (const auto missing = test::missing_download({test::published_weights()})) GTEST_SKIP() << *missing;
  const auto container = test::read_file(test::published_weights());
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < 100; ++at) places.push_back(at);                                    // a header
  for (std::size_t at = container.size() - 300; at < container.size(); ++at) places.push_back(at);  // directory and end
  expect_no_more_than_libzip(container, "version", places);
}

class MadeArchive : public testing::Test {
 protected:
  MadeArchive() {
    test::write_record(file_, "archive/data.pkl", "the pickle");
    test::write_record(file_, "archive/data/0", std::string(1000, 'a'));
    container_ = test::read_file(file_);
  }

  /// The archive with these bytes in the place of `from`, all of it, once or everywhere.
  std::string with(const std::string& from, const std::string& to, bool everywhere = true) const {
    auto changed = container_;
    for (auto at = changed.find(from); at != std::string::npos; at = changed.find(from, at + to.size())) {
      changed.replace(at, from.size(), to);
      if (!everywhere) break;
    }
    return changed;
  }
  static void expect_refused(const std::string& container, const std::string& text) {
    test::expect_error(ErrorCode::bad_weights, text,
                       [&] { (void)TorchArchive(bytes_of(container), "file").read("data.pkl", 1000); });
  }

  test::TempDir folder_;
  std::filesystem::path file_ = folder_.path() / "made.pth";
  std::string container_;
};

TEST_F(MadeArchive, IsRead) {
  EXPECT_EQ(read_by_us(container_, "data.pkl"), "the pickle");
  EXPECT_EQ(read_by_us(container_, "data/0"), std::string(1000, 'a'));
  const TorchArchive archive(bytes_of(container_), "file");
  EXPECT_EQ(archive.record_bytes("data/0"), 1000U);
  EXPECT_FALSE(archive.is_torchscript());
  test::expect_error(ErrorCode::bad_weights, "file: record data/0 has 1000 bytes, too many",
                     [&] { (void)archive.read("data/0", 999); });
  test::expect_error(ErrorCode::bad_weights, "file: record data/1 is missing",
                     [&] { (void)archive.read("data/1", 1); });
}

TEST_F(MadeArchive, IsRefusedWhereItContradictsItself) {
  expect_refused(with("data.pkl", "data.pkm", /*everywhere=*/false),
                 "record archive/data.pkl is not as the directory says");
  expect_refused(with("the pickle", "the pickla"), "record data.pkl is damaged: its CRC-32 is wrong");
  expect_refused(container_.substr(0, container_.size() - 1), "cut off");
  expect_refused(container_ + "comment", "does not end as a zip archive");
  expect_refused("front" + container_, "its directory does not end where its end record begins");
  expect_refused(std::string(22, '\0'), "does not end as a zip archive");
  expect_refused(with("data.pkl", "data.pkk"), "without data.pkl");
}

TEST_F(MadeArchive, IsRefusedWhereTwoRecordsShareANameOrBytes) {
  test::write_record(file_, "archive/data.pkx", "the pickle");
  container_ = test::read_file(file_);
  expect_refused(with("data.pkx", "data.pkl"), "two of its records have the name archive/data.pkl");
  // The twin's entry in the directory is the first one's: same name, same bytes, same place.
  const auto directory = container_.find("PK\x01\x02");
  const auto twin = container_.rfind("PK\x01\x02");
  container_.replace(twin, container_.size() - 22 - twin, container_.substr(directory, container_.size() - 22 - twin));
  expect_refused(container_, "two of its records overlap");
}

/// As the directory of an archive has it where a record is larger than 4 GB.
TEST_F(MadeArchive, SizesOf64BitsAreRead) {
  const auto entry = container_.find("PK\x01\x02");
  const std::string name = "archive/data.pkl";
  const auto sizes = [](char bytes) { return std::string(1, bytes) + std::string(7, '\0'); };
  const auto field = std::string("\x01\0\x10\0", 4) + sizes(10) + sizes(10);
  auto large = container_;
  large.replace(entry + 20, 8, std::string(8, '\xff'));
  large[entry + 30] = static_cast<char>(field.size());
  large[large.size() - 10] = static_cast<char>(large[large.size() - 10] + static_cast<char>(field.size()));
  large.insert(entry + 46 + name.size(), field);
  EXPECT_EQ(read_by_us(large, "data.pkl"), "the pickle");
  EXPECT_EQ(read_by_libzip(large, "data.pkl"), "the pickle");

  auto without_field = large;
  without_field[entry + 46 + name.size()] = 2;  // another field
  expect_refused(without_field, "the zip64 field of a record is cut off");
  auto too_large = large;
  too_large[entry + 46 + name.size() + 4 + 15] = 1;  // 2^56 bytes more
  expect_refused(too_large, "is not as the directory says");
}

TEST_F(MadeArchive, CompressedRecordIsRefused) {
  test::write_record(file_, "archive/data.pkl", std::string(1000, 'p'), ZIP_CM_DEFLATE);
  expect_refused(test::read_file(file_), "record data.pkl is compressed or encrypted");
}

TEST(Crc32, IsThatOfTheStandard) {
  EXPECT_EQ(crc32_of(bytes_of("")), 0U);
  EXPECT_EQ(crc32_of(bytes_of("123456789")), 0xcbf43926U);  // the check value of the catalogue of CRCs
}

/// libzip computes it with zlib.
TEST(Crc32, IsThatOfLibzip) {
  const test::TempDir folder;
  const auto file = folder.path() / "crc.zip";
  for (std::size_t length = 1; length < 40; ++length) {
    std::string content(length, '\0');
    for (std::size_t at = 0; at < length; ++at) content[at] = static_cast<char>(length * 37 + at * at * 101);
    test::write_record(file, "record", content);
    zip_stat_t stat;
    ASSERT_EQ(zip_stat(test::open_zip(file, ZIP_RDONLY).get(), "record", 0, &stat), 0);
    EXPECT_EQ(crc32_of(bytes_of(content)), stat.crc) << length;
  }
}

}  // namespace
}  // namespace transnet::nn
