// SPDX-License-Identifier: Apache-2.0
// The readers of a cache's entries: whatever they claim, with a checksum that is right and without.

#include <string>
#include <string_view>

#include "base/sha256.hpp"
#include "fuzz.hpp"
#include "run/cache/answers_entry.hpp"
#include "run/cache/predictions_entry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using command::decode_predictions;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string key = "k";
  require(!decode_predictions(input, key, "v") || input.starts_with("transnet.predictions/1\n"),
          "the magic is checked");

  const auto part = "transnet.answers/1\n" + transnet::base::sha256_of(input) + "\n" + std::string(input);
  if (const auto answers = command::decode_answers(part, key)) {
    const auto again = command::decode_answers(command::encode_answers(key, *answers), key);
    require(again && again->first_look.single == answers->first_look.single &&
                again->second_look.many_hot == answers->second_look.many_hot,
            "what was written reads as the same");
  }

  const auto bytes = "transnet.predictions/1\n" + transnet::base::sha256_of(input) + "\n" + std::string(input);
  const auto predictions = decode_predictions(bytes, key, "v");
  if (!predictions) return 0;
  require(predictions->timeline.frame_count() == static_cast<std::int64_t>(predictions->single.size()),
          "every frame has a probability and a time");
  require(predictions->many_hot.empty() || predictions->many_hot.size() == predictions->single.size(),
          "the columns are equally long");
  const auto again = decode_predictions(command::encode_predictions(key, *predictions), key, "v");
  require(again && again->single == predictions->single && again->many_hot == predictions->many_hot,
          "what was written reads as the same");
  return 0;
}
