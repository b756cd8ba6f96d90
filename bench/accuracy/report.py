# SPDX-License-Identifier: Apache-2.0
"""Writes ACCURACY.md and its plots."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import svg
from comparison.report import table

from . import candidates, conditions, disturbances, experiments, predictions, rivals, transitions
from .experiments import AUTOSHOT, CHOSEN, MEAN, REFERENCE, Group
from .scoring import LENGTHS, Counts

CANDIDATES = f"""\
Changes of the decision on top of the mean of both, on the development edits. The benchmark makes these decisions itself, from
the probabilities that the command writes. The profile `accurate` has both tests.

- **Test for returns**: no transition begins in a change after which the picture is as it was before: at most
  {candidates.LONGEST_RETURN} frames later it differs from the frame before the change by less than
  {candidates.RETURN_SHARE:g} of the largest difference on the way. A short fade through black back into the same picture is
  dropped, too; the edits have none, because shots that meet always differ.
- **Slow transitions**: TransNetV2 sees every third frame in a second pass. A run of at least {candidates.SLOW_FRAMES} frames
  with many-hot above {candidates.SLOW_MANY_HOT:g} there, and the first head above {candidates.SLOW_THRESHOLD:g} in one of
  them, is added if the first pass found nothing in it.
- **Hysteresis**: a transition also reaches over frames above a lower threshold of the first head.
- **At most 30 frames a second**, **bars cut off**: both networks see every second or fourth frame of videos of 50 or more
  frames a second, or the picture without its bars.
