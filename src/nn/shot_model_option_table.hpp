// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <filesystem>
#include <tuple>

#include "base/option_table.hpp"
#include "base/thread_count.hpp"
#include "transnet/abi.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::inline TRANSNET_ABI {

inline constexpr std::array precision_words{
    OptionWord<Precision>{"auto", Precision::automatic},
    OptionWord<Precision>{"fp32", Precision::fp32},
    OptionWord<Precision>{"bf16", Precision::bf16},
};

template <>
struct OptionTable<ShotModelOptions> {
  static auto fields(const ShotModelOptions& options) {
    const auto& [device, precision, gpu_memory_gb, threads, concurrent_calls, torch_backend] = options;
    return std::tie(device, precision, gpu_memory_gb, threads, concurrent_calls, torch_backend);
  }

  static constexpr std::tuple rows{
      OptionRow<ShotModelOptions, Device>{"device", &ShotModelOptions::device, Affects::nothing,
                                          "Device that runs the network"},
      OptionRow<ShotModelOptions, Precision>{"precision",
                                             &ShotModelOptions::precision,
                                             Affects::predictions,
                                             "Precision of the network; auto gives the decisions of fp32",
                                             {},
                                             precision_words},
      OptionRow<ShotModelOptions, double>{
          "gpu_memory_gb",
          &ShotModelOptions::gpu_memory_gb,
          Affects::nothing,
          "Memory budget on a CUDA device",
          {[](double value) { return std::isfinite(value) && value > 0.0; }, "more than 0"}},
      OptionRow<ShotModelOptions, int>{"threads",
                                       &ShotModelOptions::threads,
                                       Affects::nothing,
                                       "CPU threads of the run; 0 = all cores",
                                       {[](double value) { return value <= base::most_threads; }, "1024 or less"}},
      OptionRow<ShotModelOptions, int>{
          "concurrent_calls",
          &ShotModelOptions::concurrent_calls,
          Affects::nothing,
          "",
          {[](double value) { return value >= 1.0 && value <= base::most_threads; }, "1 to 1024"}},
      OptionRow<ShotModelOptions, std::filesystem::path>{
          "torch_backend", &ShotModelOptions::torch_backend, Affects::nothing,
          "Library that runs TorchScript models and CUDA devices (default: the installed one)"},
  };
};

}  // namespace transnet::inline TRANSNET_ABI
