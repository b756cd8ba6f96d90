#pragma once

#include <torch/csrc/jit/api/module.h>

#include <cstdint>
#include <string>

#include "model/network.hpp"
#include "model/torch_archive.hpp"

namespace transnet::model {

/// A network that comes as a TorchScript program with input uint8 [B, T, 27, 48, 3].
///
/// The answer is a tensor, a tuple whose first element is the single-frame head, or a dict; each head is [B, T, 1]. A
/// tuple's second element, or the entry "many_hot" of a dict (or of a dict in the tuple's second place, as the
/// published code has it), is the many-hot head.
///
/// Whether the answer is logits is found out by asking: probabilities lie in 0..1, so one value outside says logits. On
/// a window that shows one picture all the time no frame is a transition, which is a clearly negative logit, so a
/// network that works cannot be mistaken.
class TorchScriptNetwork final : public Network {
 public:
  /// @throws Error(bad_weights) where the program cannot be loaded or run, Error(bad_shape) for an answer of another
  /// form.
  TorchScriptNetwork(const TorchArchive& archive, const at::Device& device);

  [[nodiscard]] Precision precision() const noexcept override { return Precision::fp32; }
  [[nodiscard]] Heads forward(const at::Tensor& frames, Precision precision, Rows rows) const override;

  /// Whether it takes more than one window in one call; a traced program can be bound to one.
  [[nodiscard]] bool takes_batches() const noexcept { return takes_batches_; }
  [[nodiscard]] bool has_many_hot() const noexcept { return has_many_hot_; }
  [[nodiscard]] std::int64_t parameter_count() const;
  /// e.g. "tuple of logits"
  [[nodiscard]] const std::string& output_form() const noexcept { return output_form_; }

 private:
  void probe(const at::Device& device);

  torch::jit::Module module_;
  bool gives_logits_ = false;
  bool takes_batches_ = false;
  bool has_many_hot_ = false;
  std::string output_form_;
};

}  // namespace transnet::model
