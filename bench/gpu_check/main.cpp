// SPDX-License-Identifier: Apache-2.0
// The LibTorch backend on a GPU: do its answers equal the answers of the CPU's own kernels, how fast is it, and where
// does the time go? Runs on the CPU too, which shows that the program works. scripts/gpu_check.sh builds and starts it.
//   transnet_gpu_check WEIGHTS FRAMES.rgb... [--device auto|cpu|cuda:N] [--quick] [--tolerance 1e-4]
// The files hold 48x27 RGB24 frames. --quick measures little, in a few seconds. Exit status 0: the answers agree; 1:
// they do not, or an error; 2: bad usage.
#include <ATen/Context.h>
#include <ATen/ops/_convolution.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gpu_check/agreement.hpp"
#include "gpu_check/device_time.hpp"
#include "gpu_check/operator_times.hpp"
#include "nn/checkpoint/state_dict.hpp"
#include "nn/checkpoint/torch_archive.hpp"
#include "nn/layout.hpp"
#include "nn/model_file.hpp"
#include "nn/network_weights.hpp"
#include "torch/device.hpp"
#include "torch/errors.hpp"
#include "torch/published_network.hpp"
#include "torch/torchscript_export.hpp"
#include "torch/torchscript_network.hpp"
#include "transnet/error.hpp"
#include "transnet/frames.hpp"
#include "transnet/runtime_info.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/version.hpp"
#include "transnet/windows.hpp"
#if defined(TRANSNET_HAS_CUDA_GRAPHS)
#include <c10/cuda/CUDACachingAllocator.h>

#include "torch/graph_network.hpp"
#endif

