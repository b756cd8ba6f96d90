// SPDX-License-Identifier: Apache-2.0
#pragma once

// nanobind, with the casters that this module uses.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <string_view>

namespace transnet::python {

namespace nb = nanobind;

/// Text that is UTF-8.
inline nb::str text(std::string_view bytes) { return nb::str(bytes.data(), bytes.size()); }

/// The name of a file, or text that contains one: bytes that are not valid become surrogates, as in `os.fsdecode`.
nb::str file_text(std::string_view bytes);

/// The bytes of a file's name. @throws the exceptions of `os.fsencode`.
std::string file_bytes(nb::handle path);

/// The parts of the module, one for each source.
void bind_command(nb::module_& module);
void bind_decisions(nb::module_& module);
void bind_evaluation(nb::module_& module);
void bind_extractor(nb::module_& module);
void bind_frames(nb::module_& module);
void bind_model(nb::module_& module);
void bind_options(nb::module_& module);
void bind_stream(nb::module_& module);
void bind_weights(nb::module_& module);

}  // namespace transnet::python
