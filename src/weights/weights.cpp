// SPDX-License-Identifier: Apache-2.0
#include "transnet/weights.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <system_error>

#include "transnet/error.hpp"
#include "weights/download.hpp"
#include "weights/files.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

namespace fs = std::filesystem;

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here changes the environment
  return value != nullptr ? value : "";
}

std::string published_address(const PublishedWeights& weights) {
  std::string address = "https://huggingface.co/";
  return address.append(weights.model_id)
      .append("/resolve/")
      .append(weights.revision)
      .append("/")
      .append(weights.file_name);
}

void require(bool valid, const std::string& message) {
  if (!valid) throw Error(ErrorCode::invalid_argument, message);
}

void check_timeout(std::chrono::seconds timeout, const std::string& name) {
  constexpr std::chrono::seconds longest = std::chrono::hours(24);
  require(timeout >= std::chrono::seconds(1) && timeout <= longest,
          name + " must be between 1 and " + std::to_string(longest.count()) + " seconds, not " +
              std::to_string(timeout.count()));
}

/// Fills in the default address and makes the hash lower case.
FetchOptions resolve(FetchOptions options) {
  const PublishedWeights& published = weights_of(options.model);
  if (options.url.empty()) options.url = environment_variable(std::string(published.url_variable).c_str());
  if (options.url.empty()) {
    options.url = published_address(published);
  } else {  // the check needs libcurl, which a machine with the weights may lack
    weights::check_address(options.url);
  }
  if (options.sha256.empty()) options.sha256 = published.sha256;
  const auto is_digit = [](unsigned char letter) { return std::isxdigit(letter) != 0; };
  require(options.sha256.size() == 64 && std::ranges::all_of(options.sha256, is_digit),
          "a sha256 is 64 hexadecimal digits, not \"" + options.sha256 + "\"");
  std::ranges::transform(options.sha256, options.sha256.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  require(options.attempts >= 1, "attempts must be at least 1, not " + std::to_string(options.attempts));
  check_timeout(options.connect_timeout, "connect_timeout");
  check_timeout(options.stall_timeout, "stall_timeout");
  return options;
}

fs::path with_suffix(fs::path path, const char* suffix) { return path += suffix; }

bool has_sha256(const fs::path& file, const std::string& sha256) {
  try {
    return sha256_of_file(file) == sha256;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return false;
    throw;
  }
}

void create_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw weights::system_error(folder, "cannot create the folder", error.value());
}

/// Brings `partial` to the right content.
void complete(weights::PartialFile& partial, const FetchOptions& options) {
  // Already complete if a process died between the last byte and the renaming.
  if (partial.size_bytes() > 0 && has_sha256(partial.path(), options.sha256)) return;
  std::string found;
  for (const bool last_try : {false, true}) {
    const weights::Origin origin = weights::download(options, partial);
    found = sha256_of_file(partial.path());
    if (found == options.sha256) return;
    partial.clear();
    // Pieces may come from two versions of the file; a wrong single response will stay wrong.
    if (last_try || origin == weights::Origin::one_response) break;
  }
  throw Error(ErrorCode::checksum_mismatch, weights::printable_address(options.url) +
                                                ": the sha256 of the downloaded file is " + found + ", expected " +
                                                options.sha256);
}

std::string manual_way(const fs::path& file, const FetchOptions& options) {
  return "; by hand: download " + weights::printable_address(options.url) + " on any machine and save it as " +
         file.string() + ", or name an existing weights file";
}

void download_to(const fs::path& file, const FetchOptions& options) {
  weights::PartialFile partial(with_suffix(file, ".partial"));
  try {
    complete(partial, options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::network) throw;
    throw Error(error.code(), error.what() + manual_way(file, options));
  }
  partial.publish(file);
}

}  // namespace

fs::path default_model_dir() {
  // The XDG base directory specification says to ignore a relative path.
  if (const fs::path cache = environment_variable("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "transnet";
  if (const fs::path home = environment_variable("HOME"); !home.empty()) return home / ".cache" / "transnet";
  throw Error(ErrorCode::not_found,
              "no folder for the weights: neither XDG_CACHE_HOME nor HOME is set; name a model folder");
}

fs::path installed_weights(PublishedModel model) {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  if (program.empty()) return {};
  fs::path file = program.parent_path().parent_path() / TRANSNET_DATA_FOLDER / "transnet" / weights_of(model).file_name;
  return fs::is_regular_file(file, ignored) ? file : fs::path();
}

fs::path weights_path(const fs::path& model_dir, PublishedModel model) {
  const PublishedWeights& published = weights_of(model);
  if (model_dir.empty()) {
    if (fs::path file = installed_weights(model); !file.empty()) return file;
  }
  return (model_dir.empty() ? default_model_dir() : model_dir) / published.model_id / published.file_name;
}

fs::path fetch_weights(const fs::path& model_dir, const FetchOptions& given_options) {
  const FetchOptions options = resolve(given_options);
  fs::path file = weights_path(model_dir, options.model);
  // Checks before writing anything, so that a read-only folder is enough.
  if (has_sha256(file, options.sha256)) return file;
  create_folder(file.parent_path());
  const weights::FileLock lock(with_suffix(file, ".lock"), options.stop);
  // Another process may have finished while this one waited.
  if (!has_sha256(file, options.sha256)) download_to(file, options);
  return file;
}

ModelFile fetch_model_file(const fs::path& model_dir, const FetchOptions& given_options) {
  const FetchOptions options = resolve(given_options);
  try {
    if (auto file = ModelFile::read(weights_path(model_dir, options.model)); file.sha256() == options.sha256)
      return file;
  } catch (const Error&) {
    // Fetching mends or reports it.
  }
  return ModelFile::read(fetch_weights(model_dir, given_options));
}

}  // namespace transnet::inline TRANSNET_ABI
