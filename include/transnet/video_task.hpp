// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"
#include "transnet/frames.hpp"
#include "transnet/uuid.hpp"
#include "transnet/video_metadata.hpp"

/// The data that pipeline stages exchange, with the fields and names of NeMo Curator (`nemo_curator/tasks/video.py`,
/// `nemo_curator/tasks/tasks.py`), without the fields that hold Python objects of later stages. Plain values: copy,
/// move and change them freely.
namespace transnet::inline TRANSNET_ABI {

/// A float32 array, row-major.
struct FloatArray {
  std::vector<std::int64_t> shape;
  std::vector<float> data;
};

/// A part of a clip for a captioning stage.
struct CaptionWindow {
  std::int64_t start_frame = 0;
  std::int64_t end_frame = 0;
  std::optional<std::vector<std::byte>> mp4_bytes;
  std::map<std::string, std::string> caption;           ///< model name -> caption
  std::map<std::string, std::string> enhanced_caption;  ///< model name -> caption
  std::optional<std::vector<std::byte>> webp_bytes;

  /// Bytes of the buffers and texts.
  [[nodiscard]] TRANSNET_API std::size_t get_major_size() const;
};

/// A part of a video, with the results of the stages.
struct Clip {
  Uuid uuid;
  std::string source_video;
  std::pair<double, double> span{0.0, 0.0};  ///< start and end, seconds
  std::optional<std::vector<std::byte>> buffer;
  std::map<std::string, FrameArray> extracted_frames;
  std::optional<double> motion_score_global_mean;
  std::optional<double> motion_score_per_patch_min_256;
  std::optional<double> aesthetic_score;
  std::optional<FloatArray> cosmos_embed1_frames;
  std::optional<FloatArray> cosmos_embed1_embedding;
  std::vector<CaptionWindow> windows;
  std::map<std::string, std::vector<std::byte>> egomotion;
  std::optional<std::pair<std::string, double>> cosmos_embed1_text_match;
  std::map<std::string, std::string> errors;

  /// The metadata of the container in `buffer`; empty without a buffer.
  /// @throws Error as `FrameDecoder::from_memory`.
  [[nodiscard]] TRANSNET_API std::optional<VideoMetadata> extract_metadata() const;
  /// Seconds.
  [[nodiscard]] double duration() const noexcept { return span.second - span.first; }
  /// Bytes of the buffers and arrays.
  [[nodiscard]] TRANSNET_API std::size_t get_major_size() const;
};

/// Statistics of the clips of a video.
struct ClipStats {
  std::int64_t num_filtered_by_motion = 0;
  std::int64_t num_filtered_by_aesthetic = 0;
  std::int64_t num_passed = 0;
  std::int64_t num_transcoded = 0;
  std::int64_t num_with_embeddings = 0;
  std::int64_t num_with_caption = 0;
  std::int64_t num_with_webp = 0;
  double total_clip_duration = 0.0;  ///< seconds
  double max_clip_duration = 0.0;    ///< seconds

  /// Adds the other's counts to these and keeps the longer of the two longest clips.
  TRANSNET_API void combine(const ClipStats& other) noexcept;
};

/// A video with its clips and the results of the stages.
struct Video {
  std::filesystem::path input_video;
  std::optional<std::vector<std::byte>> source_bytes;
  VideoMetadata metadata;
  std::optional<FrameArray> frame_array;  ///< 48x27, or the size of the model; released by the clip extraction stage
  std::vector<Clip> clips;
  std::vector<Clip> filtered_clips;
  std::int64_t num_total_clips = 0;
  std::int64_t num_clip_chunks = 0;
  std::int64_t clip_chunk_index = 0;
  ClipStats clip_stats;
  std::map<std::string, std::string> errors;

  /// Fills `metadata` from `source_bytes`.
  /// @throws Error(invalid_argument) without source bytes; as `FrameDecoder` if they are not a video.
  TRANSNET_API void populate_metadata();
  /// Share of `num_total_clips` that was handled; 1 where that is 0.
  [[nodiscard]] TRANSNET_API double fraction() const noexcept;
  /// Work in units of five minutes of video, times `fraction`; 0 if the size is unknown.
  /// @throws Error(invalid_argument) if the size is known but the duration is not.
  [[nodiscard]] TRANSNET_API double weight() const;
  /// Bytes of the buffers and arrays.
  [[nodiscard]] TRANSNET_API std::size_t get_major_size() const;
  /// Whether height, width, duration, frame rate, number of frames and codec are all known and nonzero.
  [[nodiscard]] TRANSNET_API bool has_metadata() const noexcept;
  /// The names of the facts that are missing, such as "height".
  [[nodiscard]] TRANSNET_API std::vector<std::string> missing_metadata() const;
  /// From the name of the pixel format; empty if it is unknown.
  [[nodiscard]] TRANSNET_API std::optional<bool> is_10_bit_color() const;
  /// The path with forward slashes.
  [[nodiscard]] TRANSNET_API std::string input_path() const;
};

/// The times and counts of one stage for one task.
struct StagePerfStats {
  std::string stage_name;
  double process_time = 0.0;     ///< seconds
  double actor_idle_time = 0.0;  ///< seconds
  double input_data_size_mb = 0.0;
  std::int64_t num_items_processed = 0;
  std::map<std::string, double> custom_metrics;
};

/// A video on its way through the stages.
struct VideoTask {
  std::string dataset_name;
  Video data;
  std::vector<StagePerfStats> stage_perf;
  std::string task_id;
  std::string source_id;

  /// A task holds one video.
  [[nodiscard]] std::int64_t num_items() const noexcept { return 1; }
  /// Appends the statistics of a stage.
  void add_stage_perf(StagePerfStats stats) { stage_perf.push_back(std::move(stats)); }
  /// Whether the input video exists.
  [[nodiscard]] TRANSNET_API bool validate() const;
};

}  // namespace transnet::inline TRANSNET_ABI
