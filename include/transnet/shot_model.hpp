// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"
#include "transnet/frames.hpp"
#include "transnet/model_file.hpp"
#include "transnet/published_weights.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The device that runs the network: `automatic` is the first CUDA device if there is one, otherwise the CPU.
struct Device {
  /// Loading a model settles `automatic`.
  enum class Kind { automatic, cpu, cuda };
  Kind kind = Kind::automatic;
  int index = 0;  ///< number of the CUDA device

  /// "auto", "cpu", "cuda" or "cuda:N".
  /// @throws Error(invalid_argument) for anything else.
  [[nodiscard]] TRANSNET_API static Device parse(std::string_view text);
  /// The text that `parse` reads.
  [[nodiscard]] TRANSNET_API std::string to_string() const;
  friend bool operator==(const Device&, const Device&) = default;
};

/// Precision of the convolutions.
enum class Precision {
  automatic,  ///< the decisions of fp32 at nearly the speed of bf16; fp32 if the processor has no fast bf16
  fp32,       ///< the reference's numbers
  bf16,       ///< probabilities within `bf16_margin` of fp32
};

/// "auto", "fp32", "bf16"
[[nodiscard]] TRANSNET_API std::string_view to_string(Precision precision) noexcept;

/// A bf16 probability this near to a threshold decides nothing: `automatic` then runs fp32. At thresholds near 0 and 1,
/// where probabilities differ less, it runs fp32 in a smaller range. The largest measured differences of the first head
/// are 0.012 for TransNetV2 and 0.018 for AutoShot.
inline constexpr double bf16_margin = 0.03;

/// The device and the resources of a model.
struct ShotModelOptions {
  Device device;
  Precision precision = Precision::automatic;
  double gpu_memory_gb = 10.0;  ///< on a CUDA device: limits the windows of a call, by an estimate, and LibTorch's
                                ///< allocator on that device for the whole process; unused on the CPU
  int threads = 0;           ///< threads on the CPU; 0 = all cores. A TorchScript model uses LibTorch's threads, whose
                             ///< number applies to the whole process: loading sets it, unless this is negative
  int concurrent_calls = 1;  ///< expected number of threads that call at once: they share `gpu_memory_gb` and
                             ///< `threads`. More threads may call as well
  std::filesystem::path torch_backend;  ///< the library that runs TorchScript models and CUDA devices; empty = the one
                                        ///< installed with this library
};

/// @throws Error(invalid_argument) that names the option and its value.
TRANSNET_API void validate(const ShotModelOptions& options);

/// The probabilities of every frame of a batch of windows. Each vector has [windows * frames] values.
struct ShotProbabilities {
  std::vector<float> single;    ///< the frame is the last of its shot (hard cuts: exactly that frame)
  std::vector<float> many_hot;  ///< the frame is part of a transition; empty if the model has no such head
};

/// A network of the caller's own.
struct ShotFunction {
  std::string name;  ///< takes the place of the path in errors and in `ShotModelInfo`
  /// Gets uint8 windows [n, 100, height, width, 3] and returns n * 100 probabilities of each head. If any number of
  /// threads use the model, they call it at once. Its exceptions reach the caller.
  std::function<ShotProbabilities(std::span<const std::uint8_t> windows)> predict;
  bool has_many_hot = false;          ///< it fills in `ShotProbabilities::many_hot`
  std::int64_t windows_per_call = 1;  ///< the best number of windows for one call, 1 or more; calls may have fewer
  FrameSize frame_size;               ///< of the frames in its windows
};

/// Description of a loaded model file.
struct ShotModelInfo {
  std::filesystem::path file;  ///< the name, for a model from memory; of a mean: both, joined by " and "
  std::string kind;            ///< "transnetv2", "autoshot", "torchscript", "function", or two joined by "+"
  std::string sha256;          ///< hash of the file, lower-case hexadecimal; empty for a function; of a mean:
                               ///< `sha256_of_mean`
  bool is_published = false;   ///< the hash belongs to a published weights file
  Device device;               ///< the device that runs the model, never `automatic`
  Precision precision = Precision::fp32;  ///< `automatic`: both fp32 and bf16
  std::int64_t parameter_count = 0;
  bool has_many_hot = false;
  std::string torchscript_output;  ///< e.g. "tuple of logits"; empty for other kinds
  FrameSize frame_size;            ///< of the frames that the network takes: 48x27 for the published ones
  double threshold =
      weights_of(PublishedModel::transnetv2).threshold;  ///< as `recommended_threshold`; `mean_threshold` for a mean
};

/// The threshold that a network's authors publish with it: 0.4 for TransNetV2, 0.296 for AutoShot. A TorchScript file
/// states none and counts as TransNetV2. Reads the names of the tensors, not their values.
/// @throws Error: not_found, permission_denied, io (a directory), bad_weights (no model file).
[[nodiscard]] TRANSNET_API double recommended_threshold(const std::filesystem::path& file);
/// The same for a file that has been read. @throws Error(bad_weights)
[[nodiscard]] TRANSNET_API double recommended_threshold(const ModelFile& file);

