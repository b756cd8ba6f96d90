// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <string>

#include "nn/model_file.hpp"
#include "torch/tensor_network.hpp"

namespace transnet::libtorch {

/// A network that came as a TorchScript program with input uint8 [B, T, 27, 48, 3], and what was found out about it.
struct TorchScriptProgram {
  std::unique_ptr<const TensorNetwork> network;
  bool takes_batches = false;  ///< more than one window in one call; a traced program can be bound to one
  bool has_many_hot = false;
  std::int64_t parameter_count = 0;
  std::string output_form;  ///< e.g. "tuple of logits"
};

/// The answer of such a program is a tensor, a tuple whose first element is the single-frame head, or a dict; each head
/// is [B, T, 1]. A tuple's second element, or the entry "many_hot" of a dict (or of a dict in the tuple's second place,
/// as the published code has it), is the many-hot head.
///
/// Whether the answer is logits is found out by asking: probabilities lie in 0..1, so one value outside says logits. On
/// a window that shows one picture all the time no frame is a transition, which is a clearly negative logit, so a
/// network that works cannot be mistaken.
/// @throws Error(bad_weights) where the program cannot be loaded or run, Error(bad_shape) for an answer of another
/// form.
[[nodiscard]] TorchScriptProgram load_torchscript(const nn::ModelFile& file, const at::Device& device);

}  // namespace transnet::libtorch
