// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"
#include "transnet/windows.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Where the network runs: `automatic` is the first CUDA device where there is one, else the CPU.
struct Device {
  /// `automatic` is decided when a model is loaded.
  enum class Kind { automatic, cpu, cuda };
  Kind kind = Kind::automatic;
  int index = 0;  ///< of the CUDA device

  /// "auto", "cpu", "cuda" or "cuda:N".
  /// @throws Error(invalid_argument) for anything else.
  [[nodiscard]] TRANSNET_API static Device parse(std::string_view text);
  /// The text that `parse` reads.
  [[nodiscard]] TRANSNET_API std::string to_string() const;
  friend bool operator==(const Device&, const Device&) = default;
};

/// Arithmetic of the convolutions.
enum class Precision {
  automatic,  ///< the decisions of fp32 at nearly the speed of bf16; fp32 where the processor has no fast bf16
  fp32,       ///< the reference's numbers
  bf16,       ///< probabilities up to `bf16_margin` off
};

/// "auto", "fp32", "bf16"
[[nodiscard]] TRANSNET_API std::string_view to_string(Precision precision) noexcept;

/// A probability of bf16 this near to a threshold does not decide: `automatic` asks fp32 then. The largest difference
/// that was measured is 0.008.
inline constexpr double bf16_margin = 0.03;

/// Where and how a model runs.
struct ShotModelOptions {
  Device device;
  Precision precision = Precision::automatic;
  double gpu_memory_gb = 10.0;  ///< on a CUDA device: bounds the windows of a call, by an estimate, and LibTorch's
                                ///< allocator there for the whole process; unused on the CPU
  int threads = 0;           ///< threads on the CPU; 0 = all cores. A TorchScript model has LibTorch's threads, whose
                             ///< number is one for the whole process: loading sets it, unless this is negative
  int concurrent_calls = 1;  ///< how many threads are going to call at once: they share the two above. More of them
                             ///< are served all the same
  std::filesystem::path torch_backend;  ///< the library that runs TorchScript models and CUDA devices; empty = the one
                                        ///< that is installed with this library
};

/// @throws Error(invalid_argument) that names the option and its value.
TRANSNET_API void validate(const ShotModelOptions& options);

/// The probability that a shot ends, for every frame of a batch of windows. [windows * frames] values each.
struct ShotProbabilities {
  std::vector<float> single;    ///< the frame is the last of its shot (hard cuts: exactly that frame)
  std::vector<float> many_hot;  ///< the frame is part of a transition; empty where the model has no such head
};

/// What a model file turned out to be.
struct ShotModelInfo {
  std::filesystem::path file;
  std::string kind;                       ///< "transnetv2" (published weights) or "torchscript"
  std::string sha256;                     ///< of the file, lower-case hexadecimal
  bool is_published = false;              ///< the hash is one of a published weights file
  Device device;                          ///< where it runs, never `automatic`
  Precision precision = Precision::fp32;  ///< `automatic`: both are there
  std::int64_t parameter_count = 0;
  bool has_many_hot = false;
  std::string torchscript_output;  ///< e.g. "tuple of logits"; empty for other kinds
};

/// A loaded shot transition network. Immutable: one model serves any number of threads.
/// Source: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838.
class TRANSNET_API ShotModel {
 public:
  /// Loads a published `.pth` or a TorchScript file, whichever the content is. Reading a `.pth` runs no code; a
  /// TorchScript file is a program in LibTorch's interpreter: load only files that you trust.
  /// A TorchScript model answers with a float tensor [B, T, 1], a tuple that begins with one, or a dict of them, logits
  /// or probabilities: two windows that it is given here tell which.
  /// @throws Error: not_found, permission_denied, io (a directory), bad_weights (naming the first mismatch), bad_shape
  /// (TorchScript whose output has the wrong shape), device_unavailable, unsupported, invalid_argument.
  [[nodiscard]] static std::shared_ptr<const ShotModel> load(const std::filesystem::path& file,
                                                             const ShotModelOptions& options = {});
  ~ShotModel();
  ShotModel(const ShotModel&) = delete;
  ShotModel& operator=(const ShotModel&) = delete;

  /// Runs the network on uint8 windows [window_count, 100, 27, 48, 3]. Thread-safe. Precision `automatic` is fp32 where
  /// the model has it. For the frames of a video, `ShotStream` is faster.
  /// @throws Error(bad_shape) when the bytes are no whole number of windows, Error(unsupported) for a precision that
  /// the model was not loaded with.
  [[nodiscard]] ShotProbabilities predict(std::span<const std::uint8_t> windows,
                                          Precision precision = Precision::automatic) const;

  /// The same for the frames alone that a window answers for, the 50 in its middle: [window_count * 50] values, one
  /// after the other those of a video. A little faster than `predict`, which classifies all 100.
  [[nodiscard]] ShotProbabilities predict_kept(std::span<const std::uint8_t> windows,
                                               Precision precision = Precision::automatic) const;

  /// The first head for one window, as `get_predictions` calls it.
  [[nodiscard]] std::vector<float> operator()(std::span<const std::uint8_t> window) const;

  /// How many windows `predict` takes best in one call: 1 on a CPU, more on a CUDA device within its memory budget.
  [[nodiscard]] std::int64_t preferred_windows() const noexcept;

  /// What was loaded, and where it runs.
  [[nodiscard]] const ShotModelInfo& info() const noexcept;

  /// The network as the bytes of a TorchScript file: input uint8 [B, T, 27, 48, 3], output a tuple of logits (single,
  /// many-hot), each [B, T, 1].
  /// The tensors are read from the model's file again, which must still be there. LibTorch writes it.
  /// @throws Error(unsupported) for a model that is TorchScript already, or without the LibTorch backend; as `load` for
  /// the model's file.
  [[nodiscard]] std::string to_torchscript() const;

 private:
  class Impl;
  friend class ShotStream;  // reaches the network
  explicit ShotModel(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace transnet::inline TRANSNET_ABI
