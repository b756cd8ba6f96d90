// SPDX-License-Identifier: Apache-2.0
#include "run/run_summary.hpp"

#include <spdlog/fmt/fmt.h>

#include <string_view>

#include "base/counted.hpp"
#include "base/seconds_since.hpp"

namespace command {
namespace {

using transnet::base::counted;

std::string_view noun_of(SpanKind what) {
  switch (what) {
    case SpanKind::clips: return "clip";
    case SpanKind::shots: return "shot";
    case SpanKind::transitions: return "transition";
    case SpanKind::scenes: return "scene";
  }
  return "span";
}

}  // namespace

void RunSummary::count(transnet::Status status) {
  switch (status) {
    case transnet::Status::complete: ++complete_; break;
    case transnet::Status::partial: ++partial_; break;
    case transnet::Status::failed: ++failed_; break;
  }
}

void RunSummary::add_done(transnet::Status status) {
  count(status);
  ++done_before_;
}

void RunSummary::add(transnet::Status status, std::int64_t frames, std::size_t spans) {
  count(status);
  frames_ += frames;
  spans_ += spans;
}

std::string RunSummary::text(std::optional<SpanKind> what, double elapsed_s) const {
  auto text = fmt::format("{}: {} complete, {} partial, {} failed", counted(complete_ + partial_ + failed_, "video"),
                          complete_, partial_, failed_);
  if (done_before_ > 0) text += fmt::format(" ({} of them before this run)", done_before_);
  text += ";";
  if (what) text += " " + counted(spans_, noun_of(*what));
  if (frames_ > 0) text += (what ? ", " : " ") + counted(frames_, "frame");
  text += fmt::format(" in {:.1f} s", elapsed_s);
  if (frames_ > 0 && elapsed_s > 0.0)
    text += fmt::format(", {:.0f} frames/s", static_cast<double>(frames_) / elapsed_s);
  return text;
}

std::string RunSummary::text(std::optional<SpanKind> what) const { return text(what, transnet::seconds_since(start_)); }

}  // namespace command
