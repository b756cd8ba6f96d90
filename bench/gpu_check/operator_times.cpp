// SPDX-License-Identifier: Apache-2.0
#include "gpu_check/operator_times.hpp"

#include <ATen/core/Tensor.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "gpu_check/device_time.hpp"

namespace gpu_check {
namespace {

struct Call {
  Call(std::string label, const c10::Device& device) : start(device) { facts.label = std::move(label); }

  OperatorTime facts;
  std::string inner;               // the operator that does a convolution
  std::vector<at::Tensor> inputs;  // while it runs
  Mark start;
  std::optional<Mark> end;
};

struct Recorder {
  c10::Device device;
  std::vector<Call> calls;
  int depth = 0;
};

thread_local Recorder* recorder = nullptr;  // LibTorch's callbacks are functions without data

std::string_view without_namespace(std::string_view name) { return name.substr(name.rfind(':') + 1); }

double bytes_of(const at::Tensor& tensor) {
  return static_cast<double>(tensor.numel()) * static_cast<double>(tensor.element_size());
}

std::vector<at::Tensor> tensors_of(c10::ArrayRef<const c10::IValue> values) {
  std::vector<at::Tensor> tensors;
  for (const auto& value : values) {
    if (value.isTensor() && value.toTensor().defined()) tensors.push_back(value.toTensor());
    if (!value.isTensorList()) continue;
    for (const at::Tensor& tensor : value.toTensorVector()) tensors.push_back(tensor);
  }
  return tensors;
}

std::string label_of(const at::RecordFunction& function) {
  std::string name(without_namespace(function.name()));
  const auto inputs = function.inputs();
  if (name == "_convolution") {
    const auto& weight = inputs[1].toTensor();
    name = "convolution " + std::to_string(weight.size(2)) + "x" + std::to_string(weight.size(3));
    if (const auto dilation = inputs[5].toIntVector()[0]; dilation != 1)
      name += ", dilation " + std::to_string(dilation);
    name += ", " + std::to_string(weight.size(1)) + " -> " + std::to_string(weight.size(0));
  }
  return name;
}

double operations_of(const std::string_view name, const std::vector<at::Tensor>& inputs, const at::Tensor& output) {
  const auto outputs = static_cast<double>(output.numel());
  if (name == "_convolution") {
    return 2.0 * outputs * static_cast<double>(inputs[1].numel()) / static_cast<double>(inputs[1].size(0));
  }
  if (name == "linear" || name == "bmm" || name == "mm") return 2.0 * outputs * static_cast<double>(inputs[0].size(-1));
  return 0.0;
}

std::unique_ptr<at::ObserverContext> start(const at::RecordFunction& function) {
  if (recorder->depth++ == 0) {
    recorder->calls.emplace_back(label_of(function), recorder->device).inputs = tensors_of(function.inputs());
  } else if (std::string_view(function.name()).find("conv") != std::string_view::npos) {
    recorder->calls.back().inner = without_namespace(function.name());
  }
  return nullptr;
}

void finish(const at::RecordFunction& function, at::ObserverContext* /*context*/) {
  if (--recorder->depth != 0) return;
  Call& call = recorder->calls.back();
  call.end.emplace(recorder->device);
  const auto inputs = std::exchange(call.inputs, {});  // the function has no longer its own
  const auto outputs =
      tensors_of(c10::ArrayRef<const c10::IValue>(function.outputs().data(), function.outputs().size()));
  const std::string_view name = without_namespace(function.name());
  if (!outputs.empty()) call.facts.operations = operations_of(name, inputs, outputs[0]);
  const bool is_view = !name.ends_with("_") && !outputs.empty() && !inputs.empty() && outputs[0].has_storage() &&
                       outputs[0].is_alias_of(inputs[0]);
  if (is_view) return;  // it moves nothing
  for (const auto* tensors : {&inputs, &outputs}) {
    for (const auto& tensor : *tensors) call.facts.bytes += bytes_of(tensor);
  }
}

/// Observes this thread's operators as long as it lives.
class Observation {
 public:
  explicit Observation(Recorder& own)
      : handle_(at::addThreadLocalCallback(at::RecordFunctionCallback(&start, &finish)
                                               .needsInputs(true)
                                               .needsOutputs(true)
                                               .scopes({at::RecordScope::FUNCTION}))) {
    recorder = &own;
  }
  ~Observation() {
    at::removeCallback(handle_);
    recorder = nullptr;
  }
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

 private:
  at::CallbackHandle handle_;
};

}  // namespace

std::vector<OperatorTime> operator_times(const c10::Device& device, const std::function<void()>& work) {
  Recorder own{.device = device, .calls = {}};
  {
    const Observation observation(own);
    work();
  }
  std::map<std::string, OperatorTime> by_label;
  for (const Call& call : own.calls) {
    const auto label = call.inner.empty() ? call.facts.label : call.facts.label + " (" + call.inner + ")";
    OperatorTime& sum = by_label[label];
    sum.label = label;
    sum.calls += 1;
    sum.seconds += call.start.seconds_until(*call.end);
    sum.operations += call.facts.operations;
    sum.bytes += call.facts.bytes;
  }
  std::vector<OperatorTime> times;
  for (auto& [label, time] : by_label) times.push_back(std::move(time));
  std::ranges::sort(times, std::ranges::greater(), &OperatorTime::seconds);
  return times;
}

}  // namespace gpu_check
