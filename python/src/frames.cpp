// SPDX-License-Identifier: Apache-2.0
#include "transnet/frames.hpp"

#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "foreground.hpp"
#include "input.hpp"
#include "media/video_part.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "python.hpp"
#include "results.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/windows.hpp"

namespace transnet::python {
namespace {

nb::dict read_frames(nb::object video, nb::object name, nb::object frame_size, nb::object progress, nb::dict keywords) {
  const FrameSize size = frame_size_of(frame_size);
  DecodeOptions options;
  take_options(keywords, options);
  refuse_rest(keywords, "read_frames");
  Input input(std::move(video), std::move(name));
  ProgressReport report(progress);
  double begin_s = 0.0;
  double end_s = 0.0;
  std::vector<std::uint8_t> bytes;
  std::vector<double> times_s;
  std::vector<double> durations_s;
  std::int64_t first_frame = 0;
  VideoMetadata metadata;
  DecodeReport decoded;
  Foreground::run([&](Foreground& foreground) {
    FrameDecoder decoder = input.on(foreground).open(options, foreground.stop(), size);
    metadata = decoder.metadata();
    Frame frame;
    for (std::int64_t number = 0; decoder.read(frame); ++number) {
      if (number == 0) begin_s = frame.time_s;
      end_s = frame.time_s + frame.duration_s;
      if (!frame.has_picture) continue;
      if (times_s.empty()) first_frame = number;
      bytes.insert(bytes.end(), frame.rgb.begin(), frame.rgb.end());
      times_s.push_back(frame.time_s);
      durations_s.push_back(frame.duration_s);
      if (times_s.size() % window_frames == 0) {
        report.tell(foreground, std::ssize(times_s), metadata.num_frames.value_or(0));
      }
    }
    metadata = decoder.metadata();  // the first frame may have completed it
    decoded = decoder.report();
    if (times_s.empty()) media::refuse_part(input.name(), options, end_s - begin_s);
    report.tell(foreground, std::ssize(times_s), metadata.num_frames.value_or(0));
  });
  report.deliver();
  nb::dict result;
  const auto height = static_cast<std::size_t>(size.height);
  const auto width = static_cast<std::size_t>(size.width);
  result["frames"] = nb::cast(to_numpy(std::move(bytes), {times_s.size(), height, width, frame_channels}));
  result["first_frame"] = first_frame;
  result["times_s"] = nb::cast(to_numpy(std::move(times_s)));
  result["durations_s"] = nb::cast(to_numpy(std::move(durations_s)));
  result["metadata"] = to_python(metadata);
  result["bad_packet_count"] = decoded.bad_packet_count;
  result["error"] = decoded.error.empty() ? nb::object(nb::none()) : nb::object(file_text(decoded.error));
  return result;
}

}  // namespace

void bind_frames(nb::module_& module) {
  module.def("read_frames", &read_frames, nb::arg("video").none(), nb::arg("name").none(), nb::arg("frame_size").none(),
             nb::arg("progress").none(), nb::arg("options"), "All frames of a video, scaled for the network.");
  module.def(
      "checked_window_count",
      [](nb::object array, nb::object frame_size) {
        return window_count(frames_of(array, frame_size_of(frame_size)).shape(0));
      },
      nb::arg("frames").none(), nb::arg("frame_size"), "The number of windows of a video's frames.");
  module.def(
      "window",
      [](nb::object array, std::int64_t number, nb::object frame_size) {
        const FrameSize size = frame_size_of(frame_size);
        const ByteArray bytes = frames_of(array, size);
        const FramesView frames(bytes.bytes(), size);
        if (number < 0 || number >= window_count(frames.size())) throw nb::index_error("no such window");
        std::vector<std::uint8_t> window(window_bytes_of(size));
        copy_window(frames, number, window);
        return to_numpy(std::move(window), {window_frames, static_cast<std::size_t>(size.height),
                                            static_cast<std::size_t>(size.width), frame_channels});
      },
      nb::arg("frames").none(), nb::arg("number"), nb::arg("frame_size"),
      "A window of a video's frames: uint8 [100, height, width, 3].");
}

}  // namespace transnet::python
