#include "run/model_setup.hpp"

#include <cstdint>
#include <utility>

#include "transnet/error.hpp"

namespace command {

std::shared_ptr<const transnet::ShotModel> ready_model(const transnet::ClipExtractorOptions& options, int jobs,
                                                       ProgressMode progress, std::stop_token stop) {
  const auto file = options.weights.empty()
                        ? transnet::fetch_weights(options.model_dir, fetch_options(progress, std::move(stop)))
                        : options.weights;
  auto model = options.model;
  model.concurrent_calls = jobs;
  return transnet::ShotModel::load(file, model);
}

void protect_model(const transnet::ClipExtractorOptions& options, ProtectedFiles& files) {
  if (!options.weights.empty()) return files.protect(options.weights);
  try {
    files.protect(transnet::weights_path(options.model_dir));
  } catch (const transnet::Error&) {
    // No variable says where the cache folder is: nothing is read from there.
  }
}

transnet::FetchOptions fetch_options(ProgressMode progress, std::stop_token stop) {
  transnet::FetchOptions options;
  options.stop = std::move(stop);
  options.on_progress = [bar = std::make_shared<DownloadProgress>(progress, "weights")](
                            std::int64_t done, std::int64_t total) { bar->show(done, total); };
  return options;
}

}  // namespace command
