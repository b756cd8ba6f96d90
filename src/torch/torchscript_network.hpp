// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <string>

#include "nn/model_file.hpp"
#include "torch/tensor_network.hpp"

namespace transnet::libtorch {

/// A network loaded from a TorchScript program with input uint8 [B, T, height, width, 3], and its properties.
struct TorchScriptProgram {
  std::unique_ptr<const TensorNetwork> network;
  bool takes_batches = false;  ///< more than one window in one call; a traced program may take only one
  bool has_many_hot = false;
  std::int64_t parameter_count = 0;
  std::string output_form;  ///< e.g. "tuple of logits"
  FrameSize frame_size;
};

/// The program must return a tensor, a tuple whose first element is the single-frame head, or a dict; each head is [B,
/// T, 1]. The many-hot head is the second element of a tuple, or the entry "many_hot" of a dict (or of a dict in the
/// tuple's second place, as in the published code).
///
/// Running the program shows whether it returns logits: probabilities lie in 0..1, so one value outside means logits.
/// On a window with an unchanging picture, no frame is a transition, and its logit is clearly negative, so a working
/// network cannot be mistaken.
/// @throws Error(bad_weights) if the program cannot be loaded or run, Error(bad_shape) for an answer of another form.
[[nodiscard]] TorchScriptProgram load_torchscript(const nn::ModelFile& file, const at::Device& device);

}  // namespace transnet::libtorch
