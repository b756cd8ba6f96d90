// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cut/packet_index.hpp"
#include "media/deadline.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// The packets of a clip to copy. The pictures before and after them are encoded.
struct SmartPlan {
  std::string obstacle;                  ///< why nothing can be copied; empty: the members below hold
  std::span<const std::int64_t> stamps;  ///< of the clip's pictures in presentation order, in the stream's time base
  std::int64_t end = 0;                  ///< end of the last picture
  std::size_t head = 0;                  ///< number of pictures before the copied ones
  std::size_t copied = 0;
  std::size_t first_packet = 0;   ///< first copied packet, in the order of the file
  std::size_t last_packet = 0;    ///< last copied packet
  bool needs_end_before = false;  ///< the stream must end before the first copied packet: see `CodedStream`
  std::size_t reorder = 0;        ///< most places by which a copied packet precedes its place in presentation order

  [[nodiscard]] std::size_t tail() const noexcept { return stamps.size() - head - copied; }
  /// Packets with a time before the first copied one are left out: they may depend on missing pictures.
  [[nodiscard]] bool copies(const AVPacket& packet, std::size_t number) const noexcept {
    return number >= first_packet && number <= last_packet && packet.pts >= stamps[head];
  }
};

/// Finds the packets to copy, from the packets of the whole video.
class SmartPlanner {
 public:
  /// Reads the file without decoding. @throws Error as `Demuxer`.
  SmartPlanner(const std::filesystem::path& video, Deadline& deadline, const CutOptions& options);

  /// `origin`: time of the video's first frame, in units of its stream's time base. The plan is valid as long as the
  /// planner lives.
  [[nodiscard]] SmartPlan plan(const CutRequest& request, std::int64_t origin) const;

 private:
  struct Entry {
    std::size_t packet = 0;
    bool needs_end = false;
  };

  void read(const std::filesystem::path& video, Deadline& deadline, const CutOptions& options);
  [[nodiscard]] bool is_whole(std::size_t count) const noexcept;
  [[nodiscard]] std::size_t rank_of(std::int64_t stamp) const;
  void find_copied(SmartPlan& plan, std::size_t start) const;

  std::string obstacle_;  // why no packet of the video can be copied
  std::optional<PacketIndex> index_;
  std::vector<Entry> entries_;
  std::size_t changed_parameters_ = 0;  // the first packet that changes them, or the number of packets
  std::vector<std::int64_t> reached_;   // the latest stamp up to each packet
};

}  // namespace transnet::media
