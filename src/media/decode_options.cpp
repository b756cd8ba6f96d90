// SPDX-License-Identifier: Apache-2.0
#include "transnet/decode_options.hpp"

#include "media/decode_option_table.hpp"

namespace transnet::inline TRANSNET_ABI {

void validate(const Limits& limits) { check_ranges(limits); }

void validate(const DecodeOptions& options) { check_ranges(options); }

}  // namespace transnet::inline TRANSNET_ABI
