// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/cpu_network.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "transnet/error.hpp"
#include "transnet/windows.hpp"

namespace transnet::nn::cpu {
namespace {

/// Whether the second window begins with the frames of the first one's second half.
bool overlap(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second) {
  return std::ranges::equal(first.last(window_bytes / 2), second.first(window_bytes / 2));
}

}  // namespace

struct CpuNetwork::Workspaces {
  /// The workspace of one precision and the window that it was last used for.
  template <typename Element>
  struct Lane {
    typename Backbone<Element>::WorkspacePointer workspace = Backbone<Element>::make_workspace();
    std::optional<std::int64_t> last_number = std::nullopt;
  };

  Lane<float> fp32;
  Lane<Bfloat16> bf16;
};

/// Borrows workspaces from the network and returns them.
class CpuNetwork::VideoMemory final : public Memory {
 public:
  explicit VideoMemory(const CpuNetwork& network) : network_(network) {
    const std::lock_guard lock(network_.mutex_);
    if (network_.idle_.empty()) {
      workspaces = std::make_unique<Workspaces>();
      return;
    }
    workspaces = std::move(network_.idle_.back());
    network_.idle_.pop_back();
    workspaces->fp32.last_number.reset();
    workspaces->bf16.last_number.reset();
  }
  ~VideoMemory() override {
    const std::lock_guard lock(network_.mutex_);
    // A destructor must not allocate.
    if (network_.idle_.size() < network_.idle_.capacity()) network_.idle_.push_back(std::move(workspaces));
  }

  std::unique_ptr<Workspaces> workspaces;

 private:
  const CpuNetwork& network_;
};

CpuNetwork::CpuNetwork(const NetworkWeights& weights, Precision precision, int threads, const InstructionSet& set,
                       int concurrent_calls)
    : workers_(threads), classifier_(weights, *set.dense) {
  idle_.reserve(static_cast<std::size_t>(concurrent_calls));
  if (precision == Precision::bf16 && set.bf16 == nullptr) {
    throw Error(ErrorCode::unsupported, "precision bf16: this processor is not faster with bf16; use auto or fp32");
  }
  if (precision != Precision::fp32 && set.bf16 != nullptr) bf16_.emplace(weights, *set.bf16, workers_);
  if (precision != Precision::bf16) fp32_.emplace(weights, *set.fp32, workers_);
}

CpuNetwork::~CpuNetwork() = default;

Precision CpuNetwork::precision() const noexcept {
  if (fp32_ && bf16_) return Precision::automatic;
  return bf16_ ? Precision::bf16 : Precision::fp32;
}

std::unique_ptr<Network::Memory> CpuNetwork::make_memory() const { return std::make_unique<VideoMemory>(*this); }

ShotProbabilities CpuNetwork::predict(const WindowBatch& batch, Memory& memory) const {
  Workspaces& workspaces = *static_cast<VideoMemory&>(memory).workspaces;
  ShotProbabilities answer;
  const auto run = [&](const auto& backbone, auto& lane) {
    for (std::size_t i = 0; i < batch.count(); ++i) {
      const auto window = batch.windows_of(i, 1);
      std::optional<std::int64_t> number;
      bool continues = false;
      if (batch.first_number) {
        number = *batch.first_number + static_cast<std::int64_t>(i);
        continues = lane.last_number && *lane.last_number + 1 == *number;
      } else if (i > 0) {
        continues = overlap(batch.windows_of(i - 1, 1), window);
      }
      const BackboneOutput features = backbone.run(window, continues, *lane.workspace, workers_);
      lane.last_number = number;
      classifier_.run(window, features, batch.rows, workers_, answer);
    }
  };
  if (batch.precision == Precision::bf16) {
    run(*bf16_, workspaces.bf16);
  } else {
    run(*fp32_, workspaces.fp32);
  }
  return answer;
}

}  // namespace transnet::nn::cpu
