// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "media/deadline.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

// Each function cuts all clips in one pass over the video, as `cut_clips` promises; requests and options are valid.
// `search_bytes`: as in `Demuxer`.

void copy_clips(const std::filesystem::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                std::int64_t search_bytes, Deadline& deadline, std::vector<CutResult>& results);

void encode_clips(const std::filesystem::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                  std::int64_t search_bytes, Deadline& deadline, std::vector<CutResult>& results);

/// First reads all packets without decoding; clips that turn out not to be copyable are encoded in another pass.
void smart_clips(const std::filesystem::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                 std::int64_t search_bytes, Deadline& deadline, std::vector<CutResult>& results);

}  // namespace transnet::media
