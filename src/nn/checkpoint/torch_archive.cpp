// SPDX-License-Identifier: Apache-2.0
#include "nn/checkpoint/torch_archive.hpp"

#include <zip.h>

#include <string_view>
#include <utility>

#include "transnet/error.hpp"

namespace transnet::nn {
namespace {

using ZipFile = std::unique_ptr<zip_file_t, decltype([](zip_file_t* file) { zip_fclose(file); })>;

constexpr std::string_view pickle_record = "data.pkl";

}  // namespace

void TorchArchive::Closer::operator()(zip* archive) const noexcept { zip_discard(archive); }

TorchArchive::TorchArchive(std::span<const std::byte> bytes, std::filesystem::path file)
    : file_(std::move(file)), file_bytes_(bytes.size()) {
  if (bytes.empty()) fail("not a PyTorch model file, or cut off: it is empty");
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), /*freep=*/0, &error);
  if (source != nullptr) archive_.reset(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
  const std::string reason = archive_ ? "" : zip_error_strerror(&error);
  zip_error_fini(&error);
  if (!archive_) {
    zip_source_free(source);
    fail("not a PyTorch model file, or cut off: " + reason);
  }
  const auto count = zip_get_num_entries(archive_.get(), 0);
  for (zip_int64_t index = 0; index < count; ++index) {
    const char* name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(index), 0);
    const std::string_view path = name == nullptr ? "" : name;
    const auto slash = path.find('/');
    if (slash != std::string_view::npos && path.substr(slash + 1) == pickle_record) {
      top_folder_ = path.substr(0, slash + 1);
      return;
    }
  }
  fail("a zip archive without data.pkl, so not a PyTorch model file");
}

bool TorchArchive::is_torchscript() const {
  return zip_name_locate(archive_.get(), (top_folder_ + "constants.pkl").c_str(), 0) >= 0;
}

std::uint64_t TorchArchive::record_bytes(const std::string& record) const {
  zip_stat_t stat;
  if (zip_stat(archive_.get(), (top_folder_ + record).c_str(), 0, &stat) != 0) fail("record " + record + " is missing");
  constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((stat.valid & needed) != needed || stat.comp_method != ZIP_CM_STORE || stat.encryption_method != ZIP_EM_NONE) {
    fail("record " + record + " is compressed or encrypted, which torch.save never does");
  }
  if (stat.size > file_bytes_)
    fail("record " + record + " claims " + std::to_string(stat.size) + " bytes, more than the file has");
  return stat.size;
}

std::vector<std::byte> TorchArchive::read(const std::string& record, std::uint64_t max_bytes) const {
  const auto bytes = record_bytes(record);
  if (bytes > max_bytes) fail("record " + record + " has " + std::to_string(bytes) + " bytes, too many");
  std::vector<std::byte> content(bytes);
  read_into(record, content);
  return content;
}

void TorchArchive::read_into(const std::string& record, std::span<std::byte> out) const {
  if (const auto bytes = record_bytes(record); bytes != out.size()) {
    fail("record " + record + " has " + std::to_string(bytes) + " bytes, expected " + std::to_string(out.size()));
  }
  const ZipFile input(zip_fopen(archive_.get(), (top_folder_ + record).c_str(), 0));
  if (!input) fail("record " + record + ": " + zip_strerror(archive_.get()));
  const auto got = zip_fread(input.get(), out.data(), out.size());
  if (got != static_cast<zip_int64_t>(out.size())) fail("record " + record + ": " + zip_file_strerror(input.get()));
  // libzip compares the CRC at the end of the record, so read beyond the end.
  std::byte beyond{};
  if (zip_fread(input.get(), &beyond, 1) != 0)
    fail("record " + record + " is damaged: " + zip_file_strerror(input.get()));
}

void TorchArchive::fail(const std::string& what) const {
  throw Error(ErrorCode::bad_weights, file_.string() + ": " + what);
}

}  // namespace transnet::nn
