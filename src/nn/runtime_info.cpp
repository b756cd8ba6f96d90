// SPDX-License-Identifier: Apache-2.0
#include "transnet/runtime_info.hpp"

#include "nn/cpu/instruction_set.hpp"
#include "nn/torch_backend.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {

ComputeInfo compute_info() {
  const auto& chosen = nn::cpu::chosen_instruction_set();
  ComputeInfo info{.instruction_set = std::string(chosen.name), .has_fast_bf16 = chosen.bf16 != nullptr};
  for (const auto& set : nn::cpu::instruction_sets()) {
    if (set.cpu_has()) info.instruction_sets.emplace_back(set.name);
  }
  return info;
}

TorchInfo torch_info(const std::filesystem::path& torch_backend) {
  TorchInfo info;
  try {
    const nn::TorchBackend& backend = nn::torch_backend(torch_backend);
    const int devices = backend.cuda_device_count();
    info.is_available = true;
    info.library = backend.library();
    info.has_cuda = devices >= 0;
    info.cuda_device_count = devices < 0 ? 0 : devices;
  } catch (const Error& error) {
    info.problem = error.what();
  }
  return info;
}

}  // namespace transnet::inline TRANSNET_ABI