namespace gpu_check {
namespace {

namespace libtorch = transnet::libtorch;
namespace nn = transnet::nn;
using libtorch::TensorNetwork;
using transnet::Error;
using transnet::ErrorCode;
using transnet::Precision;
using Network = std::shared_ptr<const TensorNetwork>;

struct UsageError {
  std::string message;
};

struct Arguments {
  std::filesystem::path weights;
  std::vector<std::filesystem::path> frames;
  transnet::Device device;
  bool is_quick = false;
  double tolerance = 1e-4;  // of fp32
};

Arguments parse(std::span<char*> words) {
  Arguments arguments;
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const auto value = [&]() -> std::string_view {
      if (i + 1 == words.size()) throw UsageError{std::string(word) + " needs a value"};
      return words[++i];
    };
    if (word == "--quick") {
      arguments.is_quick = true;
    } else if (word == "--device") {
      try {
        arguments.device = transnet::Device::parse(value());
      } catch (const Error& error) {
        throw UsageError{error.what()};
      }
    } else if (word == "--tolerance") {
      const auto text = value();
      const auto [end, code] = std::from_chars(text.begin(), text.end(), arguments.tolerance);
      if (code != std::errc() || end != text.end())
        throw UsageError{"--tolerance: '" + std::string(text) + "' is no number"};
    } else if (word.starts_with("-")) {
      throw UsageError{"'" + std::string(word) + "' is no option"};
    } else {
      files.emplace_back(word);
    }
  }
  if (files.size() < 2) throw UsageError{"expected WEIGHTS FRAMES.rgb... [--device D] [--quick] [--tolerance T]"};
  arguments.weights = files.front();
  arguments.frames.assign(files.begin() + 1, files.end());
  return arguments;
}

// The network

struct Weights {
  const nn::Layout& layout;
  nn::NetworkWeights values;
};

Weights read_weights(const nn::ModelFile& file) {
  const nn::TorchArchive archive(file.bytes, file.path);
  const auto index = nn::read_tensor_index(archive);
  std::vector<std::string> names;
  std::ranges::transform(index, std::back_inserter(names), &nn::TensorEntry::name);
  const auto& layout = nn::nearest_layout(names);
  return {layout, nn::read_weights(layout, nn::read_state_dict(archive, index, nn::tensor_specs(layout)))};
}

/// Additions and multiplications of the convolutions for one window.
double window_operations(const nn::NetworkWeights& weights) {
  double operations = 0.0;
  auto height = transnet::frame_height;
  auto width = transnet::frame_width;
  for (std::size_t index = 0; index < weights.blocks.size(); ++index) {
    const auto& block = weights.blocks[index];
    double products = 0.0;  // for one pixel
    for (const auto& spatial : block.spatial) products += static_cast<double>(spatial.size());
    for (const auto& branch : block.branches) products += static_cast<double>(branch.temporal.size());
    operations += 2.0 * products * static_cast<double>(transnet::window_frames * height * width);
    if (index % nn::blocks_per_stack + 1 == nn::blocks_per_stack) {
      height /= 2;
      width /= 2;
    }
  }
  return operations;
}

#if defined(TRANSNET_HAS_CUDA_GRAPHS)
bool records_graphs(const at::Device& device) { return device.is_cuda(); }

Network recorded(const Network& network, const at::Device& device, std::int64_t windows) {
  return std::make_shared<libtorch::GraphNetwork>(network, device, windows);
}

/// The largest memory that LibTorch's tensors had on the device during `work`.
std::optional<double> peak_gb(const at::Device& device, const std::function<void()>& work) {
  if (!device.is_cuda()) {
    work();
    return std::nullopt;
  }
  auto& allocator = static_cast<c10::cuda::CUDACachingAllocator::CUDAAllocator&>(*c10::GetAllocator(at::kCUDA));
  allocator.emptyCache();
  allocator.resetPeakStats(device.index());
  work();
  return static_cast<double>(allocator.getDeviceStats(device.index()).reserved_bytes[0].peak) / 1e9;
}
#else
bool records_graphs(const at::Device& /*device*/) { return false; }

Network recorded(const Network& /*network*/, const at::Device& device, std::int64_t /*windows*/) {
  throw Error(ErrorCode::unsupported, device.str() + ": this build records no graphs");
}

std::optional<double> peak_gb(const at::Device& /*device*/, const std::function<void()>& work) {
  work();
  return std::nullopt;
}
#endif

// Are the answers right?

at::Tensor as_tensor(std::span<const std::uint8_t> windows) {
  const auto count = static_cast<std::int64_t>(windows.size() / transnet::window_bytes);
  // LibTorch has no tensors over constant memory; this tensor is only read.
  return at::from_blob(
      const_cast<std::uint8_t*>(windows.data()),
      {count, transnet::window_frames, transnet::frame_height, transnet::frame_width, transnet::frame_channels},
      at::kByte);
}

void append(std::vector<float>& values, const at::Tensor& head) {
  const auto on_cpu = head.cpu().contiguous();
  values.insert(values.end(), on_cpu.const_data_ptr<float>(), on_cpu.const_data_ptr<float>() + on_cpu.numel());
}

transnet::ShotProbabilities predict(const TensorNetwork& network, const at::Device& device,
                                    std::span<const std::uint8_t> windows, std::int64_t batch) {
  transnet::ShotProbabilities found;
  const auto all = as_tensor(windows);
  for (std::int64_t first = 0; first < all.size(0); first += batch) {
    const auto frames = all.narrow(0, first, std::min(batch, all.size(0) - first)).to(device);
    const auto heads = network.forward(frames, nn::Rows::kept);
    append(found.single, heads.single);
    append(found.many_hot, heads.many_hot);
  }
  return found;
}

struct Check {
  std::string name;
  Precision precision;
  std::function<transnet::ShotProbabilities()> run;
};

bool check_answers(const Arguments& arguments, const nn::ModelFile& file, const Weights& weights, const Network& fp32,
                   const Network& bf16, const at::Device& device, std::int64_t batch) {
  constexpr std::int64_t quick_windows = 2;
  const auto windows = read_windows(arguments.frames, arguments.is_quick ? quick_windows : 0);
  const auto truth =
      transnet::ShotModel::load(file.path, {.device = {transnet::Device::Kind::cpu}, .precision = Precision::fp32});
  const auto expected = truth->predict_kept(windows);

  std::vector<Check> checks{{"fp32", Precision::fp32, [&] { return predict(*fp32, device, windows, batch); }},
                            {"bf16", Precision::bf16, [&] { return predict(*bf16, device, windows, batch); }},
                            {"TorchScript, fp32", Precision::fp32, [&] {
                               const auto program = libtorch::to_torchscript(weights.values);
                               const auto model = nn::model_file_of(std::as_bytes(std::span(program)), "TorchScript");
                               return predict(*libtorch::load_torchscript(model, device).network, device, windows,
                                              batch);
                             }}};
  if (records_graphs(device)) {
    checks.push_back({"fp32, graph", Precision::fp32,
                      [&] { return predict(*recorded(fp32, device, batch), device, windows, batch); }});
    checks.push_back({"bf16, graph", Precision::bf16,
                      [&] { return predict(*recorded(bf16, device, batch), device, windows, batch); }});
  }
  if (device.is_cuda()) {  // on the CPU, the library's way is the truth itself
    for (const auto precision : {Precision::fp32, Precision::bf16}) {
      checks.push_back({"the library, " + std::string(to_string(precision)), precision, [&, precision] {
                          const auto model = transnet::ShotModel::load(
                              file.path, {.device = arguments.device, .precision = precision, .gpu_memory_gb = 1e3});
                          return model->predict_kept(windows);
                        }});
    }
  }

  std::printf("\n## Answers\n\n%zu windows against the CPU's own kernels in fp32 (%s); decisions at %.3f.\n\n",
              windows.size() / transnet::window_bytes, transnet::compute_info().instruction_set.c_str(),
              weights.layout.threshold);
  std::printf(
      "| run | largest difference: single | many-hot | allowed | other decisions | |\n|---|---|---|---|---|---|\n");
  bool all_agree = true;
  for (const auto& check : checks) {
    const bool is_bf16 = check.precision == Precision::bf16;
    const double tolerance = is_bf16 ? transnet::bf16_margin / 2 : arguments.tolerance;
    const auto agreement =
        compare(check.run(), expected, weights.layout.threshold, is_bf16 ? transnet::bf16_margin : 0.0);
    const bool agrees = agreement.holds(tolerance);
    all_agree = all_agree && agrees;
    std::printf("| %s | %.1e | %.1e | %.1e | %d | %s |\n", check.name.c_str(), agreement.single, agreement.many_hot,
                tolerance, agreement.decisions, agrees ? "agrees" : "DIFFERS");
    std::fflush(stdout);
  }
  return all_agree;
}

// How fast is it?

/// Measured peaks of the device.
struct Peaks {
  double fp32 = 0.0;  // operations a second of a matrix product
  double bf16 = 0.0;
  double copy = 0.0;  // bytes a second, read and written

