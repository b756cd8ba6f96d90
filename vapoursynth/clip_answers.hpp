// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <transnet/transnet.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>

namespace transnet_vapoursynth {

struct FreeModel {
  void operator()(transnet_model* model) const { transnet_model_free(model); }
};
using Model = std::unique_ptr<transnet_model, FreeModel>;

struct FreeStream {
  void operator()(transnet_stream* stream) const { transnet_stream_free(stream); }
};
using Stream = std::unique_ptr<transnet_stream, FreeStream>;

/// Frames [first, end).
struct FrameRange {
  std::int64_t first = 0;
  std::int64_t end = 0;
};

struct FrameAnswer {
  float single = 0.0F;
  float many_hot = std::numeric_limits<float>::quiet_NaN();  // without that head
  bool begins_shot = false;
  bool ends_shot = false;
};

/// The network's answers for the frames of a clip, which may be asked for in any order.
///
/// The network looks at windows of 100 frames and answers for the 50 in their middle: frames are answered in groups of
/// 50, and a group has the same answers however one gets there.
///
/// `answer` is for one thread at a time; meanwhile others may call the rest.
class ClipAnswers {
 public:
  /// Writes the pixels of a frame: 48 x 27, RGB24.
  using ReadFrame = std::function<void(std::int64_t frame, std::span<std::uint8_t, TRANSNET_FRAME_BYTES>)>;

  /// `threshold`: a frame belongs to a transition if its probability is above. @throws std::runtime_error for a network
  /// with other windows
  ClipAnswers(Model model, std::int64_t frame_count, double threshold);

  /// A group that must be answered before `find` can tell about a frame.
  [[nodiscard]] std::optional<std::int64_t> missing_group(std::int64_t frame) const;

  /// The frames that the network sees to answer for a group.
  [[nodiscard]] FrameRange frames_of_group(std::int64_t group) const;

  /// Runs the network for a group; reads frames of `frames_of_group`. @throws std::runtime_error
  void answer(std::int64_t group, const ReadFrame& read_frame);

  /// Only without a missing group.
  [[nodiscard]] FrameAnswer find(std::int64_t frame) const;

 private:
  static constexpr std::int64_t group_frames = 50;
  static constexpr std::int64_t context_frames = 25;  // on both sides of a group

  struct Group {
    std::array<float, group_frames> single{};
    std::array<float, group_frames> many_hot{};
  };

  /// A run of frames that belong to one transition, as far as it is known.
  struct Run {
    FrameRange frames;
    std::optional<std::int64_t> missing_group;  // the run may go on there
  };

  // These expect that the mutex is locked.
  [[nodiscard]] std::optional<bool> is_in_transition(std::int64_t frame) const;
  [[nodiscard]] Run run_around(std::int64_t frame) const;
  [[nodiscard]] bool begins_shot(std::int64_t frame) const;

  void begin_stream(std::int64_t group, const ReadFrame& read_frame);
  void push(const ReadFrame& read_frame, std::int64_t frame);
  void check(transnet_status status) const;
  void take_answers();

  Model model_;
  std::int64_t frame_count_;
  double threshold_;
  bool has_many_hot_ = false;

  // Of the thread in `answer`: the last stream, which goes on with the next group.
  Stream stream_;
  std::int64_t next_pushed_ = 0;    // frame
  std::int64_t next_answered_ = 0;  // frame; below the group that the stream was begun for, answers mean nothing
  std::int64_t first_answered_ = 0;

  mutable std::mutex mutex_;
  std::unordered_map<std::int64_t, Group> groups_;
};

}  // namespace transnet_vapoursynth
