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

/// Which packets of a clip are copied. Its pictures before and behind them are encoded.
struct SmartPlan {
  std::string obstacle;                  ///< why nothing can be copied; empty: what follows holds
  std::span<const std::int64_t> stamps;  ///< of the clip's pictures as they are shown, in the stream's time base
  std::int64_t end = 0;                  ///< when the last one ends
  std::size_t head = 0;                  ///< pictures before those that are copied
  std::size_t copied = 0;
  std::size_t first_packet = 0;   ///< of those that are copied, in the order of the file
  std::size_t last_packet = 0;    ///< belongs to them
  bool needs_end_before = false;  ///< the stream must end before the first of them: see `CodedStream`
  std::size_t reorder = 0;        ///< places that a copied packet lies before the place at which it is shown, at most

  [[nodiscard]] std::size_t tail() const noexcept { return stamps.size() - head - copied; }
  /// Packets that are shown before the first one are left out: they may need pictures that are not there.
  [[nodiscard]] bool copies(const AVPacket& packet, std::size_t number) const noexcept {
    return number >= first_packet && number <= last_packet && packet.pts >= stamps[head];
  }
};

/// Finds what can be copied, by the packets of the whole video.
class SmartPlanner {
 public:
  /// Reads the file; nothing is decoded.
  /// @throws Error as `Demuxer`
  SmartPlanner(const std::filesystem::path& video, Deadline& deadline, const CutOptions& options);

  /// `origin`: when the video's first frame is shown, in units of its stream's time base. The plan is good as long as
  /// the planner lives.
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

  std::string obstacle_;  // to copying any packet of the video
  std::optional<PacketIndex> index_;
  std::vector<Entry> entries_;
  std::size_t changed_parameters_ = 0;  // the first packet that changes them, or how many packets there are
  std::vector<std::int64_t> reached_;   // the latest stamp up to each packet
};

}  // namespace transnet::media
