// SPDX-License-Identifier: Apache-2.0
#include "torch/torchscript_network.hpp"

#include <ATen/Functions.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>

#include "torch/errors.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {
namespace {

constexpr std::string_view many_hot_key = "many_hot";

[[noreturn]] void fail_shape(const std::string& what) {
  throw Error(
      ErrorCode::bad_shape,
      "the TorchScript model returns " + what +
          "; expected a float tensor [B, T, 1], a tuple that begins with such a tensor, or a dict of such tensors");
}

at::Tensor entry_or_undefined(const c10::Dict<c10::IValue, c10::IValue>& dict, std::string_view key) {
  const auto found = dict.find(std::string(key));
  return found == dict.end() || !found->value().isTensor() ? at::Tensor() : found->value().toTensor();
}

/// The only entry besides the many-hot head; if there are several, the entry with a known name.
at::Tensor single_of(const c10::Dict<c10::IValue, c10::IValue>& dict) {
  constexpr std::array<std::string_view, 5> names{"single", "single_frame", "one_hot", "logits", "probabilities"};
  at::Tensor only;
  std::string keys;
  std::int64_t count = 0;
  for (const auto& entry : dict) {
    if (!entry.key().isString() || !entry.value().isTensor()) fail_shape("a dict that does not map strings to tensors");
    keys += " \"" + entry.key().toStringRef() + "\"";
    if (entry.key().toStringRef() == many_hot_key) continue;
    only = entry.value().toTensor();
    ++count;
  }
  if (count == 1) return only;
  for (const auto name : names) {
    if (auto tensor = entry_or_undefined(dict, name); tensor.defined()) return tensor;
  }
  fail_shape("a dict with the keys" + (keys.empty() ? " (none)" : keys));
}

Heads heads_of(const c10::IValue& answer) {
  if (answer.isTensor()) return {answer.toTensor(), {}};
  if (answer.isGenericDict()) {
    const auto dict = answer.toGenericDict();
    return {single_of(dict), entry_or_undefined(dict, many_hot_key)};
  }
  if (answer.isTuple()) {
    const auto& elements = answer.toTupleRef().elements();
    if (elements.empty() || !elements[0].isTensor()) fail_shape("a tuple that does not begin with a tensor");
    if (elements.size() < 2) return {elements[0].toTensor(), {}};
    if (elements[1].isTensor()) return {elements[0].toTensor(), elements[1].toTensor()};
    if (elements[1].isGenericDict()) {
      return {elements[0].toTensor(), entry_or_undefined(elements[1].toGenericDict(), many_hot_key)};
    }
    return {elements[0].toTensor(), {}};
  }
  fail_shape("a value of type " + answer.tagKind());
}

std::string container_of(const c10::IValue& answer) {
  return answer.isTensor() ? "tensor" : answer.isTuple() ? "tuple" : "dict";
}

void check_head(const at::Tensor& head, const at::Tensor& frames) {
  const auto expected = std::array<std::int64_t, 3>{frames.size(0), frames.size(1), 1};
  if (head.is_floating_point() && head.sizes() == at::IntArrayRef(expected)) return;
  std::ostringstream text;
  text << "a tensor " << head.dtype().name() << ' ' << head.sizes() << " for frames " << frames.sizes();
  fail_shape(text.str());
}

/// The heads of an answer to `frames`, with their shapes checked.
Heads checked_heads(const c10::IValue& answer, const at::Tensor& frames) {
  auto heads = heads_of(answer);
  check_head(heads.single, frames);
  if (heads.many_hot.defined()) check_head(heads.many_hot, frames);
  return heads;
}

/// Two windows: one unchanging picture, and a hard cut from black to noise.
at::Tensor probe_windows(const at::Device& device) {
  auto frames = at::full({2, window_frames, frame_height, frame_width, frame_channels}, 127, at::kByte);
  frames[1].zero_();
  auto after_cut = frames[1].narrow(0, window_frames / 2, window_frames / 2);
  constexpr std::int64_t multiplier = 2'654'435'761;  // Knuth's multiplier, for noise that is the same on every machine
  const auto noise =
      at::arange(after_cut.numel() / (window_frames / 2), at::kLong).mul(multiplier).bitwise_right_shift(16);
  after_cut.copy_(noise.bitwise_and(255).view({1, frame_height, frame_width, frame_channels}).expand_as(after_cut));
  return frames.to(device);
}

bool leaves_unit_interval(const at::Tensor& head) {
  if (!head.defined()) return false;
  if (!head.isfinite().all().item<bool>())
    throw Error(ErrorCode::bad_weights, "the TorchScript model returns values that are not numbers");
  return head.min().item<double>() < 0.0 || head.max().item<double>() > 1.0;
}

/// The properties of a program, found with `probe_windows`.
struct Form {
  bool gives_logits = false;
  bool takes_batches = false;
  bool has_many_hot = false;
  std::string text;
};

Form probe(const torch::jit::Module& module, const at::Device& device) {
  Form form;
  const auto windows = probe_windows(device);
  std::string container;
  for (std::int64_t window = 0; window < windows.size(0); ++window) {
    const auto frames = windows.narrow(0, window, 1);
    const auto answer = module.get_method("forward")({frames});
    const auto heads = checked_heads(answer, frames);
    form.gives_logits = form.gives_logits || leaves_unit_interval(heads.single) || leaves_unit_interval(heads.many_hot);
    form.has_many_hot = heads.many_hot.defined();
    container = container_of(answer);
  }
  form.text = container + " of " + (form.gives_logits ? "logits" : "probabilities");
  if (device.is_cpu()) return form;  // one window per call is the fastest there
  try {
    form.takes_batches = checked_heads(module.get_method("forward")({windows}), windows).single.defined();
  } catch (const std::exception&) {
    form.takes_batches = false;
  }
  return form;
}

class TorchScriptNetwork final : public TensorNetwork {
 public:
  TorchScriptNetwork(torch::jit::Module module, bool gives_logits)
      : module_(std::move(module)), gives_logits_(gives_logits) {}

