// SPDX-License-Identifier: Apache-2.0
#include "cut/encode_pass.hpp"

#include <utility>

#include "cut/cut_passes.hpp"
#include "media/byte_source.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

namespace fs = std::filesystem;

EncodePass::EncodePass(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                       std::int64_t search_bytes, Deadline& deadline, std::vector<CutResult>& results,
                       Planning planning)
    : clips_(clips),
      options_(options),
      results_(results),
      planning_(std::move(planning)),
      source_(open_file(video, deadline, options.decode), video.string(), deadline, options.decode, search_bytes),
      synchronizer_(source_.demuxer().format(), source_.stream(),
                    [this](const AVPacket& packet) { take_packet(packet); }) {}

void EncodePass::run() {
  // Pictures included: the other streams follow their jumps.
  const auto synchronize = [this](const AVPacket& packet) { synchronizer_.push(packet); };
  source_.demuxer().pass_on_other_streams(synchronize);
  source_.demuxer().watch(synchronize);
  while (!has_begun_ || !active_.empty()) {
    const auto frame = source_.next();
    if (!frame) break;
    if (!has_begun_) begin(frame->stamp);
    active_.for_each([&](EncodedClip& clip) { return clip.take_frame(*frame); });
  }
  if (!has_begun_) throw Error(ErrorCode::no_frames, source_.name() + ": no frame could be decoded");
  synchronizer_.finish();
  active_.finish(source_.early_end());
}

void EncodePass::begin(std::int64_t origin) {
  for (const std::size_t i : order_by(clips_, &CutRequest::start_frame)) {
    SmartPlan* plan = planning_ ? planning_(i, origin) : nullptr;
    active_.add(EncodedClip(source_.demuxer(), clips_[i], origin, plan, options_, results_[i]), results_[i]);
  }
  has_begun_ = true;
  early_.hand_over([this](const AVPacket& packet, std::size_t number) { pass_on(packet, number); });
}

void EncodePass::take_packet(const AVPacket& packet) {
  const bool is_picture = packet.stream_index == source_.stream().index;
  if (is_picture && !planning_) return;
  const std::size_t number = is_picture ? picture_packets_++ : 0;
  if (has_begun_) return pass_on(packet, number);
  early_.push(clone_packet(packet), number);
}

void EncodePass::pass_on(const AVPacket& packet, std::size_t number) {
  const bool is_picture = packet.stream_index == source_.stream().index;
  active_.for_each(
      [&](EncodedClip& clip) { return is_picture ? clip.take_packet(packet, number) : clip.take_other(packet); });
}

void encode_clips(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                  std::int64_t search_bytes, Deadline& deadline, std::vector<CutResult>& results) {
  EncodePass(video, clips, options, search_bytes, deadline, results).run();
}

}  // namespace transnet::media
