// SPDX-License-Identifier: Apache-2.0
#include "run/model_setup.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include "transnet/error.hpp"

namespace command {

std::shared_ptr<const transnet::ShotModel> ready_model(const transnet::ClipExtractorOptions& options, int jobs,
                                                       ProgressMode progress, std::stop_token stop) {
  const auto file = options.weights.empty() ? fetch_model(options, progress, std::move(stop)) : options.weights;
  auto model = options.model;
  model.concurrent_calls = jobs;
  return transnet::ShotModel::load(file, model);
}

void protect_model(const transnet::ClipExtractorOptions& options, ProtectedFiles& files) {
  if (!options.weights.empty()) return files.protect(options.weights);
  try {
    files.protect(transnet::weights_path(options.model_dir, options.published_model));
  } catch (const transnet::Error&) {
    // No environment variable names the cache folder, so nothing is read from there.
  }
}

std::filesystem::path fetch_model(const transnet::ClipExtractorOptions& options, ProgressMode progress,
                                  std::stop_token stop) {
  transnet::FetchOptions fetch{.model = options.published_model};
  fetch.stop = std::move(stop);
  fetch.on_progress = [bar = std::make_shared<DownloadProgress>(progress, "weights")](
                          std::int64_t done, std::int64_t total) { bar->show(done, total); };
  try {
    return transnet::fetch_weights(options.model_dir, fetch);
  } catch (const transnet::Error& error) {
    if (error.code() != transnet::ErrorCode::network) throw;
    // The library's advice ends with an existing weights file: add the option for it.
    throw transnet::Error(error.code(), std::string(error.what()) + " (--weights FILE)");
  }
}

}  // namespace command
