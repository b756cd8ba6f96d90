// SPDX-License-Identifier: Apache-2.0
#include "run/model_setup.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "transnet/error.hpp"
#include "transnet/network_files.hpp"

namespace command {

void protect_model(const transnet::ClipExtractorOptions& options, ProtectedFiles& files) {
  try {
    for (const auto& file : transnet::network_files(options)) files.protect(file.path);
  } catch (const transnet::Error&) {
    // No environment variable names the cache folder, so nothing is read from there.
  }
}

std::vector<transnet::ModelFile> ready_model_files(const transnet::ClipExtractorOptions& options, ProgressMode progress,
                                                   std::stop_token stop) {
  transnet::FetchOptions fetch;
  fetch.stop = std::move(stop);
  fetch.on_progress = [bar = std::make_shared<DownloadProgress>(progress, "weights")](
                          std::int64_t done, std::int64_t total) { bar->show(done, total); };
  try {
    return transnet::fetch_network_files(options, fetch);
  } catch (const transnet::Error& error) {
    if (error.code() != transnet::ErrorCode::network) throw;
    // The library's advice ends with an existing weights file: add the option for it.
    const bool has_first = !options.weights.empty();
    throw transnet::Error(error.code(),
                          std::string(error.what()) + (has_first ? " (--second-weights FILE)" : " (--weights FILE)"));
  }
}

}  // namespace command
