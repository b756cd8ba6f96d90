// SPDX-License-Identifier: Apache-2.0
#include "run/lazy_model.hpp"

#include <utility>

#include "run/exit_status.hpp"
#include "run/model_setup.hpp"
#include "transnet/error.hpp"
#include "transnet/network_files.hpp"

namespace command {

LazyModel::LazyModel(transnet::ClipExtractorOptions options, int jobs, ProgressMode progress, std::stop_token stop)
    : options_(std::move(options)), jobs_(jobs), progress_(progress), stop_(std::move(stop)) {}

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
  if (sha256_.empty()) sha256_ = transnet::model_sha256(options_);
  return sha256_;
}

std::shared_ptr<const transnet::ShotModel> LazyModel::load() const {
  try {
    return ready_model(options_, jobs_, progress_, stop_);
  } catch (const transnet::Error& error) {
    if (error.code() == transnet::ErrorCode::cancelled) throw;
    throw RunError(error.what());
  }
}

}  // namespace command
