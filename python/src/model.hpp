// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "fork.hpp"
#include "python.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::python {

/// A loaded network, as Python holds it.
struct Model {
  ForkSafe<const ShotModel> model;

  /// @throws Error(unsupported) in a forked child.
  [[nodiscard]] const std::shared_ptr<const ShotModel>& checked() const { return model.checked("a model"); }
};

/// Does `action` without the GIL on a thread that runs no Foreground, where a model may be a function of Python.
template <typename Action>
auto without_gil(const Action& action) {
  const nb::gil_scoped_release release;
  return action();
}

}  // namespace transnet::python
