// SPDX-License-Identifier: Apache-2.0
#include "transnet/evaluation.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "python.hpp"
#include "results.hpp"
#include "transnet/error.hpp"

namespace transnet::python {
namespace {

/// (start_frame, end_frame, kind or None, is_at_edge) of each.
std::vector<LabelledTransition> transitions_of(const nb::list& rows) {
  std::vector<LabelledTransition> transitions;
  for (const nb::handle row : rows) {
    LabelledTransition& transition = transitions.emplace_back();
    transition.start_frame = nb::cast<std::int64_t>(row[0]);
    transition.end_frame = nb::cast<std::int64_t>(row[1]);
    transition.kind = kind_of_length(transition);
    transition.is_at_edge = nb::cast<bool>(row[3]);
    const nb::object kind = row[2];
    if (kind.is_none()) continue;
    const auto name = nb::cast<std::string>(kind);
    if (name != "cut" && name != "gradual") {
      throw Error(ErrorCode::invalid_argument,
                  "the kind of a transition is '" + name + "', expected 'cut' or 'gradual'");
    }
    transition.kind = name == "cut" ? TransitionKind::cut : TransitionKind::gradual;
  }
  return transitions;
}

EvaluationOptions options_of(const std::string& rule, std::int64_t tolerance_frames) {
  for (const ScoringRule known : {ScoringRule::published, ScoringRule::strict, ScoringRule::clipshots}) {
    if (rule == to_string(known)) return {.rule = known, .tolerance_frames = tolerance_frames};
  }
  throw Error(ErrorCode::invalid_argument, "rule is '" + rule + "', expected 'published', 'strict' or 'clipshots'");
}

}  // namespace

void bind_evaluation(nb::module_& module) {
  module.def(
      "evaluate",
      [](const nb::list& truth, const nb::list& uncertain, const nb::list& found, const std::string& rule,
         std::int64_t tolerance_frames) {
        GroundTruth labels{.transitions = transitions_of(truth), .uncertain = {}};
        for (const nb::handle range : uncertain) {
          labels.uncertain.push_back({nb::cast<std::int64_t>(range[0]), nb::cast<std::int64_t>(range[1])});
        }
        return to_python(evaluate(labels, transitions_of(found), options_of(rule, tolerance_frames)));
      },
      nb::arg("truth"), nb::arg("uncertain"), nb::arg("found"), nb::arg("rule"), nb::arg("tolerance_frames"));
}

}  // namespace transnet::python
