#include "model_setup.hpp"

#include <memory>
#include <utility>

#include "console.hpp"

namespace command {

transnet::ClipExtractor ready_extractor(transnet::ClipExtractorOptions options, std::stop_token stop) {
  options.log = log;
  transnet::ClipExtractor extractor(std::move(options));
  extractor.setup_on_node(fetch_options(std::move(stop)));
  extractor.setup();
  return extractor;
}

transnet::FetchOptions fetch_options(std::stop_token stop) {
  transnet::FetchOptions options;
  options.stop = std::move(stop);
  options.on_progress = [line = std::make_shared<ProgressLine>("weights", "bytes")](
                            std::int64_t done, std::int64_t total) { line->show(done, total); };
  return options;
}

}  // namespace command
