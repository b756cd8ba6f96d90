// SPDX-License-Identifier: Apache-2.0
#include "formats/format_options.hpp"

namespace command {

Json format_settings(const FormatOptions& options) {
  // The binding makes sure that a new field is here.
  const auto& [has_audio] = options;
  return {{"has_audio", has_audio}};
}

}  // namespace command
