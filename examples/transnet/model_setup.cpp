#include "model_setup.hpp"

#include <utility>

#include "console.hpp"

namespace command {

std::shared_ptr<const transnet::ShotModel> ready_model(const transnet::ClipExtractorOptions& options, int jobs,
                                                       std::stop_token stop) {
  const auto file = options.weights.empty() ? transnet::fetch_weights(options.model_dir, fetch_options(std::move(stop)))
                                            : options.weights;
  return transnet::ShotModel::load(file, {.device = options.device,
                                          .precision = options.precision,
                                          .gpu_memory_gb = options.gpu_memory_gb,
                                          .threads = options.threads,
                                          .concurrent_calls = jobs});
}

transnet::FetchOptions fetch_options(std::stop_token stop) {
  transnet::FetchOptions options;
  options.stop = std::move(stop);
  options.on_progress = [line = std::make_shared<ProgressLine>("weights", "bytes")](
                            std::int64_t done, std::int64_t total) { line->show(done, total); };
  return options;
}

}  // namespace command
