// SPDX-License-Identifier: Apache-2.0
#include "torch/convolution.hpp"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/_convolution.h>

#include <optional>
#include <string_view>
#include <utility>

namespace transnet::model {
namespace {

constexpr Convolution::Pair unit{1, 1};

using ReorderWeight = at::Tensor(const at::Tensor&, at::IntArrayRef padding, at::IntArrayRef stride,
                                 at::IntArrayRef dilation, std::int64_t groups, at::OptionalIntArrayRef input_size);
using ConvolutionPointwise = at::Tensor(const at::Tensor& input, const at::Tensor& weight,
                                        const std::optional<at::Tensor>& bias, at::IntArrayRef padding,
                                        at::IntArrayRef stride, at::IntArrayRef dilation, std::int64_t groups,
                                        std::string_view attr, c10::List<std::optional<at::Scalar>> scalars,
                                        std::optional<std::string_view> algorithm);

/// The operators that PyTorch's compiler emits for oneDNN. They are no documented interface: where this LibTorch does
/// not have them in this form, there are none.
struct OneDnn {
  c10::TypedOperatorHandle<ReorderWeight> reorder_weight;
  c10::TypedOperatorHandle<ConvolutionPointwise> convolution;
};

const OneDnn* find_onednn() {
  static const std::optional<OneDnn> operators = []() -> std::optional<OneDnn> {
    auto& dispatcher = c10::Dispatcher::singleton();
    const auto reorder_weight = dispatcher.findSchema({"mkldnn::_reorder_convolution_weight", ""});
    const auto convolution = dispatcher.findSchema({"mkldnn::_convolution_pointwise", ""});
    if (!reorder_weight || !convolution) return std::nullopt;
    try {
      return OneDnn{reorder_weight->typed<ReorderWeight>(), convolution->typed<ConvolutionPointwise>()};
    } catch (const c10::Error&) {
      return std::nullopt;
    }
  }();
  return operators ? &*operators : nullptr;
}

}  // namespace

Convolution::Convolution(const at::Tensor& weight, at::Tensor bias, Pair dilation, bool has_relu, std::int64_t images,
                         Pair image)
    : weight_(weight.contiguous(at::MemoryFormat::ChannelsLast)),
      bias_(std::move(bias)),
      padding_{dilation[0] * (weight.size(2) / 2), dilation[1] * (weight.size(3) / 2)},
      dilation_(dilation),
      has_relu_(has_relu) {
  const OneDnn* onednn = weight.is_cpu() && weight.scalar_type() == at::kFloat ? find_onednn() : nullptr;
  if (onednn == nullptr) return;
  const std::array<std::int64_t, 4> input_size{images, weight.size(1), image[0], image[1]};
  try {
    weight_ = onednn->reorder_weight.call(weight_, padding_, unit, dilation_, 1, at::IntArrayRef(input_size));
    is_prepacked_ = true;
  } catch (const c10::Error&) {
    // This processor or build has no such kernel; weight_ is still the plain one.
  }
}

at::Tensor Convolution::operator()(const at::Tensor& input) const {
  if (is_prepacked_) {
    const std::string_view attr = has_relu_ ? "relu" : "none";
    const auto bias = bias_.defined() ? std::optional(bias_) : std::nullopt;
    const c10::List<std::optional<at::Scalar>> no_scalars;
    return find_onednn()->convolution.call(input, weight_, bias, padding_, unit, dilation_, 1, attr, no_scalars, "");
  }
  constexpr bool is_transposed = false;
  constexpr bool picks_fastest = false;
  constexpr bool is_deterministic = false;
  constexpr bool uses_cudnn = true;
  constexpr bool allows_tf32 = false;
  constexpr Pair output_padding{0, 0};
  auto output = at::_convolution(input, weight_, bias_, unit, padding_, dilation_, is_transposed, output_padding, 1,
                                 picks_fastest, is_deterministic, uses_cudnn, allows_tf32);
  return has_relu_ ? output.relu_() : output;
}

}  // namespace transnet::model
