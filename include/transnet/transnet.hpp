// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Includes the whole library transnet::transnet. The library transnet::cut cuts clips into files; its header is
/// clip_cutter.hpp.
#include "transnet/border_snap.hpp"             // IWYU pragma: export
#include "transnet/byte_reader.hpp"             // IWYU pragma: export
#include "transnet/clip_extractor.hpp"          // IWYU pragma: export
#include "transnet/clip_extractor_options.hpp"  // IWYU pragma: export
#include "transnet/clips.hpp"                   // IWYU pragma: export
#include "transnet/decision_options.hpp"        // IWYU pragma: export
#include "transnet/decode_options.hpp"          // IWYU pragma: export
#include "transnet/error.hpp"                   // IWYU pragma: export
#include "transnet/evaluation.hpp"              // IWYU pragma: export
#include "transnet/ffmpeg_info.hpp"             // IWYU pragma: export
#include "transnet/frame_decoder.hpp"           // IWYU pragma: export
#include "transnet/frames.hpp"                  // IWYU pragma: export
#include "transnet/limits.hpp"                  // IWYU pragma: export
#include "transnet/log.hpp"                     // IWYU pragma: export
#include "transnet/model_file.hpp"              // IWYU pragma: export
#include "transnet/network_files.hpp"           // IWYU pragma: export
#include "transnet/networks.hpp"                // IWYU pragma: export
#include "transnet/pictures.hpp"                // IWYU pragma: export
#include "transnet/predictions.hpp"             // IWYU pragma: export
#include "transnet/profile.hpp"                 // IWYU pragma: export
#include "transnet/published_weights.hpp"       // IWYU pragma: export
#include "transnet/runtime_info.hpp"            // IWYU pragma: export
#include "transnet/scenes.hpp"                  // IWYU pragma: export
#include "transnet/shot_model.hpp"              // IWYU pragma: export
#include "transnet/shot_stream.hpp"             // IWYU pragma: export
#include "transnet/status.hpp"                  // IWYU pragma: export
#include "transnet/time_span.hpp"               // IWYU pragma: export
#include "transnet/timeline.hpp"                // IWYU pragma: export
#include "transnet/uuid.hpp"                    // IWYU pragma: export
#include "transnet/version.hpp"                 // IWYU pragma: export
#include "transnet/video_input.hpp"             // IWYU pragma: export
#include "transnet/video_metadata.hpp"          // IWYU pragma: export
#include "transnet/video_task.hpp"              // IWYU pragma: export
#include "transnet/weights.hpp"                 // IWYU pragma: export
#include "transnet/windows.hpp"                 // IWYU pragma: export
