// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "base/counted.hpp"
#include "foreground.hpp"
#include "options.hpp"
#include "transnet/error.hpp"
#include "transnet/weights.hpp"
#include "transnet/windows.hpp"

namespace transnet::python {
namespace {

Model made(std::shared_ptr<const ShotModel> model) { return {ForkSafe<const ShotModel>(std::move(model))}; }

Model load(nb::object file, const std::string& name, nb::dict keywords) {
  ShotModelOptions options;
  take_options(keywords, options);
  refuse_rest(keywords, "ShotModel.load");
  std::shared_ptr<const ShotModel> model;
  if (PyObject_CheckBuffer(file.ptr()) != 0) {
    const auto bytes = nb::steal<nb::bytes>(PyBytes_FromObject(file.ptr()));
    if (!bytes.is_valid()) nb::raise_python_error();
    const std::span content(reinterpret_cast<const std::byte*>(bytes.c_str()), bytes.size());
    Foreground::run([&](Foreground&) { model = ShotModel::from_memory(content, name, options); });
  } else {
    const std::string path = file_bytes(file);
    Foreground::run([&](Foreground&) { model = ShotModel::load(path, options); });
  }
  return made(std::move(model));
}

/// A function of Python that any thread may call and destroy.
using Callable = std::shared_ptr<const nb::object>;

Callable share(nb::object function) {
  return {new nb::object(std::move(function)), [](const nb::object* owned) {
            if (nb::is_alive() == 0) return;  // the interpreter has ended, and its objects with it
            const nb::gil_scoped_acquire acquire;
            delete owned;
          }};
}

/// One head of an answer: [n, 100] or [n, 100, 1].
std::vector<float> head_of(nb::handle answer, std::size_t windows, const std::string& name) {
  Floats head = floats_of(answer, "the answer of the model");
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(windows), window_frames};
  const bool is_flat = head.shape == shape;
  shape.push_back(1);
  if (!is_flat && head.shape != shape) {
    throw Error(ErrorCode::bad_shape, name + ": returned values of the shape " + shape_text(head.shape) + " for " +
                                          base::counted(windows, "window") +
                                          " of 100 frames, expected [n, 100] or [n, 100, 1]");
  }
  return std::move(head.values);
}

/// Calls the function with the GIL.
ShotProbabilities answer_of(const nb::object& function, std::span<const std::uint8_t> bytes, const FrameSize& size,
                            bool has_many_hot, const std::string& name) {
  const std::size_t windows = bytes.size() / window_bytes_of(size);
  const nb::object answer = function(to_numpy(std::vector<std::uint8_t>(bytes.begin(), bytes.end()),
                                              {windows, window_frames, static_cast<std::size_t>(size.height),
                                               static_cast<std::size_t>(size.width), frame_channels}));
  if (!nb::isinstance<nb::tuple>(answer)) {
    if (has_many_hot) throw nb::type_error((name + ": a model with two heads must return a tuple of both").c_str());
    return {.single = head_of(answer, windows, name)};
  }
  const auto heads = nb::borrow<nb::tuple>(answer);
  if (heads.size() < (has_many_hot ? 2U : 1U)) throw nb::type_error((name + ": returned too short a tuple").c_str());
  ShotProbabilities result{.single = head_of(heads[0], windows, name)};
  if (has_many_hot) result.many_hot = head_of(heads[1], windows, name);
  return result;
}

Model from_function(nb::object function, const std::string& name, bool has_many_hot, std::int64_t windows_per_call,
                    nb::object frame_size) {
  const FrameSize size = frame_size_of(frame_size);
  if (PyCallable_Check(function.ptr()) == 0) throw nb::type_error("a model must be callable");
  const auto predict = [callable = share(std::move(function)), name, has_many_hot,
                        size](std::span<const std::uint8_t> windows) {
    ShotProbabilities answer;
    const auto ask = [&] { answer = answer_of(*callable, windows, size, has_many_hot, name); };
    if (auto* foreground = Foreground::of_this_thread()) {
      foreground->call(ask);
    } else {
      const nb::gil_scoped_acquire acquire;
      ask();
    }
    return answer;
  };
  return made(ShotModel::from_function({.name = name,
                                        .predict = predict,
                                        .has_many_hot = has_many_hot,
                                        .windows_per_call = windows_per_call,
                                        .frame_size = size}));
}

nb::tuple predict(const Model& self, nb::object array) {
  const auto& model = *self.checked();
  const FrameSize& size = model.info().frame_size;
  const ByteArray windows = windows_of(array, size);
  const auto count = static_cast<std::size_t>(windows.shape(0));
  ShotProbabilities all;
  Foreground::run([&](Foreground& foreground) {
    const auto step = static_cast<std::size_t>(model.preferred_windows());
    for (std::size_t first = 0; first < count && !foreground.stop().stop_requested(); first += step) {
      const std::size_t bytes = window_bytes_of(size);
      const auto batch = windows.bytes().subspan(first * bytes, std::min(step, count - first) * bytes);
      const auto answer = model.predict(batch);
      all.single.insert(all.single.end(), answer.single.begin(), answer.single.end());
      all.many_hot.insert(all.many_hot.end(), answer.many_hot.begin(), answer.many_hot.end());
    }
  });
  const std::vector<std::size_t> shape{count, window_frames};
  const bool has_many_hot = model.info().has_many_hot;
  return nb::make_tuple(to_numpy(std::move(all.single), shape),
                        has_many_hot ? nb::cast(to_numpy(std::move(all.many_hot), shape)) : nb::none());
}

nb::dict info(const Model& self) {
  const ShotModelInfo& info = self.checked()->info();
  nb::dict result;
  result["file"] = file_text(info.file.native());
  result["kind"] = info.kind;
  result["sha256"] = info.sha256;
  result["is_published"] = info.is_published;
  result["device"] = info.device.to_string();
  result["precision"] = text(to_string(info.precision));
  result["parameter_count"] = info.parameter_count;
  result["has_many_hot"] = info.has_many_hot;
  result["threshold"] = info.threshold;
  result["frame_size"] = nb::make_tuple(info.frame_size.width, info.frame_size.height);
  return result;
}

}  // namespace

void bind_model(nb::module_& module) {
  nb::class_<Model>(module, "Model", "A loaded network.")
      .def_static("load", &load, nb::arg("file").none(), nb::arg("name"), nb::arg("options"))
      .def_static("from_function", &from_function, nb::arg("function").none(), nb::arg("name"), nb::arg("has_many_hot"),
                  nb::arg("windows_per_call"), nb::arg("frame_size").none())
      .def_static(
          "mean_of",
          [](const Model& first, const Model& second) {
            return made(ShotModel::mean_of(first.checked(), second.checked()));
          },
          nb::arg("first"), nb::arg("second"))
      .def("predict", &predict, nb::arg("windows").none())
      .def("info", &info);
}

}  // namespace transnet::python
