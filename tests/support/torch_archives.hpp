// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zip.h>

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

/// Copies of PyTorch model files with something changed.
namespace transnet::test {

using ZipArchive = std::unique_ptr<zip_t, decltype([](zip_t* archive) { zip_discard(archive); })>;

inline ZipArchive open_zip(const std::filesystem::path& file, int flags) {
  ZipArchive archive(zip_open(file.c_str(), flags, nullptr));
  if (!archive) throw std::runtime_error("cannot open " + file.string());
  return archive;
}

inline std::string read_record(const std::filesystem::path& file, const std::string& record) {
  const auto archive = open_zip(file, ZIP_RDONLY);
  zip_stat_t stat;
  if (zip_stat(archive.get(), record.c_str(), 0, &stat) != 0) throw std::runtime_error(record + " is missing");
  std::string bytes(stat.size, '\0');
  zip_file_t* input = zip_fopen(archive.get(), record.c_str(), 0);
  zip_fread(input, bytes.data(), bytes.size());
  zip_fclose(input);
  return bytes;
}

/// Writes records, stored or compressed, into an archive, which is created if missing.
inline void write_records(const std::filesystem::path& file, const std::map<std::string, std::string>& records,
                          zip_int32_t method = ZIP_CM_STORE) {
  auto archive = open_zip(file, ZIP_CREATE);
  for (const auto& [record, bytes] : records) {
    zip_source_t* source = zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0);
    const auto index = zip_file_add(archive.get(), record.c_str(), source, ZIP_FL_OVERWRITE);
    if (index < 0) throw std::runtime_error("cannot add " + record);
    zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), method, 0);
  }
  if (zip_close(archive.get()) != 0) throw std::runtime_error("cannot write " + file.string());
  static_cast<void>(archive.release());  // closing has freed it
}

inline void write_record(const std::filesystem::path& file, const std::string& record, const std::string& bytes,
                         zip_int32_t method = ZIP_CM_STORE) {
  write_records(file, {{record, bytes}}, method);
}

/// Replaces the first occurrence, which must be there.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("nothing to replace");
  return text.replace(at, from.size(), to);
}

}  // namespace transnet::test
