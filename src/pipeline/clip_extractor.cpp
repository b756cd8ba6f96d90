// SPDX-License-Identifier: Apache-2.0
#include "transnet/clip_extractor.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <stop_token>
#include <thread>

#include "base/assumed_framerate.hpp"
#include "base/bounded_queue.hpp"
#include "base/counted.hpp"
#include "base/number_text.hpp"
#include "base/pathlib_name.hpp"
#include "base/start_thread.hpp"
#include "media/video_part.hpp"
#include "pipeline/analysed_part.hpp"
#include "pipeline/looks.hpp"
#include "pipeline/settle_framerate.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/frames.hpp"
#include "transnet/network_files.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/video_input.hpp"
#include "transnet/video_task.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

/// Frames of two windows, so that the decoder continues while the network works on a window; of large frames fewer.
std::size_t queued_frames(const FrameSize& size) {
  return std::max<std::size_t>(2, 2 * window_bytes / std::max(size.bytes(), frame_bytes));
}

/// `read` or `read_time`.
using ReadFrame = bool (FrameDecoder::*)(Frame&);

/// Decodes on its own thread.
class DecoderThread {
 public:
  DecoderThread(FrameDecoder& decoder, ReadFrame read, std::stop_source stop)
      : frames_(queued_frames(decoder.frame_size())),
        read_(read),
        stop_(std::move(stop)),
        thread_(start_thread("transnet:decode", [this, &decoder] { run(decoder); })) {}

  ~DecoderThread() {
    stop_.request_stop();  // wakes a blocked read
    frames_.close();
  }
  DecoderThread(const DecoderThread&) = delete;
  DecoderThread& operator=(const DecoderThread&) = delete;

  /// The next frame, empty at the end. Rethrows the decoder's exception.
  std::optional<Frame> next() {
    auto frame = frames_.pop();
    if (!frame && error_) std::rethrow_exception(error_);
    return frame;
  }

 private:
  void run(FrameDecoder& decoder) {
    try {
      Frame frame;
      while ((decoder.*read_)(frame) && frames_.push(frame)) {
      }
    } catch (...) {
      error_ = std::current_exception();  // read only after the queue is closed
    }
    frames_.close();
  }

  BoundedQueue<Frame> frames_;
  ReadFrame read_;
  std::exception_ptr error_;
  std::stop_source stop_;
  std::jthread thread_;  // last: it uses the members above, and joins before they go
};

void throw_if_stopped(const std::stop_token& stop, const std::string& video) {
  if (stop.stop_requested()) throw Error(ErrorCode::cancelled, video + ": cancelled");
}

/// One of them begins with the other.
ShotProbabilities longer(ShotProbabilities first, ShotProbabilities second) {
  return first.single.size() < second.single.size() ? std::move(second) : std::move(first);
}

/// Runs `analyse`. Its looks begin with the answers of `control`, and leave theirs there if they are cancelled.
template <typename Analyse>
auto resumable(Looks& looks, const RunControl& control, const Analyse& analyse) {
  if (control.answers == nullptr) return analyse();
  auto known = std::exchange(*control.answers, {});
  looks.resume(known);
  try {
    return analyse();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) {
      // A run that ends before it has come as far as the one before it has fewer answers.
      auto taken = looks.take();
      *control.answers = {.first_look = longer(std::move(known.first_look), std::move(taken.first_look)),
                          .second_look = longer(std::move(known.second_look), std::move(taken.second_look))};
    }
    throw;
  }
}

void report_decoding(const DecodeReport& report, VideoPredictions& predictions) {
  if (report.lacks_device) {
    predictions.warnings.emplace_back("the processor decoded it, because the device cannot decode this codec");
  }
  if (report.bad_packet_count > 0) {
    predictions.warnings.push_back("skipped: " + base::counted(report.bad_packet_count, "damaged packet"));
  }
  if (report.error.empty()) return;
  predictions.status = Status::partial;
  const double good_s = predictions.timeline.start_s(report.frame_count);
  predictions.failure =
      Failure{report.error_code, predictions.video + ": good up to frame " + std::to_string(report.frame_count) + ", " +
                                     number_text(thousandths(good_s)) + " s from the start, then " + report.error};
}

