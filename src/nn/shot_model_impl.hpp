// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "nn/model_file.hpp"
#include "nn/network.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::inline TRANSNET_ABI {

/// A network and its description.
class ShotModel::Impl {
 public:
  Impl(const nn::ModelFile& file, const ShotModelOptions& options);
  /// As `ShotModel::from_function`.
  explicit Impl(ShotFunction function);
  /// As `ShotModel::mean_of`.
  Impl(const std::shared_ptr<const ShotModel>& first, const std::shared_ptr<const ShotModel>& second);

  [[nodiscard]] const ShotModelInfo& info() const noexcept { return info_; }
  [[nodiscard]] const nn::Network& network() const noexcept { return *network_; }
  [[nodiscard]] const std::shared_ptr<const ShotModel>& first_of_mean() const noexcept { return first_of_mean_; }

  /// The windows need not follow each other in a video.
  [[nodiscard]] ShotProbabilities predict(std::span<const std::uint8_t> windows, Precision precision,
                                          nn::Rows rows) const;
  [[nodiscard]] std::string to_torchscript() const;

  /// fp32 or bf16. @throws Error(unsupported) for a precision that the network does not have.
  [[nodiscard]] Precision resolve(Precision precision) const;

 private:
  ShotModelInfo info_;
  bool has_file_;  ///< false: `info_.file` is only a name
  std::filesystem::path torch_backend_;
  std::unique_ptr<const nn::Network> network_;
  std::shared_ptr<const ShotModel> first_of_mean_;
};

}  // namespace transnet::inline TRANSNET_ABI
