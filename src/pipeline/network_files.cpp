// SPDX-License-Identifier: Apache-2.0
#include "transnet/network_files.hpp"

#include <system_error>

#include "transnet/error.hpp"
#include "transnet/networks.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

std::shared_ptr<const ShotModel> load_file(const NetworkFile& file, const ShotModelOptions& options) {
  if (std::error_code ignored; !file.is_named && !std::filesystem::exists(file.path, ignored)) {
    throw Error(ErrorCode::not_found,
                file.path.string() + " is missing: fetch the published weights, or name a weights file");
  }
  return ShotModel::load(file.path, options);
}

}  // namespace

std::vector<NetworkFile> network_files(const ClipExtractorOptions& options) {
  std::vector<NetworkFile> files;
  for (const auto published : published_models(options.networks)) {
    const auto& named = files.empty() ? options.weights : options.second_weights;
    const bool is_named = !named.empty();
    files.push_back({is_named ? named : weights_path(options.model_dir, published), is_named, published});
  }
  return files;
}

void fetch_network_files(const ClipExtractorOptions& options, const FetchOptions& fetch) {
  for (const auto& file : network_files(options)) {
    if (file.is_named) continue;
    FetchOptions wanted = fetch;
    wanted.model = file.published;
    fetch_weights(options.model_dir, wanted);
  }
}

std::shared_ptr<const ShotModel> load_model(const ClipExtractorOptions& options) {
  const auto files = network_files(options);
  auto model = load_file(files.front(), options.model);
  return files.size() == 1 ? model : ShotModel::mean_of(model, load_file(files.back(), options.model));
}

std::string model_sha256(const ClipExtractorOptions& options) {
  const auto sha256_of = [](const NetworkFile& file) {
    // A fetched file has the published hash, otherwise it is refused.
    return file.is_named ? sha256_of_file(file.path) : std::string(weights_of(file.published).sha256);
  };
  const auto files = network_files(options);
  const auto first = sha256_of(files.front());
  return files.size() == 1 ? first : sha256_of_mean(first, sha256_of(files.back()));
}

}  // namespace transnet::inline TRANSNET_ABI
