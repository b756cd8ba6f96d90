// SPDX-License-Identifier: Apache-2.0
#include "torch/checkpoint/torch_archive.hpp"

#include <zip.h>

#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include "base/system_error.hpp"
#include "transnet/error.hpp"

namespace transnet::model {
namespace {

using ZipFile = std::unique_ptr<zip_file_t, decltype([](zip_file_t* file) { zip_fclose(file); })>;

constexpr std::string_view pickle_record = "data.pkl";

/// Tells apart what libzip would all call "no zip archive".
std::uint64_t require_readable(const std::filesystem::path& file) {
  std::error_code code;
  const auto status = std::filesystem::status(file, code);
  if (status.type() == std::filesystem::file_type::not_found)
    throw Error(ErrorCode::not_found, file.string() + ": no such file");
  if (status.type() == std::filesystem::file_type::directory) {
    throw Error(ErrorCode::io, file.string() + ": a directory, not a model file");
  }
  errno = 0;
  if (!std::ifstream(file, std::ios::binary)) {
    throw base::system_error(file.string() + ": cannot be read", code ? code.value() : errno);
  }
  const auto bytes = std::filesystem::file_size(file, code);
  if (code) throw Error(ErrorCode::io, file.string() + ": not a regular file");
  return bytes;
}

}  // namespace

void TorchArchive::Closer::operator()(zip* archive) const noexcept { zip_discard(archive); }

TorchArchive::TorchArchive(const std::filesystem::path& file) : file_(file), file_bytes_(require_readable(file)) {
  int code = 0;
  archive_.reset(zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (!archive_) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
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
  // libzip compares the CRC when it meets the end, so the end has to be asked for.
  std::byte beyond{};
  if (zip_fread(input.get(), &beyond, 1) != 0)
    fail("record " + record + " is damaged: " + zip_file_strerror(input.get()));
}

void TorchArchive::fail(const std::string& what) const {
  throw Error(ErrorCode::bad_weights, file_.string() + ": " + what);
}

}  // namespace transnet::model
