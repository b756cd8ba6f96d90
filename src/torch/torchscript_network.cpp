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
#include <vector>

#include "base/counted.hpp"
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

/// The windows that a program was made for.
struct OwnWindow {
  std::int64_t frames = window_frames;
  std::int64_t context = window_context;  // frames on each side that have no answer
  FrameSize frame_size;

  [[nodiscard]] bool has_usual_length() const noexcept { return frames == window_frames && context == window_context; }
  [[nodiscard]] std::string input() const {
    return "[B, T, " + std::to_string(frame_size.height) + ", " + std::to_string(frame_size.width) + ", 3]";
  }
};

/// As the integers `window_frames`, `context_frames`, `frame_width` and `frame_height` of the program say, if it has
/// them.
OwnWindow own_window(const torch::jit::Module& module) {
  const auto integer = [&module](const char* name, std::int64_t otherwise) {
    if (!module.hasattr(name)) return otherwise;
    const auto value = module.attr(name);
    if (!value.isInt()) throw Error(ErrorCode::bad_weights, std::string("its ") + name + " is no integer");
    return value.toInt();
  };
  const auto refuse = [](const char* name, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value >= least && value <= most) return;
    throw Error(ErrorCode::bad_weights, std::string("its ") + name + " is " + std::to_string(value) + ", expected " +
                                            std::to_string(least) + " to " + std::to_string(most));
  };
  OwnWindow window;
  window.frames = integer("window_frames", window_frames);
  refuse("window_frames", window.frames, 1, window_frames);
  window.context = integer("context_frames", window.frames / 4);
  refuse("context_frames", window.context, 0, std::min(window_context, (window.frames - 1) / 2));
  window.frame_size = {integer("frame_width", frame_width), integer("frame_height", frame_height)};
  refuse("frame_width", window.frame_size.width, 1, most_frame_side);
  refuse("frame_height", window.frame_size.height, 1, most_frame_side);
  return window;
}

/// Two windows: one unchanging picture, and a hard cut from black to noise.
at::Tensor probe_windows(const at::Device& device, const OwnWindow& own) {
  const auto [width, height] = own.frame_size;
  auto frames = at::full({2, own.frames, height, width, frame_channels}, 127, at::kByte);
  frames[1].zero_();
  auto after_cut = frames[1].narrow(0, own.frames / 2, own.frames - own.frames / 2);
  constexpr std::int64_t multiplier = 2'654'435'761;  // Knuth's multiplier, for noise that is the same on every machine
  const auto noise =
      at::arange(static_cast<std::int64_t>(own.frame_size.bytes()), at::kLong).mul(multiplier).bitwise_right_shift(16);
  after_cut.copy_(noise.bitwise_and(255).view({1, height, width, frame_channels}).expand_as(after_cut));
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

Form probe(const torch::jit::Module& module, const at::Device& device, const OwnWindow& own) {
  Form form;
  const auto windows = probe_windows(device, own);
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
  const bool has_usual_size = own.frame_size == FrameSize{};
  if (!own.has_usual_length() || !has_usual_size) form.text += " for windows of " + base::counted(own.frames, "frame");
  if (!has_usual_size) form.text += " of " + own.frame_size.to_string();
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
  TorchScriptNetwork(torch::jit::Module module, bool gives_logits, const OwnWindow& own)
      : module_(std::move(module)), gives_logits_(gives_logits), own_(own) {}

  [[nodiscard]] Heads forward(const at::Tensor& frames, nn::Rows rows) const override {
    return own_.has_usual_length() ? answers(frames, rows == nn::Rows::all ? 0 : window_context,
                                             rows == nn::Rows::all ? window_frames : window_stride)
                                   : answers_in_own_windows(frames, rows);
  }

 private:
  /// The probabilities of `count` frames from `first` on.
  [[nodiscard]] Heads answers(const at::Tensor& frames, std::int64_t first, std::int64_t count) const {
    const auto heads = checked_heads(module_.get_method("forward")({frames}), frames);
    const auto probabilities = [&](const at::Tensor& head) {
      if (!head.defined()) return head;
      const auto values = head.squeeze(2).narrow(1, first, count).to(at::kFloat);
      return gives_logits_ ? values.sigmoid() : values;
    };
    return {probabilities(heads.single), probabilities(heads.many_hot)};
  }

  /// Covers the rows of a usual window with the program's shorter ones. Only rows at the ends of the usual window lack
  /// context, and only if all rows are wanted.
  [[nodiscard]] Heads answers_in_own_windows(const at::Tensor& frames, nn::Rows rows) const {
    const std::int64_t last_start = window_frames - own_.frames;
    const std::int64_t end = rows == nn::Rows::all ? window_frames : window_context + window_stride;
    std::vector<at::Tensor> single;
    std::vector<at::Tensor> many_hot;
    for (std::int64_t row = rows == nn::Rows::all ? 0 : window_context; row < end;) {
      const std::int64_t start = std::clamp<std::int64_t>(row - own_.context, 0, last_start);
      const std::int64_t answered = start == last_start ? window_frames : start + own_.frames - own_.context;
      const std::int64_t count = std::min(answered, end) - row;
      const auto heads = answers(frames.narrow(1, start, own_.frames), row - start, count);
      single.push_back(heads.single);
      if (heads.many_hot.defined()) many_hot.push_back(heads.many_hot);
      row += count;
    }
    return {at::cat(single, 1), many_hot.empty() ? at::Tensor() : at::cat(many_hot, 1)};
  }

  torch::jit::Module module_;
  bool gives_logits_;
  OwnWindow own_;
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
  OwnWindow own;
  try {
    own = own_window(module);
    translating(ErrorCode::bad_weights, "the TorchScript program fails on uint8 frames " + own.input(),
                [&] { form = probe(module, device, own); });
  } catch (const Error& error) {
    throw Error(error.code(), name + ": " + error.what());
  }
  TorchScriptProgram program{.network = nullptr,
                             .takes_batches = form.takes_batches,
                             .has_many_hot = form.has_many_hot,
                             .output_form = std::move(form.text),
                             .frame_size = own.frame_size};
  for (const auto& parameter : module.parameters()) program.parameter_count += parameter.numel();
  program.network = std::make_unique<TorchScriptNetwork>(std::move(module), form.gives_logits, own);
  return program;
}

}  // namespace transnet::libtorch