  [[nodiscard]] double of(Precision precision) const { return precision == Precision::bf16 ? bf16 : fp32; }
};

Peaks measure_peaks(const at::Device& device, const Effort& effort) {
  const std::int64_t size = device.is_cuda() ? 8192 : 1024;
  const auto product_rate = [&](at::ScalarType type) {
    const auto options = at::TensorOptions().device(device).dtype(type);
    const auto a = at::randn({size, size}, options);
    const auto b = at::randn({size, size}, options);
    const auto seconds = median_seconds(device, effort, [&] { (void)at::mm(a, b); });
    return 2.0 * static_cast<double>(size) * static_cast<double>(size) * static_cast<double>(size) / seconds;
  };
  const std::int64_t copy_bytes = device.is_cuda() ? std::int64_t{1} << 32 : std::int64_t{1} << 28;
  const auto from = at::randint(256, {copy_bytes}, at::TensorOptions().device(device).dtype(at::kByte));
  auto to = at::empty_like(from);
  const auto seconds = median_seconds(device, effort, [&] { to.copy_(from); });
  const Peaks peaks{.fp32 = product_rate(at::kFloat),
                    .bf16 = product_rate(at::kBFloat16),
                    .copy = 2.0 * static_cast<double>(copy_bytes) / seconds};
  std::printf(
      "\n## Peaks\n\n| | |\n|---|---|\n| matrix product, fp32 | %.1f TFLOP/s |\n| matrix product, bf16 | %.1f TFLOP/s "
      "|\n"
      "| copy on the device, read and written | %.0f GB/s |\n",
      peaks.fp32 / 1e12, peaks.bf16 / 1e12, peaks.copy / 1e9);
  return peaks;
}

double frames_a_second(std::int64_t windows, double seconds) {
  return static_cast<double>(windows * transnet::window_stride) / seconds;
}

struct Candidate {
  Precision precision;
  Network network;
};

/// One row of the table; gives the frames a second, 0 where the memory is too small.
double measure(const Candidate& candidate, bool is_recorded, std::int64_t windows, const at::Device& device,
               const Effort& effort, const Peaks& peaks, double operations) {
  std::printf("| %s | %s | %ld | ", std::string(to_string(candidate.precision)).c_str(),
              is_recorded ? "graph" : "one by one", static_cast<long>(windows));
  try {
    return libtorch::translating(ErrorCode::internal, "running the network failed", [&] {
      const auto frames = at::randint(
          256,
          {windows, transnet::window_frames, transnet::frame_height, transnet::frame_width, transnet::frame_channels},
          at::TensorOptions().dtype(at::kByte).device(device));
      double seconds = 0.0;
      const auto memory_gb = peak_gb(device, [&] {
        const auto network = is_recorded ? recorded(candidate.network, device, windows) : candidate.network;
        seconds = median_seconds(device, effort, [&] { (void)network->forward(frames, nn::Rows::kept); });
      });
      const double rate = operations * static_cast<double>(windows) / seconds;
      std::printf("%.0f | %.2f | %.0f %% | ", frames_a_second(windows, seconds), rate / 1e12,
                  100.0 * rate / peaks.of(candidate.precision));
      if (memory_gb) std::printf("%.2f", *memory_gb);
      std::printf(" |\n");
      std::fflush(stdout);
      return frames_a_second(windows, seconds);
    });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::out_of_memory) throw;
    std::printf("out of memory | | | |\n");
    return 0.0;
  }
}