/// The number of frames of which a run gives answers, by the container's statement; 0 = unknown.
std::int64_t expected_frames(const VideoMetadata& metadata, const DecodeOptions& options) {
  const std::int64_t all = metadata.num_frames.value_or(0);
  if (!media::names_part(options) || all == 0 || !metadata.framerate) return all;
  const auto frames_at = [&](double time_s) {
    return std::llround(std::min(time_s * *metadata.framerate, static_cast<double>(all)));
  };
  return (options.end_s > 0.0 ? frames_at(options.end_s) : all) - frames_at(options.start_s);
}

/// Decodes a video: the result has everything except probabilities. `take` gets each frame and returns the number of
/// frames that are done.
template <typename Take>
VideoPredictions decode(const VideoInput& video, const DecodeOptions& options, const FrameSize& frame_size,
                        ReadFrame read, const RunControl& control, Progress& progress, const Take& take) {
  const std::string& name = video.name();
  std::stop_source stop;  // only for the decoder, also if the network fails
  const std::stop_callback pass_on(control.stop, [&stop] { stop.request_stop(); });
  FrameDecoder decoder = video.open(options, stop.get_token(), frame_size);

  const auto stated_framerate = decoder.metadata().framerate;
  VideoPredictions predictions{.video = name,
                               .timeline = Timeline(stated_framerate.value_or(assumed_framerate), decoder.tick_s())};
  progress = {.expected_frames = expected_frames(decoder.metadata(), options),
              .framerate = stated_framerate.value_or(0.0)};
  {
    DecoderThread frames(decoder, read, stop);
    while (const auto frame = frames.next()) {
      throw_if_stopped(control.stop, name);
      predictions.timeline.push(frame->time_s, frame->duration_s);
      const std::int64_t done_frames = take(*frame);
      if (control.on_progress && done_frames != progress.done_frames) {
        progress.done_frames = done_frames;
        control.on_progress(progress);
      }
    }
  }
  throw_if_stopped(control.stop, name);
  predictions.metadata = decoder.metadata();  // the first frame may have completed it
  predictions.warnings = settle_framerate(stated_framerate, options.timing, predictions.timeline);
  report_decoding(decoder.report(), predictions);
  return predictions;
}

}  // namespace

class ClipExtractor::Impl {
 public:
  Impl(ClipExtractorOptions options, std::shared_ptr<const ShotModel> model)
      : options_(std::move(options)), model_(std::move(model)) {
    validate(options_);  // only for its errors: every result carries its warnings
  }

  [[nodiscard]] const ClipExtractorOptions& options() const noexcept { return options_; }
  [[nodiscard]] const std::shared_ptr<const ShotModel>& model() const noexcept { return model_; }
  void setup();
  void process(VideoTask& task, const RunControl& control);
  /// Runs a stream with `stream_options` on frames in memory.
  [[nodiscard]] VideoPredictions predict(const std::string& name, FramesView frames, Timeline timeline,
                                         const RunControl& control, const ShotStreamOptions& stream_options);
  /// Runs a stream with `stream_options`.
  [[nodiscard]] VideoPredictions predict(const VideoInput& video, const RunControl& control,
                                         const ShotStreamOptions& stream_options);
  [[nodiscard]] VideoClips extract(const VideoInput& video, const RunControl& control, const BorderSnap& snap);

  /// `Precision::automatic` decides like fp32 at any threshold.
  [[nodiscard]] ShotStreamOptions for_any_decision() const { return {.frame_step = options_.frame_step}; }
  /// `Precision::automatic` decides like fp32 at the thresholds of the options.
  [[nodiscard]] ShotStreamOptions for_own_decision() const {
    if (options_.decision.top > 0) return for_any_decision();  // the probabilities decide about the threshold
    ShotStreamOptions result{.frame_step = options_.frame_step, .decides_at = options_.decision.threshold};
    if (options_.decision.many_hot_threshold < 1.0) result.many_hot_decides_at = options_.decision.many_hot_threshold;
    return result;
  }

 private:
  void add_clips(const VideoClips& found, Video& video) const;
  void report(const VideoClips& found) const;
  void warn(const std::string& message) const;

  ClipExtractorOptions options_;
  std::shared_ptr<const ShotModel> model_;
};

void ClipExtractor::Impl::setup() {
  if (!model_) model_ = load_model(options_);
}

