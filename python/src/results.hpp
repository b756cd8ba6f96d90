// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "python.hpp"
#include "transnet/clips.hpp"
#include "transnet/evaluation.hpp"

namespace transnet::python {

// Dictionaries of values of Python. `transnet.results` turns them into its classes, whose fields have the same names.
[[nodiscard]] nb::dict to_python(const VideoClips& clips);
[[nodiscard]] nb::dict to_python(VideoPredictions&& predictions);
[[nodiscard]] nb::dict to_python(const VideoMetadata& metadata);
[[nodiscard]] nb::dict to_python(const Transition& transition);
[[nodiscard]] nb::dict to_python(const Evaluation& evaluation);

/// Reads an object with the attributes of `transnet.VideoPredictions`.
/// @throws AttributeError and TypeError for other objects, Error as `Timeline`.
[[nodiscard]] VideoPredictions predictions_of(nb::handle object);

}  // namespace transnet::python