void print_operators(const Candidate& candidate, std::int64_t windows, const at::Device& device, const Effort& effort,
                     const Peaks& peaks) {
  const auto frames = at::randint(
      256, {windows, transnet::window_frames, transnet::frame_height, transnet::frame_width, transnet::frame_channels},
      at::TensorOptions().dtype(at::kByte).device(device));
  const auto work = [&] { (void)candidate.network->forward(frames, nn::Rows::kept); };
  if (effort.warm_ups > 0) work();
  const auto times = operator_times(device, work);
  double total = 0.0;
  for (const auto& time : times) total += time.seconds;
  std::printf(
      "\n## Where the time goes: %s, %ld windows, one by one\n\n"
      "| operator | calls | ms | share | TFLOP/s | of the product | GB/s | of the copy "
      "|\n|---|---|---|---|---|---|---|---|\n",
      std::string(to_string(candidate.precision)).c_str(), static_cast<long>(windows));
  const auto print = [&](const OperatorTime& time) {
    std::printf("| %s | %d | %.3f | %.1f %% | ", time.label.c_str(), time.calls, time.seconds * 1e3,
                100.0 * time.seconds / total);
    if (time.operations > 0.0) {
      std::printf("%.2f | %.0f %%", time.operations / time.seconds / 1e12,
                  100.0 * time.operations / time.seconds / peaks.of(candidate.precision));
    } else {
      std::printf("|");
    }
    std::printf(" | %.0f | %.0f %% |\n", time.bytes / time.seconds / 1e9,
                100.0 * time.bytes / time.seconds / peaks.copy);
  };
  constexpr double smallest_share = 0.01;
  OperatorTime others{.label = "all others"};
  for (const auto& time : times) {
    if (time.seconds >= smallest_share * total) {
      print(time);
      continue;
    }
    others.calls += time.calls;
    others.seconds += time.seconds;
    others.bytes += time.bytes;
  }
  if (others.calls > 0) print(others);
  std::printf("| all | | %.3f | 100 %% | | | | |\n", total * 1e3);
}

