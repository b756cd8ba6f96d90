// SPDX-License-Identifier: Apache-2.0
#include "transnet/shot_stream.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "arrays.hpp"
#include "fork.hpp"
#include "model.hpp"
#include "options.hpp"
#include "python.hpp"
#include "transnet/error.hpp"

namespace transnet::python {
namespace {

/// A stream that refuses a second thread and any call after a failure.
class Stream {
 public:
  Stream(const Model& model, nb::object frame_step, nb::object decides_at, nb::object many_hot_decides_at)
      : has_many_hot_(model.checked()->info().has_many_hot),
        frame_size_(model.checked()->info().frame_size),
        stream_(std::make_shared<ShotStream>(
            model.checked(),
            ShotStreamOptions{.frame_step = frame_step_of(frame_step),
                              .decides_at = threshold_of("decides_at", decides_at),
                              .many_hot_decides_at = threshold_of("many_hot_decides_at", many_hot_decides_at)})) {}

  void push(nb::object array) {
    if (is_finished_) throw Error(ErrorCode::invalid_argument, "a finished stream takes no further frames");
    const ByteArray bytes = frames_of(array, frame_size_);
    const FramesView frames(bytes.bytes(), frame_size_);
    ShotStream& stream = start();
    const Use use(*this);
    for (std::int64_t first = 0; first < frames.size(); first += frames_between_signals) {
      without_gil([&] {
        for (std::int64_t frame = first; frame < std::min(first + frames_between_signals, frames.size()); ++frame) {
          stream.push(frames[frame]);
        }
      });
      // Between two frames: the stream goes on if the handler does.
      if (PyErr_CheckSignals() != 0) {
        use.keep();
        nb::raise_python_error();
      }
    }
    use.keep();
  }

  void finish() {
    ShotStream& stream = start();
    const Use use(*this);
    without_gil([&] { stream.finish(); });
    is_finished_ = true;
    use.keep();
  }

  nb::tuple take() {
    ShotStream& stream = start();
    const Use use(*this);
    ShotProbabilities answers = stream.take();
    use.keep();
    return nb::make_tuple(to_numpy(std::move(answers.single)),
                          has_many_hot_ ? nb::cast(to_numpy(std::move(answers.many_hot))) : nb::none());
  }

  std::int64_t pushed_frames() { return counted(&ShotStream::pushed_frames); }
  std::int64_t answered_frames() { return counted(&ShotStream::answered_frames); }

 private:
  static constexpr std::int64_t frames_between_signals = 50;  // a window

  static int frame_step_of(nb::handle value) {
    const std::int64_t step = whole_number_of("frame_step", value);
    if (!std::in_range<int>(step)) {
      throw Error(ErrorCode::invalid_argument, "frame_step is " + std::to_string(step) + ": it is too large");
    }
    return static_cast<int>(step);
  }

  static std::optional<double> threshold_of(const char* name, nb::handle value) {
    if (value.is_none()) return std::nullopt;
    return number_of(name, value);
  }

  /// One thread's use. The stream counts as failed at its end unless `keep` is called.
  class Use {
   public:
    explicit Use(Stream& stream) : stream_(stream) {
      if (stream_.is_used_.exchange(true)) {
        is_kept_ = true;
        throw Error(ErrorCode::invalid_argument, "another thread uses this stream");
      }
    }
    ~Use() {
      if (!is_kept_) stream_.has_failed_ = true;
      stream_.is_used_ = false;
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    void keep() const { is_kept_ = true; }

   private:
    Stream& stream_;
    mutable bool is_kept_ = false;
  };

  ShotStream& start() {
    if (has_failed_) throw Error(ErrorCode::invalid_argument, "this stream has ended with an error: make another one");
    return *stream_.checked("a stream");
  }

  std::int64_t counted(std::int64_t (ShotStream::*count)() const noexcept) {
    const ShotStream& stream = start();
    const Use use(*this);
    use.keep();
    return (stream.*count)();
  }

  bool has_many_hot_;
  FrameSize frame_size_;
  ForkSafe<ShotStream> stream_;
  std::atomic<bool> is_used_ = false;
  std::atomic<bool> has_failed_ = false;
  std::atomic<bool> is_finished_ = false;
};

}  // namespace

void bind_stream(nb::module_& module) {
  nb::class_<Stream>(module, "Stream", "A network over the frames of one video.")
      .def(nb::init<const Model&, nb::object, nb::object, nb::object>(), nb::arg("model"), nb::arg("frame_step").none(),
           nb::arg("decides_at").none(), nb::arg("many_hot_decides_at").none())
      .def("push", &Stream::push, nb::arg("frames").none())
      .def("finish", &Stream::finish)
      .def("take", &Stream::take)
      .def_prop_ro("pushed_frames", &Stream::pushed_frames)
      .def_prop_ro("answered_frames", &Stream::answered_frames);
}

}  // namespace transnet::python