void ClipExtractor::Impl::process(VideoTask& task, const RunControl& control) {
  Video& video = task.data;
  const std::string name = pathlib_name(video.input_video.native());
  if (!video.has_metadata()) {
    std::string missing;
    for (const auto& field : video.missing_metadata()) missing += (missing.empty() ? "" : ", ") + field;
    warn(name + ": skipped: the metadata lacks " + missing);
    return;
  }
  if (!video.frame_array) {
    throw Error(ErrorCode::invalid_argument,
                name + ": the video has no frame array: decode it first (FrameDecoder and read_all_frames)");
  }
  setup();
  const FrameSize& size = model_->info().frame_size;
  // The frames stay with the task until the end, so that an exception loses nothing.
  video.frame_array = height_first(std::move(*video.frame_array), size);
  const FramesView frames(*video.frame_array);
  auto timeline = Timeline::constant_rate(*video.metadata.framerate, frames.size());
  const auto predictions = predict(name, frames, std::move(timeline), control, for_own_decision());
  add_clips(find_clips(predictions, options_.decision), video);
  video.frame_array.reset();
}

VideoPredictions ClipExtractor::Impl::predict(const std::string& name, FramesView frames, Timeline timeline,
                                              const RunControl& control, const ShotStreamOptions& stream_options) {
  if (frames.empty()) throw Error(ErrorCode::no_frames, name + ": the frame array is empty");
  if (timeline.frame_count() != frames.size()) {
    throw Error(ErrorCode::invalid_argument, name + ": " + base::counted(frames.size(), "frame") +
                                                 ", but the timeline has " + std::to_string(timeline.frame_count()));
  }
  setup();
  if (const FrameSize& size = model_->info().frame_size; frames.frame_size() != size) {
    throw Error(ErrorCode::bad_shape, name + ": frames of " + frames.frame_size().to_string() +
                                          ", but the network takes " + size.to_string());
  }
  Looks looks(model_, stream_options, options_.second_look);
  Progress progress{.expected_frames = frames.size(), .framerate = timeline.framerate()};
  const auto report_progress = [&] {
    if (!control.on_progress || looks.answered_frames() == progress.done_frames) return;
    progress.done_frames = looks.answered_frames();
    control.on_progress(progress);
  };
  resumable(looks, control, [&] {
    for (std::int64_t frame = 0; frame < frames.size(); ++frame) {
      throw_if_stopped(control.stop, name);
      looks.push(frames[frame]);
      report_progress();
    }
    throw_if_stopped(control.stop, name);
  });
  ShotProbabilities probabilities = looks.finish();
  report_progress();
  return {.video = name,
          .single = std::move(probabilities.single),
          .many_hot = std::move(probabilities.many_hot),
          .timeline = std::move(timeline)};
}

VideoPredictions ClipExtractor::Impl::predict(const VideoInput& video, const RunControl& control,
                                              const ShotStreamOptions& stream_options) {
  setup();
  Looks looks(model_, stream_options, options_.second_look);
  std::optional<AnalysedPart> part;
  if (media::names_part(options_.decode)) part.emplace(options_.decode, options_.frame_step, options_.second_look);
  const auto is_answered = [&] {
    const auto needed = part && !looks.has_second() ? part->needed_answers() : std::nullopt;
    return needed && looks.answered_frames() >= *needed;
  };
  const auto push = [&](std::span<const std::uint8_t> rgb) {
    if (!is_answered()) looks.push(rgb);
  };
  Progress progress;
  const auto decode_options = part ? part->decode_options() : options_.decode;
  auto predictions = resumable(looks, control, [&] {
    return decode(video, decode_options, model_->info().frame_size, &FrameDecoder::read, control, progress,
                  [&](const Frame& frame) {
                    if (part) {
                      part->take(frame, push);
                      return part->done_frames(looks.answered_frames());
                    }
                    push(frame.rgb);
                    return looks.answered_frames();
                  });
  });
  ShotProbabilities probabilities = is_answered() ? looks.take().first_look : looks.finish();
  if (part) {
    part->place(probabilities, predictions);
  } else {
    predictions.single = std::move(probabilities.single);
    predictions.many_hot = std::move(probabilities.many_hot);
  }
  if (control.on_progress) {
    progress.done_frames = part ? predictions.analysed->end_frame - predictions.analysed->start_frame
                                : static_cast<std::int64_t>(predictions.single.size());
    control.on_progress(progress);
  }
  return predictions;
}