  [[nodiscard]] Heads forward(const at::Tensor& frames, nn::Rows rows) const override {
    const auto heads = checked_heads(module_.get_method("forward")({frames}), frames);
    const auto probabilities = [this, rows](const at::Tensor& head) {
      if (!head.defined()) return head;
      const auto values = select_rows(head.squeeze(2), rows).to(at::kFloat);
      return gives_logits_ ? values.sigmoid() : values;
    };
    return {probabilities(heads.single), probabilities(heads.many_hot)};
  }

 private:
  torch::jit::Module module_;
  bool gives_logits_;
};

/// Lets LibTorch read the same bytes that were hashed.
class BytesReader final : public caffe2::serialize::ReadAdapterInterface {
 public:
  explicit BytesReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t size() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t position, void* buffer, std::size_t count, const char* /*what*/) const override {
    if (position >= bytes_.size()) return 0;
    const auto part = bytes_.subspan(position, std::min(count, bytes_.size() - position));
    std::memcpy(buffer, part.data(), part.size());
    return part.size();
  }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace

TorchScriptProgram load_torchscript(const nn::ModelFile& file, const at::Device& device) {
  const std::string name = file.path.string();
  torch::jit::Module module;
  translating(ErrorCode::bad_weights, name + ": the TorchScript program cannot be loaded", [&] {
    module = torch::jit::load(std::make_shared<BytesReader>(file.bytes), device);
    module.eval();
  });
  Form form;
  try {
    translating(ErrorCode::bad_weights, "the TorchScript program fails on uint8 frames [B, T, 27, 48, 3]",
                [&] { form = probe(module, device); });
  } catch (const Error& error) {
    throw Error(error.code(), name + ": " + error.what());
  }
  TorchScriptProgram program{.network = nullptr,
                             .takes_batches = form.takes_batches,
                             .has_many_hot = form.has_many_hot,
                             .output_form = std::move(form.text)};
  for (const auto& parameter : module.parameters()) program.parameter_count += parameter.numel();
  program.network = std::make_unique<TorchScriptNetwork>(std::move(module), form.gives_logits);
  return program;
}

}  // namespace transnet::libtorch