/// The network's convolutions one by one, in the ways that LibTorch offers: the layout of the memory, and whether cuDNN
/// tries its kernels or trusts its rules. The network uses channels last and the rules.
void print_convolutions(std::int64_t windows, const at::Device& device, const Effort& effort) {
  struct Shape {
    const char* label;
    bool is_spatial;
    std::int64_t in, out, height, width, dilation;
  };
  constexpr std::array shapes{Shape{"3x3, 64 -> 32", true, 64, 32, 27, 48, 1},
                              Shape{"3x3, 64 -> 128: four of a block", true, 64, 128, 27, 48, 1},
                              Shape{"3x3, 128 -> 64", true, 128, 64, 13, 24, 1},
                              Shape{"3x3, 256 -> 128", true, 256, 128, 6, 12, 1},
                              Shape{"3x1, 32 -> 16", false, 32, 16, 27, 48, 1},
                              Shape{"3x1, dilation 8, 32 -> 16", false, 32, 16, 27, 48, 8},
                              Shape{"3x1, dilation 8, 128 -> 64", false, 128, 64, 6, 12, 8}};
  std::printf(
      "\n## Convolutions: layouts and choices of kernels, %ld windows, TFLOP/s\n\n"
      "| convolution | precision | channels last, by rules | by trial | channels first, by rules | by trial |\n"
      "|---|---|---|---|---|---|\n",
      static_cast<long>(windows));
  for (const auto& shape : shapes) {
    const auto images = windows * transnet::window_frames;
    const auto kernel_width = shape.is_spatial ? 3 : 1;
    const std::array<std::int64_t, 4> input_sizes =
        shape.is_spatial
            ? std::array{images, shape.in, shape.height, shape.width}
            : std::array{windows, shape.in, std::int64_t{transnet::window_frames}, shape.height * shape.width};
    const double operations = 2.0 * 3.0 * kernel_width * static_cast<double>(shape.in * shape.out) *
                              static_cast<double>(images * shape.height * shape.width);
    for (const auto type : {at::kFloat, at::kBFloat16}) {
      std::printf("| %s | %s", shape.label, type == at::kFloat ? "fp32" : "bf16");
      for (const auto format : {at::MemoryFormat::ChannelsLast, at::MemoryFormat::Contiguous}) {
        const auto options = at::TensorOptions().device(device).dtype(type);
        const auto input = at::randn(input_sizes, options).contiguous(format);
        const auto weight = at::randn({shape.out, shape.in, 3, kernel_width}, options).contiguous(format);
        const std::array<std::int64_t, 2> padding{shape.dilation, shape.is_spatial ? 1 : 0};
        const std::array<std::int64_t, 2> dilation{shape.dilation, 1};
        for (const bool tries_kernels : {false, true}) {
          const auto seconds = median_seconds(device, effort, [&] {
            (void)at::_convolution(input, weight, {}, {1, 1}, padding, dilation, /*transposed=*/false, {0, 0}, 1,
                                   /*benchmark=*/tries_kernels, /*deterministic=*/false, /*cudnn_enabled=*/true,
                                   /*allow_tf32=*/false);
          });
          std::printf(" | %.2f", operations / seconds / 1e12);
        }
      }
      std::printf(" |\n");
      std::fflush(stdout);
    }
  }
}

/// Whole calls of the library, with the copies to the device and back.
void print_calls(const Arguments& arguments, const Effort& effort) {
  std::printf(
      "\n## Whole calls of the library, with the copies\n\n| precision | windows of a call | load s | frames/s "
      "|\n|---|---|---|---|\n");
  for (const auto precision : {Precision::fp32, Precision::bf16}) {
    std::shared_ptr<const transnet::ShotModel> model;
    const Mark before(at::kCPU);
    try {
      model = transnet::ShotModel::load(arguments.weights, {.device = arguments.device, .precision = precision});
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unsupported) throw;
      std::printf("| %s | | | %s |\n", std::string(to_string(precision)).c_str(), error.what());
      continue;
    }
    const double load_s = before.seconds_until(Mark(at::kCPU));
    const auto windows = model->preferred_windows();
    const std::vector<std::uint8_t> bytes(static_cast<std::size_t>(windows) * transnet::window_bytes, 127);
    // The clock of the CPU: a call returns when the answer is there.
    const auto seconds = median_seconds(at::kCPU, effort, [&] { (void)model->predict_kept(bytes); });
    std::printf("| %s | %ld | %.2f | %.0f |\n", std::string(to_string(precision)).c_str(), static_cast<long>(windows),
                load_s, frames_a_second(windows, seconds));
  }
}

