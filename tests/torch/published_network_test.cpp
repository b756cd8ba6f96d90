// SPDX-License-Identifier: Apache-2.0
#include "torch/published_network.hpp"

#include <ATen/Functions.h>
#include <gtest/gtest.h>
#include <torch/library.h>

#include "nn/network_weights.hpp"
#include "support/network_tensors.hpp"
#include "torch/convolution.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {
namespace {

/// LibTorch's meta device has no convolution outside Python; this function replaces it.
at::Tensor meta_convolution(const at::Tensor& input, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                            at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                            bool /*is_transposed*/, at::IntArrayRef /*output_padding*/, std::int64_t /*groups*/) {
  TORCH_CHECK(input.is_meta() && weight.is_meta() && (!bias || !bias->defined() || bias->is_meta()),
              "devices are mixed");
  TORCH_CHECK(input.size(1) == weight.size(1), "channels do not fit");
  const auto length = [&](std::size_t axis) {
    const auto image_axis = static_cast<std::int64_t>(axis) + 2;
    return (input.size(image_axis) + 2 * padding[axis] - dilation[axis] * (weight.size(image_axis) - 1) - 1) /
               stride[axis] +
           1;
  };
  return at::empty({input.size(0), weight.size(0), length(0), length(1)}, input.options(),
                   at::MemoryFormat::ChannelsLast);
}

TORCH_LIBRARY_IMPL(aten, Meta, library) { library.impl("convolution_overrideable", meta_convolution); }

// A test without a GPU: an operator that mixes devices, or that needs a value on the host, fails on the meta device.
class PublishedNetworkOf : public testing::TestWithParam<test::LayoutFunction> {};

TEST_P(PublishedNetworkOf, StaysOnItsDevice) {
  const at::Device device(at::kMeta);
  const auto& layout = GetParam()();
  const auto weights = nn::read_weights(layout, test::trained_size_tensors(layout));
  const PublishedNetwork network(weights, device, at::kFloat);
  const auto frames = at::empty({3, window_frames, frame_height, frame_width, frame_channels},
                                at::TensorOptions().dtype(at::kByte).device(device));
  const auto heads = network.forward(frames, nn::Rows::all);
  EXPECT_EQ(heads.single.sizes(), at::IntArrayRef({3, window_frames}));
  EXPECT_EQ(heads.many_hot.sizes(), at::IntArrayRef({3, window_frames}));
  EXPECT_TRUE(heads.single.is_meta());
  EXPECT_EQ(heads.single.scalar_type(), at::kFloat);
}

INSTANTIATE_TEST_SUITE_P(Layouts, PublishedNetworkOf, testing::ValuesIn(test::layouts),
                         [](const auto& layout) { return std::string(layout.param().name); });

class ConvolutionKinds : public testing::TestWithParam<bool> {};

TEST_P(ConvolutionKinds, AgreeWithPyTorchs3dConvolution) {
  const bool has_relu = GetParam();
  constexpr std::int64_t dilation = 4;
  const auto input = at::rand({2, 6, 20, 35}, at::kDouble).sub(0.5).contiguous(at::MemoryFormat::ChannelsLast);
  const auto weight = at::rand({5, 6, 3, 1}, at::kDouble).sub(0.5);
  const auto bias = at::rand({5}, at::kDouble).sub(0.5);
  auto expected = at::conv3d(input.unsqueeze(4), weight.unsqueeze(4), bias, 1, at::IntArrayRef({dilation, 0, 0}),
                             at::IntArrayRef({dilation, 1, 1}))
                      .squeeze(4);
  if (has_relu) expected = expected.relu();

  const Convolution convolution(weight, bias, {dilation, 1}, has_relu);
  EXPECT_TRUE(at::allclose(convolution(input), expected));
}

INSTANTIATE_TEST_SUITE_P(Convolution, ConvolutionKinds, testing::Bool());

}  // namespace
}  // namespace transnet::libtorch
