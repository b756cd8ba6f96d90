// SPDX-License-Identifier: Apache-2.0
#include "run/model_setup.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include "transnet/error.hpp"
#include "transnet/network_files.hpp"

namespace command {

std::shared_ptr<const transnet::ShotModel> ready_model(const transnet::ClipExtractorOptions& options, int jobs,
                                                       ProgressMode progress, std::stop_token stop) {
  fetch_model(options, progress, std::move(stop));
  auto wanted = options;
  wanted.model.concurrent_calls = jobs;
  return transnet::load_model(wanted);
}

void protect_model(const transnet::ClipExtractorOptions& options, ProtectedFiles& files) {
  try {
    for (const auto& file : transnet::network_files(options)) files.protect(file.path);
  } catch (const transnet::Error&) {
    // No environment variable names the cache folder, so nothing is read from there.
  }
}

void fetch_model(const transnet::ClipExtractorOptions& options, ProgressMode progress, std::stop_token stop) {
  transnet::FetchOptions fetch;
  fetch.stop = std::move(stop);
  fetch.on_progress = [bar = std::make_shared<DownloadProgress>(progress, "weights")](
                          std::int64_t done, std::int64_t total) { bar->show(done, total); };
  try {
    transnet::fetch_network_files(options, fetch);
  } catch (const transnet::Error& error) {
    if (error.code() != transnet::ErrorCode::network) throw;
    // The library's advice ends with an existing weights file: add the option for it.
    throw transnet::Error(error.code(), std::string(error.what()) + " (--weights FILE)");
  }
}

}  // namespace command
