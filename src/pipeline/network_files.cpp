// SPDX-License-Identifier: Apache-2.0
#include "transnet/network_files.hpp"

#include <system_error>
#include <utility>

#include "transnet/error.hpp"
#include "transnet/networks.hpp"

namespace transnet::inline TRANSNET_ABI {

std::vector<NetworkFile> network_files(const ClipExtractorOptions& options) {
  std::vector<NetworkFile> files;
  for (const auto published : published_models(options.networks)) {
    const auto& named = files.empty() ? options.weights : options.second_weights;
    const bool is_named = !named.empty();
    files.push_back({is_named ? named : weights_path(options.model_dir, published), is_named, published});
  }
  return files;
}

std::vector<ModelFile> read_network_files(const ClipExtractorOptions& options) {
  std::vector<ModelFile> files;
  for (const auto& file : network_files(options)) {
    if (std::error_code ignored; !file.is_named && !std::filesystem::exists(file.path, ignored)) {
      throw Error(
          ErrorCode::not_found,
          file.path.string() + " is missing: fetch the published weights with setup_on_node(), or name a weights file");
    }
    files.push_back(ModelFile::read(file.path));
  }
  return files;
}

std::vector<ModelFile> fetch_network_files(const ClipExtractorOptions& options, const FetchOptions& fetch) {
  std::vector<ModelFile> files;
  for (const auto& file : network_files(options)) {
    FetchOptions wanted = fetch;
    wanted.model = file.published;
    files.push_back(file.is_named ? ModelFile::read(file.path) : fetch_model_file(options.model_dir, wanted));
  }
  return files;
}

std::shared_ptr<const ShotModel> load_model(std::span<const ModelFile> files, const ShotModelOptions& options) {
  if (files.empty() || files.size() > 2) throw Error(ErrorCode::invalid_argument, "a model needs one file or two");
  auto model = ShotModel::load(files.front(), options);
  if (files.size() == 1) return model;
  auto second = ShotModel::load(files.back(), options);
  // The many-hot head comes from the first one, and that of AutoShot tells less.
  if (model->info().kind == "autoshot" && second->info().kind == "transnetv2") {
    throw Error(ErrorCode::invalid_argument, files.front().path().string() + " is an AutoShot and " +
                                                 files.back().path().string() +
                                                 " a TransNetV2: name them in the other order");
  }
  return ShotModel::mean_of(std::move(model), std::move(second));
}

std::shared_ptr<const ShotModel> load_model(const ClipExtractorOptions& options) {
  return load_model(read_network_files(options), options.model);
}

std::string sha256_of(std::span<const ModelFile> files) {
  if (files.empty()) return "";
  return files.size() == 1 ? files.front().sha256() : sha256_of_mean(files.front().sha256(), files.back().sha256());
}

std::string published_sha256(Networks networks) {
  const auto models = published_models(networks);
  const std::string first(weights_of(models.front()).sha256);
  return models.size() == 1 ? first : sha256_of_mean(first, std::string(weights_of(models.back()).sha256));
}

}  // namespace transnet::inline TRANSNET_ABI
