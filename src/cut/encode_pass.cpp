// SPDX-License-Identifier: Apache-2.0
#include "cut/encode_pass.hpp"

#include <algorithm>
#include <utility>

#include "cut/cut_passes.hpp"
#include "cut/stamps.hpp"
#include "media/byte_source.hpp"
#include "media/frame_timing.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

namespace fs = std::filesystem;

EncodePass::EncodePass(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                       Deadline& deadline, std::vector<CutResult>& results, Planning planning)
    : clips_(clips),
      options_(options),
      results_(results),
      planning_(std::move(planning)),
      demuxer_(open_file(video, deadline), video.string(), deadline, options.decode),
      decoder_(demuxer_, deadline, options.decode),
      jumps_(demuxer_.format()) {}

void EncodePass::run() {
  demuxer_.pass_on_other_streams([this](const AVPacket& packet) { take_packet(packet); });
  demuxer_.watch([this](const AVPacket& packet) { take_packet(packet); });
  const FramePtr frame = make_frame();
  for (std::int64_t number = 0; (number == 0 || !active_.empty()) && decoder_.next(*frame); ++number) {
    const std::int64_t stamp = stamp_of(*frame);
    if (number == 0) begin(stamp);
    active_.for_each([&](EncodedClip& clip) {
      return clip.take_frame({*frame, number, stamp, expected_, decoder_.bad_packet_count()});
    });
    av_frame_unref(frame.get());
  }
  if (!has_begun_) throw Error(ErrorCode::no_frames, demuxer_.name() + ": no frame could be decoded");
  active_.finish(decoder_.early_end());
}

/// On the container's clock; a frame that bears none follows the one before.
std::int64_t EncodePass::stamp_of(const AVFrame& frame) {
  const AVStream& stream = demuxer_.stream();
  if (expected_ == no_stamp) expected_ = stream.start_time != no_stamp ? stream.start_time : 0;
  const std::int64_t stamp = frame.pts != no_stamp ? minus(frame.pts, decoder_.clock().initial_offset()) : expected_;
  std::int64_t shown = frame_duration(frame);
  if (shown <= 0) shown = av_rescale_q(1, av_inv_q(output_rate(demuxer_)), stream.time_base);
  expected_ = plus(stamp, std::max<std::int64_t>(shown, 1));
  return stamp;
}

void EncodePass::begin(std::int64_t origin) {
  for (const std::size_t i : order_by(clips_, &CutRequest::start_frame)) {
    SmartPlan* plan = planning_ ? planning_(i, origin) : nullptr;
    active_.add(EncodedClip(demuxer_, clips_[i], origin, plan, options_, results_[i]), results_[i]);
  }
  has_begun_ = true;
  early_.hand_over([this](const AVPacket& packet, std::size_t number) { pass_on(packet, number); });
}

void EncodePass::take_packet(const AVPacket& packet) {
  PacketPtr copy = clone_packet(packet);
  jumps_.apply(*copy);  // which must know of the pictures' jumps as well, for sound to stay with them
  const bool is_picture = packet.stream_index == demuxer_.stream().index;
  if (is_picture && !planning_) return;
  const std::size_t number = is_picture ? picture_packets_++ : 0;
  if (has_begun_) return pass_on(*copy, number);
  early_.push(std::move(copy), number);
}

void EncodePass::pass_on(const AVPacket& packet, std::size_t number) {
  const bool is_picture = packet.stream_index == demuxer_.stream().index;
  active_.for_each(
      [&](EncodedClip& clip) { return is_picture ? clip.take_packet(packet, number) : clip.take_other(packet); });
}

void encode_clips(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                  Deadline& deadline, std::vector<CutResult>& results) {
  EncodePass(video, clips, options, deadline, results).run();
}

}  // namespace transnet::media
