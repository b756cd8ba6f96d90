// SPDX-License-Identifier: Apache-2.0
#include "run/lazy_model.hpp"

#include <utility>

#include "run/exit_status.hpp"
#include "run/model_setup.hpp"
#include "transnet/error.hpp"
#include "transnet/network_files.hpp"

namespace command {

LazyModel::LazyModel(transnet::ClipExtractorOptions options, std::vector<transnet::ModelFile> files, int jobs,
                     ProgressMode progress, std::stop_token stop)
    : options_(std::move(options)),
      jobs_(jobs),
      progress_(progress),
      stop_(std::move(stop)),
      files_(std::move(files)) {}

std::shared_ptr<const transnet::ShotModel> LazyModel::get() {
  const std::lock_guard lock(mutex_);
  if (model_) return model_;
  auto model = load();
  if (!sha256_.empty() && sha256_ != model->info().sha256) {
    throw RunError(model->info().file.native() + ": the file was replaced while the command ran");
  }
  sha256_ = model->info().sha256;
  return model_ = std::move(model);
}

std::string LazyModel::sha256() {
  const std::lock_guard lock(mutex_);
  if (!sha256_.empty()) return sha256_;
  const bool is_named = !options_.weights.empty() || !options_.second_weights.empty();
  if (files_.empty() && is_named) files_ = ready_model_files(options_, progress_, stop_);
  return sha256_ = files_.empty() ? transnet::published_sha256(options_.networks) : transnet::sha256_of(files_);
}

std::shared_ptr<const transnet::ShotModel> LazyModel::load() {
  try {
    if (files_.empty()) files_ = ready_model_files(options_, progress_, stop_);
    auto options = options_.model;
    options.concurrent_calls = jobs_;
    auto model = transnet::load_model(files_, options);
    files_.clear();
    return model;
  } catch (const transnet::Error& error) {
    if (error.code() == transnet::ErrorCode::cancelled) throw;
    throw RunError(error.what());
  }
}

}  // namespace command
