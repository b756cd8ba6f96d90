// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"
#include "transnet/model_file.hpp"
#include "transnet/published_weights.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The source of the weights, the patience of the download, and the means to observe and stop it.
struct FetchOptions {
  std::string url;     ///< empty = the variable `url_variable` of the weights; if that is empty too, the published one
  std::string sha256;  ///< expected hash of the file; empty = the published one
  std::chrono::seconds connect_timeout{30};  ///< 1 s .. 1 day
  std::chrono::seconds stall_timeout{60};    ///< longest time without data before the transfer ends; 1 s .. 1 day
  int attempts = 5;                          ///< tries of a broken transfer; each resumes where the last one ended
  std::stop_token stop;  ///< a request ends the transfer or the wait with Error(cancelled) within a second
  /// Called on the caller's thread while bytes arrive; its exceptions end the transfer and reach the caller.
  std::function<void(std::int64_t done_bytes, std::int64_t total_bytes)> on_progress;  ///< total 0 = unknown
  PublishedModel model = PublishedModel::transnetv2;
};

/// The user's cache folder: $XDG_CACHE_HOME/transnet, otherwise $HOME/.cache/transnet.
/// @throws Error(not_found) if neither variable is set.
[[nodiscard]] TRANSNET_API std::filesystem::path default_model_dir();

/// The weights beside the program: share/transnet/`file_name` in the folder above the program's, so that a folder with
/// bin/ and share/ can be moved. Empty = there is no such file. Thread-safe.
[[nodiscard]] TRANSNET_API std::filesystem::path installed_weights(PublishedModel model = PublishedModel::transnetv2);

/// The path of the weights below a model folder, whether they exist or not. For TransNetV2:
/// `model_dir`/Sn4kehead/TransNetV2/transnetv2-pytorch-weights.pth, as in the reference. An empty `model_dir` means
/// `installed_weights(model)`, and if there are none, the folder `default_model_dir()`.
[[nodiscard]] TRANSNET_API std::filesystem::path weights_path(const std::filesystem::path& model_dir = {},
                                                              PublishedModel model = PublishedModel::transnetv2);

/// Makes sure that the weights exist and are complete, and returns
/// `weights_path(model_dir, options.model)`. A file with the right
/// hash is left alone; a file with another hash counts as damaged and is replaced. The download goes to a temporary
/// name (`.partial`), is checked, and renamed. Any number of processes and threads may call this at once: one
/// downloads, the others wait on a lock file (`.lock`, which stays) and find the result. A broken transfer is resumed,
/// even by a later call. Redirects are followed, from https to https only; libcurl's proxy variables are honoured. A
/// response of more than four times the published size is refused.
///
/// Initialises libcurl on the first call. A program that uses libcurl below 7.84 itself should call `curl_global_init`
/// before it starts threads.
/// @throws Error: network (with the manual way in the message), checksum_mismatch, io, permission_denied, cancelled;
///   invalid_argument for an address that is not http(s) and for options out of range; not_found as
///   `default_model_dir`.
TRANSNET_API std::filesystem::path fetch_weights(const std::filesystem::path& model_dir = {},
                                                 const FetchOptions& options = {});

/// As `fetch_weights`, and reads the file: once, if it is complete already.
/// @throws Error as `fetch_weights` and `ModelFile::read`
[[nodiscard]] TRANSNET_API ModelFile fetch_model_file(const std::filesystem::path& model_dir = {},
                                                      const FetchOptions& options = {});

/// sha256 of a file, lower-case hexadecimal.
/// @throws Error: not_found, permission_denied, io.
[[nodiscard]] TRANSNET_API std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace transnet::inline TRANSNET_ABI
