#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "transnet/export.hpp"

namespace transnet {

/// The weights that the reference uses.
inline constexpr std::string_view weights_model_id = "Sn4kehead/TransNetV2";
inline constexpr std::string_view weights_revision = "db6ceab";
inline constexpr std::string_view weights_file_name = "transnetv2-pytorch-weights.pth";
inline constexpr std::string_view weights_sha256 = "a313d0b3bebfa9a71914b375bfdf918a30b5c3b1e6be51972d35dd8078b442de";
inline constexpr std::int64_t weights_size_bytes = 30'506'391;

struct FetchOptions {
  std::string url;  ///< empty = $TRANSNET_WEIGHTS_URL, and where that is empty too, the reference's address
  std::string sha256{weights_sha256};  ///< what the file must hash to
  std::chrono::seconds connect_timeout{30};
  std::chrono::seconds stall_timeout{60};  ///< ends a transfer in which nothing arrives for that long
  int attempts = 5;                        ///< of a transfer that breaks; each resumes where the last one ended
  std::stop_token stop;                    ///< a request ends the transfer with Error(cancelled)
  std::function<void(std::int64_t done_bytes, std::int64_t total_bytes)> on_progress;  ///< total 0 = not known
};

/// The user's cache folder: $XDG_CACHE_HOME/transnet, else $HOME/.cache/transnet.
/// @throws Error(not_found) where neither variable is set.
[[nodiscard]] TRANSNET_API std::filesystem::path default_model_dir();

/// Where the weights lie below a model folder (empty = `default_model_dir()`), there or not:
/// <model_dir>/Sn4kehead/TransNetV2/transnetv2-pytorch-weights.pth, as the reference keeps them.
[[nodiscard]] TRANSNET_API std::filesystem::path weights_path(const std::filesystem::path& model_dir = {});

/// Makes sure that the weights are there and whole, and returns `weights_path(model_dir)`. A file that is there and has
/// the right hash is left alone. Otherwise it is downloaded to a temporary name, checked, and renamed; any number of
/// processes and threads may do so at once: one downloads, the others wait. A broken transfer is resumed, by a later
/// call too. Honours the proxy variables of libcurl.
/// @throws Error: network (with the manual way in the message), checksum_mismatch, io, permission_denied, cancelled.
TRANSNET_API std::filesystem::path fetch_weights(const std::filesystem::path& model_dir = {},
                                                 const FetchOptions& options = {});

/// sha256 of a file, lower-case hexadecimal.
/// @throws Error: not_found, permission_denied, io.
[[nodiscard]] TRANSNET_API std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace transnet
