// SPDX-License-Identifier: Apache-2.0
// The reader of files of probabilities: text, tables or arrays of NumPy. All that it reads can be written in each of
// these forms and reads as the same again.

#include "fuzz.hpp"
#include "io/npy_file.hpp"
#include "io/predictions_file.hpp"
#include "io/predictions_table.hpp"
#include "transnet/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace transnet;
  const MemoryFile file(std::span(data, size));
  try {
    const auto predictions = command::read_predictions(file.path(), 25.0);
    require(!predictions.single.empty(), "a file without a probability is an error");
    require(predictions.many_hot.empty() || predictions.many_hot.size() == predictions.single.size(),
            "the columns are equally long");
    for (const float probability : predictions.single) {
      require(probability >= 0.0F && probability <= 1.0F, "a probability is from 0 to 1");
    }
    for (const std::string& written : {command::format_predictions(predictions), command::format_npy(predictions),
                                       command::format_predictions_table(predictions)}) {
      const MemoryFile copy(std::span(reinterpret_cast<const std::uint8_t*>(written.data()), written.size()));
      const auto again = command::read_predictions(copy.path(), 25.0);
      require(again.single == predictions.single && again.many_hot == predictions.many_hot,
              "what was written reads as the same");
    }
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid_argument || error.code() == ErrorCode::no_frames,
            "a file that cannot be read is named as such");
  }
  return 0;
}
