// SPDX-License-Identifier: Apache-2.0
// A backend without LibTorch: it takes every archive that is TorchScript for known_model.pt and computes the function
// of that network itself. A command that loads it starts in a fraction of the time.
#include <cstdint>
#include <memory>

#include "nn/torch_backend.hpp"
#include "transnet/error.hpp"
#include "transnet/frames.hpp"
#include "transnet/version.hpp"
#include "transnet/windows.hpp"

namespace transnet::test {
namespace {

/// The red value of the top left pixel, divided by 255, is the probability of a frame.
class KnownNetwork : public nn::Network {
 public:
  [[nodiscard]] Precision precision() const noexcept override { return Precision::fp32; }
  [[nodiscard]] std::int64_t preferred_windows() const noexcept override { return 1; }
  [[nodiscard]] std::unique_ptr<Memory> make_memory() const override { return std::make_unique<Memory>(); }
  [[nodiscard]] ShotProbabilities predict(const nn::WindowBatch& batch, Memory& /*memory*/) const override {
    const bool is_whole = batch.rows == nn::Rows::all;
    const std::int64_t first = is_whole ? 0 : window_context;
    const std::int64_t count = is_whole ? window_frames : window_stride;
    ShotProbabilities result;
    for (auto windows = batch.windows; !windows.empty(); windows = windows.subspan(window_bytes)) {
      const FramesView frames(windows.first(window_bytes));
      for (std::int64_t row = first; row < first + count; ++row) {
        result.single.push_back(static_cast<float>(frames[row].front()) / 255.0F);
      }
    }
    return result;
  }
};

Device only_cpu(const Device& device) {
  if (device.kind != Device::Kind::cuda) return {Device::Kind::cpu, 0};
  throw Error(ErrorCode::device_unavailable, "the backend of the tests has no CUDA device");
}

nn::TorchScriptModel load(const nn::ModelFile& /*file*/, const Device& /*device*/,
                          const ShotModelOptions& /*options*/) {
  return {.network = std::make_unique<KnownNetwork>(), .output_form = "tensor of probabilities"};
}

[[noreturn]] void refuse() { throw Error(ErrorCode::unsupported, "the backend of the tests has known_model.pt alone"); }

}  // namespace
}  // namespace transnet::test

extern "C" __attribute__((visibility("default"))) const transnet::nn::TorchBackend* transnet_torch_backend() {
  using namespace transnet;
  static const nn::TorchBackend backend{
      .version = version(),
      .library =
          [] {
            return LibraryInfo{"backend of the tests", version(), {}};
          },
      .cuda_device_count = [] { return -1; },
      .resolve_device = &test::only_cpu,
      .load_torchscript = &test::load,
      .make_network = [](const nn::NetworkWeights&, const std::filesystem::path&, const Device&,
                         const ShotModelOptions&) -> std::unique_ptr<const nn::Network> { test::refuse(); },
      .export_torchscript = [](const nn::NetworkWeights&) -> std::string { test::refuse(); }};
  return &backend;
}
