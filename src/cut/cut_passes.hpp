// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "media/deadline.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

// Each cuts all clips in one pass over the video, as `cut_clips` promises; requests and options are valid.

void copy_clips(const std::filesystem::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                Deadline& deadline, std::vector<CutResult>& results);

void encode_clips(const std::filesystem::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                  Deadline& deadline, std::vector<CutResult>& results);

/// After a pass that decodes nothing; what has turned out to be no matter of copying is encoded in one more.
void smart_clips(const std::filesystem::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                 Deadline& deadline, std::vector<CutResult>& results);

}  // namespace transnet::media
