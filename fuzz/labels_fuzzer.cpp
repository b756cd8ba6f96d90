// SPDX-License-Identifier: Apache-2.0
// The readers of labels and results. Any labels that they accept can be scored, and are a perfect result for
// themselves.

#include <array>
#include <string>

#include "commands/eval/labels_file.hpp"
#include "fuzz.hpp"
#include "transnet/error.hpp"
#include "transnet/evaluation.hpp"

namespace {

using command::LabelFormat;

constexpr std::array formats = {LabelFormat::automatic, LabelFormat::truth,  LabelFormat::clipshots,
                                LabelFormat::autoshot,  LabelFormat::scenes, LabelFormat::bbc,
                                LabelFormat::csv,       LabelFormat::clips};

void check(const command::LabelledVideo& video) {
  if (video.mistake) {
    require(!video.mistake->empty(), "a mistake has a message");
    return;
  }
  const auto& transitions = video.labels.transitions;
  for (const auto rule : {transnet::ScoringRule::published, transnet::ScoringRule::strict}) {
    const auto score = transnet::evaluate(video.labels, transitions, {rule, 2}).all;
    require(score.missed() == 0 && score.wrong() == 0, "labels are a perfect result for themselves");
  }
}

}  // namespace

/// The first byte chooses the format.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const MemoryFile file(std::span(data, size).subspan(1));
  try {
    for (const auto& video : command::read_labels(file.path(), formats.at(data[0] % formats.size())).videos)
      check(video);
  } catch (const transnet::Error& error) {
    require(error.code() == transnet::ErrorCode::invalid_argument || error.code() == transnet::ErrorCode::no_frames,
            "a file that cannot be read is named as such");
  }
  return 0;
}