bool run(const Arguments& arguments) {
  const c10::InferenceMode inference;
  // Full fp32: matrix products and TorchScript's convolutions follow these settings, the other convolutions need none.
  at::globalContext().setAllowTF32CuBLAS(false);
  at::globalContext().setAllowTF32CuDNN(false);

  const auto wanted = libtorch::resolve_device(arguments.device);
  const auto device = libtorch::to_torch_device(wanted);
  const c10::DeviceGuard device_guard(device);
  const auto file = nn::read_model_file(arguments.weights);
  const auto weights = read_weights(file);
  const Network fp32 = std::make_shared<libtorch::PublishedNetwork>(weights.values, device, at::kFloat);
  const Network bf16 = std::make_shared<libtorch::PublishedNetwork>(weights.values, device, at::kBFloat16);
  std::printf("# transnet %s, %s, LibTorch %s, device %s%s\n", transnet::version(),
              std::string(weights.layout.name).c_str(), TORCH_VERSION, wanted.to_string().c_str(),
              device.is_cuda() ? (records_graphs(device) ? "" : ", built without CUDA graphs") : ": no GPU was used");

  std::vector<std::int64_t> batches{1, 2, 4, 8, 16, 32, 64};
  Effort effort;
  if (device.is_cpu()) batches = {1, 2};
  if (arguments.is_quick) {
    batches = {1};
    effort = {.warm_ups = 0, .rounds = 1, .round_s = 0.0};
  }
  const std::int64_t check_batch = device.is_cuda() ? 8 : 1;
  if (!check_answers(arguments, file, weights, fp32, bf16, device, check_batch)) return false;

  const auto peaks = measure_peaks(device, effort);
  const double operations = window_operations(weights.values);
  std::printf(
      "\n## The network alone\n\nThe windows are on the device. A window has %.1f GFLOP and gives %ld frames.\n\n"
      "| precision | launch | windows | frames/s | TFLOP/s | of the product | GB of memory "
      "|\n|---|---|---|---|---|---|---|\n",
      operations / 1e9, static_cast<long>(transnet::window_stride));
  const std::array candidates{Candidate{Precision::fp32, fp32}, Candidate{Precision::bf16, bf16}};
  std::array<double, 2> best{};
  for (std::size_t index = 0; index < candidates.size(); ++index) {
    for (const bool is_recorded : {false, true}) {
      if (is_recorded && !records_graphs(device)) continue;
      for (const auto windows : batches) {
        best[index] =
            std::max(best[index], measure(candidates[index], is_recorded, windows, device, effort, peaks, operations));
      }
    }
  }
  for (const auto& candidate : candidates) print_operators(candidate, check_batch, device, effort, peaks);
  print_convolutions(check_batch, device, effort);
  print_calls(arguments, effort);
  if (device.is_cuda()) {
    constexpr std::array goals{20'000.0, 50'000.0};
    std::printf("\n## Goals on an H100\n\n| precision | goal, frames/s | best |\n|---|---|---|\n");
    for (std::size_t index = 0; index < goals.size(); ++index) {
      std::printf("| %s | %.0f | %.0f |\n", std::string(to_string(candidates[index].precision)).c_str(), goals[index],
                  best[index]);
    }
  }
  return true;
}

}  // namespace
}  // namespace gpu_check

int main(int argc, char** argv) {
  try {
    return gpu_check::run(gpu_check::parse({argv + 1, argv + argc})) ? 0 : 1;
  } catch (const gpu_check::UsageError& error) {
    std::fprintf(stderr, "transnet_gpu_check: %s\n", error.message.c_str());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "transnet_gpu_check: %s\n", error.what());
    return 1;
  }
}
