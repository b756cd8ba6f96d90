// SPDX-License-Identifier: Apache-2.0
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/cpu/Utils.h>
#include <torch/version.h>

#include "base/library_file.hpp"
#include "torch/cpu_backbone.hpp"
#include "transnet/runtime_info.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

std::vector<std::string> instruction_sets() {
  std::vector<std::string> sets;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) sets.emplace_back("avx2");
  if (__builtin_cpu_supports("fma")) sets.emplace_back("fma");
  if (__builtin_cpu_supports("avx512f")) sets.emplace_back("avx512f");
  if (__builtin_cpu_supports("avx512bw")) sets.emplace_back("avx512bw");
  if (__builtin_cpu_supports("avx512bf16")) sets.emplace_back("avx512bf16");
  if (at::cpu::init_amx()) sets.emplace_back("amx");
#endif
  return sets;
}

}  // namespace

LibraryInfo libtorch_library() { return {"LibTorch", TORCH_VERSION, base::library_file(&at::get_num_threads)}; }

ComputeInfo compute_info() {
  ComputeInfo info;
  info.cpu_capability = at::get_cpu_capability();
  info.instruction_sets = instruction_sets();
  info.has_fast_bf16 = model::has_fast_bf16();
  info.has_cuda = at::hasCUDA();
  info.cuda_device_count = info.has_cuda ? static_cast<int>(at::detail::getCUDAHooks().deviceCount()) : 0;
  return info;
}

}  // namespace transnet::inline TRANSNET_ABI