"""
WHERE_AUTOSHOT_RUNS = f"""\
The mean of both is at most {predictions.MOST_RAISE:g} times TransNetV2's answer, so that AutoShot alone makes no transition
where TransNetV2 sees nothing. With this limit, many decisions need no AutoShot: TransNetV2 alone is certain of a transition
if the half of its answer is above the threshold, and that there is none if the answer times the limit is not. The profile
`accurate` runs AutoShot in the other windows; they decide as the mean in all windows. In each row, both tests
of the [candidates](#candidates) follow.
"""
HEADINGS = {"dev": "Development edits", "held": "Held-out edits", "real": "Real edits"}
SHORT = {REFERENCE: "TransNetV2", experiments.SPANS: "with many-hot", AUTOSHOT: "AutoShot", MEAN: "mean of both",
         experiments.ONE_ACCURATE: "TransNetV2, accurate", experiments.ACCURATE: "accurate"}
INTRODUCTION = """\
# Accuracy

Written by `bench/measure_accuracy.py`; [README.md](README.md) tells how the edits are composed and measured. Precision,
recall and F1 are by the strict rule of `transnet eval`, one to one, with a tolerance of 2 frames; IoU is the mean over
the true gradual transitions, where a missed one counts 0.

## The limits of these figures

The edits are composed, so every transition is known to the frame. That makes differences between detectors, thresholds,
precisions and mistakes visible, and shows which kinds of transitions are missed at all. They are not the
figures of real films:

- The shares of the kinds, of their lengths and of the disturbing events are chosen, not counted: half of the transitions
  are gradual, far more than in most films. The totals hold for this mixture alone; compare rows, not totals of other
  collections.
- The footage is narrow: {footage}.
  Shots come back, cropped, mirrored and graded otherwise. Photographs that are panned lack the movement of people.
- Transitions are linear and exact; two shots that meet differ by at least {difference:g} steps of a byte at the network's
  size. Editors join shots that are more alike, and they ease their transitions.
- A model that was trained on composed transitions, as both were, may find composed ones easier than real ones.

The development edits are for choosing thresholds, the held-out ones for a test of the choice: other seeds and other
footage. Real labelled footage is the judge; one short trailer of it is at the end.
"""


def _figure(value: float) -> str:
    return f"{value:.3f}"


def _overall(group: Group, names: Iterable[str]) -> str:
    head = ("", "precision", "recall", "F1", "F1, published rule", "cuts: F1", "gradual: precision", "recall", "IoU",
            "boundary error, frames")
    rows = []
    for name in names:
        scores, published = group.answers[name].scores(), group.answers[name].scores("published")
        every, gradual = scores.all, scores.gradual
        rows.append([name, *map(_figure, (every.precision, every.recall, every.f1, published.all.f1, scores.cut.f1,
                                          gradual.precision, gradual.recall, gradual.iou)),
                     f"{every.boundary_error_frames:.1f}"])
    return table(head, rows)


def _recalls(group: Group, words: Sequence[str], first: str) -> str:
    scores = {name: group.answers[name].scores() for name in CHOSEN}
    some = scores[REFERENCE]
    rows = [[word.replace("_", " "), str(some.true_by[word]),
             *(_figure(scores[name].matched_by[word] / some.true_by[word]) for name in CHOSEN)]
            for word in words if some.true_by[word]]
    return table((first, "true", *(SHORT[name] for name in CHOSEN)), rows)


def _conditions(group: Group) -> str:
    rows = []
    for condition in conditions.CONDITIONS:
        def is_wanted(name: str, condition: str = condition) -> bool:
            return name.startswith(f"{group.name}-{condition}-")

        scores = [group.answers[name].scores(is_wanted=is_wanted) for name in CHOSEN]
        rows.append([condition, str(scores[0].all.true), *(_pair(one.all) for one in scores)])
    return table(("", "true", *(SHORT[name] for name in CHOSEN)), rows)


def _pair(counts: Counts) -> str:
    return f"{counts.f1:.3f} ({counts.precision:.2f}, {counts.recall:.2f})"


def _false_alarms(group: Group) -> str:
    scores = [group.answers[name].scores() for name in CHOSEN]
    events = [label.kind for labels in group.answers[REFERENCE].truths.values() for label in labels.disturbances]
    rows = [[kind.replace("_", " "), str(events.count(kind)), *(str(one.wrong[kind]) for one in scores)]
            for kind in [*disturbances.WEIGHTS, "screen"] if events.count(kind)]
    beside = ["beside a transition", "", *(str(sum(count for cause, count in one.wrong.items() if cause.startswith("beside")))
                                           for one in scores)]
    return table(("event", "events", *(SHORT[name] for name in CHOSEN)),
                 [*rows, beside, ["elsewhere", "", *(str(one.wrong["nothing"]) for one in scores)]])


def _precisions(group: Group) -> str:
    rows = [[name, precision, str(scores.all.found), str(scores.all.matched), f"{scores.all.f1:.4f}"]
            for (name, precision), scores in sorted(group.precisions.items())]
    return table(("", "precision", "found", "matched", "F1"), rows)


def _ports(group: Group) -> str:
    networks = list(experiments.NAMES.values())
    rows = [[name, *(_pair(scores[network].all) for network in networks)] for name, scores in group.ports.items()]
    return table(("frames", *networks), rows)


def _candidates(group: Group) -> str:
    usual = group.candidates[MEAN]
    rows = [[name, _figure(scores.all.precision), _figure(scores.all.recall), _figure(scores.all.f1),
             f"{scores.all.f1 - usual.all.f1:+.3f}", _figure(scores.gradual.iou)] for name, scores in group.candidates.items()]
    return table(("", "precision", "recall", "F1", "difference", "gradual: IoU"), rows)


def raises(group: Group) -> str:
    """A section about the share of AutoShot."""
    rows = [["without a limit" if math.isinf(most) else f"{most:g}", _figure(scores.all.precision), _figure(scores.all.recall),
             str(scores.all.found), str(scores.all.matched), _figure(scores.all.f1), _figure(scores.gradual.iou), f"{share:.2f}"]
            for most, (scores, share) in group.raises.items()]
    true = next(iter(group.raises.values()))[0].all.true
    head = ("at most", "precision", "recall", "found", "matched", "F1", "gradual: IoU", "windows of AutoShot")
    return f"{HEADINGS[group.name]}, {len(group.videos)} videos with {true} transitions:\n\n{table(head, rows)}"


def _grid(group: Group) -> str:
    rows = []
    for many_hot in experiments.GRID_MANY_HOT:
        cells = (group.grid[threshold, many_hot] for threshold in experiments.GRID_THRESHOLDS)
        rows.append([f"many-hot > {many_hot:g}", *(f"{one.all.f1:.3f}, {one.gradual.iou:.2f}" for one in cells)])
    return table(("F1, IoU", *(f"> {threshold:g}" for threshold in experiments.GRID_THRESHOLDS)), rows)


def _curves(group: Group) -> str:
    chart = svg.Chart(f"{HEADINGS[group.name]}: precision over recall", ("recall", "precision"), (0.5, 1.0), (0.5, 1.0))
    for name, sweep in group.sweeps.items():
        chart.add(name, {f"threshold {threshold:g}: precision {scores.all.precision:.3f}, recall {scores.all.recall:.3f}":
                         (scores.all.recall, scores.all.precision) for threshold, scores in sweep.items()})
    return chart.draw()


def _bars(groups: Iterable[Group]) -> str:
    parts, y = [], 8
    for group in groups:
        parts.append(svg.title(y, f"{HEADINGS[group.name]}: F1"))
        y += svg.ROW
        figures = {name: group.answers[name].scores().all.f1 for name in (*CHOSEN, *rivals.RIVALS)}
        for name, figure in sorted(figures.items(), key=lambda item: item[1]):
            parts += svg.bar(y, name, figure, 1.0, svg.OWN if name in CHOSEN else svg.OTHER, _figure(figure))
            y += svg.ROW
        y += svg.ROW // 2
    return svg.document(svg.LABEL_WIDTH + svg.BAR_WIDTH + svg.FIGURE_WIDTH, y, parts)


def _contestants(group: Group) -> list[str]:
    return [*CHOSEN, *(name for name in rivals.RIVALS if name in group.answers)]


def _edits_section(group: Group) -> Iterable[str]:
    scores = group.answers[REFERENCE].scores()
    yield f"## {HEADINGS[group.name]}\n"
    yield (f"{len(group.videos)} videos, {sum(labels.frames for labels in group.answers[REFERENCE].truths.values())} frames, "
           f"{scores.all.true} transitions, {scores.gradual.true} of them gradual.\n")
    yield _overall(group, _contestants(group))
    yield ("PySceneDetect and scdet name no gradual transitions, so that all their wrong ones count as cuts. TransNetV2 and "
           "AutoShot without a threshold of the many-hot head give a frame or two of a gradual transition: hence their IoU. "
           "The profile `accurate` has two tests more than the mean: see [candidates](#candidates).\n")
    yield f"![precision over recall](accuracy-{group.name}.svg)\n"
    yield "Recall by kind, and of gradual transitions by the number of mixed frames:\n"
    yield _recalls(group, list(dict.fromkeys(["cut", "jump_cut", *transitions.KINDS, "fade_out", "fade_in"])), "kind")
    yield _recalls(group, list(LENGTHS), "mixed frames")
    yield "By condition, F1 (precision, recall):\n"
    yield _conditions(group)
    yield "False alarms by the event that they touch:\n"
    yield _false_alarms(group)
    yield f"Precisions of the arithmetic, on {experiments.PRECISION_VIDEOS} videos without special conditions:\n"
    yield _precisions(group)
    true = group.ports["as it is"]["TransNetV2"].all.true
    yield ("The same videos as ports of the network feed them, F1 (precision, recall), "
           f"{experiments.PORT_VIDEOS} videos without special conditions, {true} transitions. One more or less is {1 / true:.3f} "
           "of the recall, so that smaller differences than a few of these show nothing:\n")
    yield _ports(group)


def markdown(groups: Sequence[Group], real: Group | None, introduction: str) -> str:
    parts = [introduction, "![F1 of all detectors](accuracy.svg)\n"]
    for group in groups:
        parts += _edits_section(group)
    development = groups[0]
    parts += ["## Choice of thresholds\n",
              ("The mean of both networks on the development edits, for each threshold of the first head and of the many-hot "
               "head:\n"),
              _grid(development),
              "## Candidates\n",
              CANDIDATES, _candidates(development),
              "## Where AutoShot runs\n", WHERE_AUTOSHOT_RUNS, *map(raises, groups)]
    if real:
        scores = real.answers[REFERENCE].scores()
        parts += [f"## {HEADINGS['real']}\n",
                  (f"{', '.join(video.name for video in real.videos)}: {scores.all.true} transitions labelled by eye, "
                   f"{scores.gradual.true} of them gradual. One transition more or less is "
                   f"{1 / max(1, scores.all.true):.0%} of the recall.\n"), _overall(real, _contestants(real))]
    return "\n".join(parts)


def write(folder: Path, groups: Sequence[Group], real: Group | None, footage: str, difference: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for group in groups:
        (folder / f"accuracy-{group.name}.svg").write_text(_curves(group))
    (folder / "accuracy.svg").write_text(_bars([group for group in groups if group.name != "dev"] or groups))
    introduction = INTRODUCTION.format(footage=footage, difference=difference)
    (folder / "ACCURACY.md").write_text(markdown(groups, real, introduction))


def summary(group: Group) -> str:
    return f"{HEADINGS[group.name]}\n{_overall(group, _contestants(group))}"
