// SPDX-License-Identifier: Apache-2.0
#include "transnet/weights.hpp"

#include <string>

#include "foreground.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "python.hpp"
#include "transnet/error.hpp"
#include "transnet/networks.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::python {
namespace {

PublishedModel published_model_of(nb::handle word) {
  const std::string name = text_of("model", word);
  for (const auto model : models_of_both) {
    if (weights_of(model).name == name) return model;
  }
  throw Error(ErrorCode::invalid_argument, "model is '" + name + "', expected 'transnetv2' or 'autoshot'");
}

std::string folder_of(nb::handle model_dir) { return model_dir.is_none() ? std::string() : file_bytes(model_dir); }

}  // namespace

void bind_weights(nb::module_& module) {
  module.def(
      "weights_path",
      [](nb::object model_dir, nb::object model) {
        return file_text(weights_path(folder_of(model_dir), published_model_of(model)).native());
      },
      nb::arg("model_dir").none(), nb::arg("model").none());
  module.def(
      "fetch_weights",
      [](nb::object model_dir, nb::object model, nb::object url, nb::object sha256, nb::object progress) {
        FetchOptions options{.url = text_of("url", url), .sha256 = text_of("sha256", sha256)};
        options.model = published_model_of(model);
        const std::string folder = folder_of(model_dir);
        ProgressReport report(progress);
        std::string path;
        Foreground::run([&](Foreground& foreground) {
          options.stop = foreground.stop();
          options.on_progress = [&](std::int64_t done, std::int64_t total) { report.tell(foreground, done, total); };
          path = fetch_weights(folder, options).native();
        });
        report.deliver();
        return file_text(path);
      },
      nb::arg("model_dir").none(), nb::arg("model").none(), nb::arg("url").none(), nb::arg("sha256").none(),
      nb::arg("progress").none());
  module.def(
      "recommended_threshold", [](nb::object file) { return recommended_threshold(file_bytes(file)); },
      nb::arg("file").none());
}

}  // namespace transnet::python
