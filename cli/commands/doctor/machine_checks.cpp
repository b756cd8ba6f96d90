// SPDX-License-Identifier: Apache-2.0
#include "commands/doctor/machine_checks.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <system_error>
#include <thread>

#include "base/counted.hpp"
#include "transnet/runtime_info.hpp"
#include "transnet/weights.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

/// The name that Linux gives; empty: it gives none.
std::string processor_name() {
  constexpr std::string_view key = "model name";
  std::ifstream stream("/proc/cpuinfo");
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(key)) continue;
    const auto begin = line.find_first_not_of(": \t", key.size());
    return begin != std::string::npos ? line.substr(begin) : "";
  }
  return "";
}

/// The folder, or the nearest existing one above it.
fs::path nearest_folder(fs::path folder) {
  std::error_code ignored;
  while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

}  // namespace

Check check_libtorch(const transnet::TorchInfo& torch) {
  Check check{.name = "libtorch"};
  if (!torch.is_available) {
    check.finding = "not available: only TorchScript models and CUDA devices need it";
    check.facts = {{"version", Json()}, {"file", Json()}, {"problem", torch.problem}};
    return check;
  }
  const auto& library = torch.library;
  check.finding = fmt::format("{}, {}", library.version, library.file.native());
  check.facts = {{"version", library.version}, {"file", library.file.native()}, {"problem", Json()}};
  return check;
}

Check check_processor() {
  const auto compute = transnet::compute_info();
  const auto name = processor_name();
  Check check{.name = "processor"};
  check.finding =
      fmt::format("{}; {}; --precision auto is {}", name.empty() ? "unknown" : name, compute.instruction_set,
                  compute.has_fast_bf16 ? "bf16, and fp32 near the threshold" : "fp32");
  check.facts = {{"name", name},
                 {"instruction_sets", compute.instruction_sets},
                 {"instruction_set", compute.instruction_set},
                 {"automatic_precision", compute.has_fast_bf16 ? "bf16 and fp32" : "fp32"}};
  return check;
}

Check check_threads(int requested_threads) {
  const auto available = std::thread::hardware_concurrency();
  Check check{.name = "threads"};
  check.finding =
      requested_threads > 0 ? fmt::format("{} of {}", requested_threads, available) : std::to_string(available);
  check.facts = {{"available", available}, {"requested", requested_threads}};
  return check;
}

Check check_cuda(const transnet::TorchInfo& torch) {
  Check check{.name = "cuda"};
  if (!torch.is_available) {
    check.finding = "no device without LibTorch; the CPU is used";
  } else if (!torch.has_cuda) {
    check.finding = "none: this LibTorch has no CUDA library that can be loaded; the CPU is used";
  } else if (torch.cuda_device_count == 0) {
    check.finding = "no device; the CPU is used";
  } else {
    check.finding = transnet::base::counted(torch.cuda_device_count, "device");
  }
  check.facts = {{"is_loaded", torch.has_cuda}, {"device_count", torch.cuda_device_count}};
  return check;
}

Check check_folder(const fs::path& folder, std::int64_t weights_bytes, bool has_weights) {
  constexpr double bytes_per_gb = 1e9;
  const auto wanted_bytes = 2 * static_cast<std::uintmax_t>(weights_bytes);
  const auto existing = nearest_folder(folder);
  std::error_code ignored;
  const bool is_writable = ::access(existing.c_str(), W_OK | X_OK) == 0 && fs::is_directory(existing, ignored);
  const auto space = fs::space(existing, ignored);
  const bool is_known = !ignored;
  const bool has_room = !is_known || space.available >= wanted_bytes;

  Check check{.name = "folder"};
  check.finding =
      fmt::format("{}, {}{}", folder.native(), is_writable ? "writable" : "not writable",
                  is_known ? fmt::format(", {:.1f} GB free", static_cast<double>(space.available) / bytes_per_gb) : "");
  if (!is_writable || !has_room) {
    check.status = has_weights ? CheckStatus::ok : CheckStatus::failed;  // reading the weights needs no room
    check.advice = has_weights ? "" : "name another folder with --model-dir, or a weights file with --weights";
  }
  check.facts = {{"folder", folder.native()},
                 {"is_writable", is_writable},
                 {"free_bytes", is_known ? Json(space.available) : Json()}};
  return check;
}

}  // namespace command
