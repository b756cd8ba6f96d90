// SPDX-License-Identifier: Apache-2.0
#include "transnet/decode_options.hpp"

#include "base/number_text.hpp"
#include "media/decode_option_table.hpp"
#include "media/decoder_device.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {

void validate(const Limits& limits) { check_ranges(limits); }

void validate(const DecodeOptions& options) {
  check_ranges(options);
  media::check_decoder(options.decoder);
  if (options.end_s == 0.0 || options.end_s > options.start_s) return;
  throw Error(ErrorCode::invalid_argument,
              "end_s " + number_text(options.end_s) + " is not later than start_s " + number_text(options.start_s));
}

}  // namespace transnet::inline TRANSNET_ABI