/// `ShotModelInfo::sha256` of the mean of two models, from the hashes of their files.
[[nodiscard]] TRANSNET_API std::string sha256_of_mean(const std::string& first_sha256,
                                                      const std::string& second_sha256);

/// A loaded shot transition network. Immutable: one model serves any number of threads.
/// Sources: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838; Zhu et al.: "AutoShot", arXiv:2304.06116.
class TRANSNET_API ShotModel {
 public:
  /// Loads a `.pth` of TransNetV2 or AutoShot, or a TorchScript file; the content decides. Reading a `.pth` runs no
  /// code. A TorchScript file is a program in LibTorch's interpreter: load only files that you trust. A TorchScript
  /// model returns a float tensor [B, T, 1], a tuple that begins with such a tensor, or a dict of such tensors. They
  /// hold logits or probabilities: loading runs the model on two windows to find out.
  /// @throws Error: not_found, permission_denied, io (a directory), bad_weights (it names the first mismatch),
  /// bad_shape (the output of a TorchScript model has the wrong shape), device_unavailable, unsupported,
  /// invalid_argument.
  [[nodiscard]] static std::shared_ptr<const ShotModel> load(const std::filesystem::path& file,
                                                             const ShotModelOptions& options = {});
  /// The same for a file that has been read. The model keeps none of its bytes.
  [[nodiscard]] static std::shared_ptr<const ShotModel> load(const ModelFile& file,
                                                             const ShotModelOptions& options = {});
  /// Loads the bytes of such a file. The call copies nothing that outlives it. `name` takes the place of the path in
  /// errors and in `info`.
  /// @throws Error(invalid_argument) if `name` is empty; else as `load`, without the codes of files.
  [[nodiscard]] static std::shared_ptr<const ShotModel> from_memory(std::span<const std::byte> bytes, std::string name,
                                                                    const ShotModelOptions& options = {});
  /// A model whose network is a function, for example one that runs on another machine or in another library.
  /// `info().device` is the CPU, whatever the function uses.
  /// @throws Error(invalid_argument) for an empty name or function, fewer than 1 window per call, or a wrong size.
  /// Running the model throws Error(bad_shape) if the function returns another number of values.
  [[nodiscard]] static std::shared_ptr<const ShotModel> from_function(ShotFunction function);
  /// A model that runs both models: its first head is the mean of both, but at most 50 times the answer of `first`; its
  /// many-hot head comes from `first`. Together TransNetV2 and AutoShot find more transitions than each of them. In a
  /// stream with `ShotStreamOptions::decides_at`, `second` runs only where it can change the decision. The models share
  /// their ownership.
  /// @throws Error: invalid_argument for null, unsupported if no precision is common to both, or the devices or the
  /// sizes of the frames differ.
  [[nodiscard]] static std::shared_ptr<const ShotModel> mean_of(std::shared_ptr<const ShotModel> first,
                                                                std::shared_ptr<const ShotModel> second);
  /// The first model of a mean; null for others.
  [[nodiscard]] std::shared_ptr<const ShotModel> first_of_mean() const noexcept;
  ~ShotModel();
  ShotModel(const ShotModel&) = delete;
  ShotModel& operator=(const ShotModel&) = delete;

  /// Runs the network on uint8 windows [window_count, 100, height, width, 3], with frames of `info().frame_size`: 27 x
  /// 48 for the published networks. Thread-safe. Precision `automatic` is fp32 if
  /// the model has it. For the frames of a video, `ShotStream` is faster.
  /// @throws Error(bad_shape) if the bytes are not a whole number of windows, Error(unsupported) for a precision that
  /// the model was not loaded with.
  [[nodiscard]] ShotProbabilities predict(std::span<const std::uint8_t> windows,
                                          Precision precision = Precision::automatic) const;

  /// As `predict`, but only for the 50 frames in the middle of each window: [window_count * 50] values. The windows of
  /// a video give its frames in order. A little faster than `predict`, which classifies all 100.
  [[nodiscard]] ShotProbabilities predict_kept(std::span<const std::uint8_t> windows,
                                               Precision precision = Precision::automatic) const;

  /// The first head for one window, as `get_predictions` calls it.
  [[nodiscard]] std::vector<float> operator()(std::span<const std::uint8_t> window) const;

  /// The best number of windows for one call of `predict`: 1 on a CPU, more on a CUDA device within its memory budget;
  /// of a function its `windows_per_call`; of a mean the larger number.
  [[nodiscard]] std::int64_t preferred_windows() const noexcept;

  /// The loaded model and its device.
  [[nodiscard]] const ShotModelInfo& info() const noexcept;

  /// The network as the bytes of a TorchScript file: input uint8 [B, T, 27, 48, 3], output a tuple of logits (single,
  /// many-hot), each [B, T, 1].
  /// Reads the tensors from the model's file again, so the file must still exist. LibTorch writes the bytes.
  /// @throws Error(unsupported) if the model already is TorchScript or came from memory, or without the LibTorch
  /// backend; as `load` for the model's file.
  [[nodiscard]] std::string to_torchscript() const;

 private:
  class Impl;
  friend class ShotStream;  // uses the network
  explicit ShotModel(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace transnet::inline TRANSNET_ABI