VideoClips ClipExtractor::Impl::extract(const VideoInput& video, const RunControl& control, const BorderSnap& snap) {
  validate(snap);  // before the analysis, which takes long
  VideoClips clips = find_clips(predict(video, control, for_own_decision()), options_.decision, snap);
  report(clips);
  return clips;
}

void ClipExtractor::Impl::add_clips(const VideoClips& found, Video& video) const {
  report(found);
  const bool is_limited = options_.decision.limit_clips > 0;
  for (const auto& clip : found.clips) {
    if (is_limited && std::ssize(video.clips) >= options_.decision.limit_clips) break;
    Clip& added = video.clips.emplace_back();
    added.uuid = clip.uuid;
    added.source_video = clip.source_video;
    added.span = {clip.start_s, clip.end_s};
  }
}

void ClipExtractor::Impl::report(const VideoClips& found) const {
  for (const auto& warning : found.warnings) warn(found.video + ": " + warning);
  if (!options_.verbose || !options_.log) return;
  options_.log(LogLevel::info, found.video + ": " + base::counted(found.scenes.size(), "scene") + ", " +
                                   base::counted(found.clips.size(), "clip"));
}

void ClipExtractor::Impl::warn(const std::string& message) const {
  if (options_.log) options_.log(LogLevel::warning, message);
}

ClipExtractor::ClipExtractor(ClipExtractorOptions options) : ClipExtractor(std::move(options), nullptr) {}

ClipExtractor::ClipExtractor(ClipExtractorOptions options, std::shared_ptr<const ShotModel> model)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(model))) {}

ClipExtractor::~ClipExtractor() = default;
ClipExtractor::ClipExtractor(ClipExtractor&&) noexcept = default;
ClipExtractor& ClipExtractor::operator=(ClipExtractor&&) noexcept = default;

const ClipExtractorOptions& ClipExtractor::options() const noexcept { return impl_->options(); }

StageAttributes ClipExtractor::inputs() { return {{"data"}, {}}; }

StageAttributes ClipExtractor::outputs() { return {{"data"}, {"clips.extracted_frames"}}; }

void ClipExtractor::setup_on_node(const FetchOptions& fetch) const {
  for (const auto& file : network_files(options())) {
    if (file.is_named) continue;
    FetchOptions wanted = fetch;
    wanted.model = file.published;
    fetch_weights(options().model_dir, wanted);
  }
}

void ClipExtractor::setup() { impl_->setup(); }

const std::shared_ptr<const ShotModel>& ClipExtractor::model() const noexcept { return impl_->model(); }

VideoTask& ClipExtractor::process(VideoTask& task, const RunControl& control) {
  impl_->process(task, control);
  return task;
}

VideoPredictions ClipExtractor::predict(const std::string& name, FramesView frames, Timeline timeline,
                                        const RunControl& control) {
  return impl_->predict(name, frames, std::move(timeline), control, impl_->for_any_decision());
}

VideoPredictions ClipExtractor::predict(const std::filesystem::path& video, const RunControl& control) {
  return predict(VideoInput::of_file(video), control);
}

VideoPredictions ClipExtractor::predict(const VideoInput& video, const RunControl& control) {
  return impl_->predict(video, control, impl_->for_any_decision());
}

VideoClips ClipExtractor::extract(const std::filesystem::path& video, const RunControl& control) {
  return extract(VideoInput::of_file(video), control);
}

VideoClips ClipExtractor::extract(const VideoInput& video, const RunControl& control) {
  return impl_->extract(video, control, {});
}

VideoClips ClipExtractor::extract(const VideoInput& video, const RunControl& control, const BorderSnap& snap) {
  return impl_->extract(video, control, snap);
}

VideoPredictions read_timeline(const VideoInput& video, const DecodeOptions& options, const RunControl& control) {
  validate(options);
  DecodeOptions of_all = options;
  of_all.start_s = of_all.end_s = 0.0;
  Progress progress;
  std::int64_t frame_count = 0;
  auto frames =
      decode(video, of_all, {}, &FrameDecoder::read_time, control, progress, [&frame_count](const Frame& /*frame*/) {
        ++frame_count;
        return frame_count / window_frames * window_frames;  // progress now and then
      });
  if (control.on_progress) {
    progress.done_frames = frame_count;
    control.on_progress(progress);
  }
  return frames;
}

}  // namespace transnet::inline TRANSNET_ABI
