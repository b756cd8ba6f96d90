// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace transnet::python {

/// From now on, Error reaches Python as the class of `transnet.errors` for its code.
void translate_errors();

}  // namespace transnet::python
