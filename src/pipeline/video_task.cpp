// SPDX-License-Identifier: Apache-2.0
#include "transnet/video_task.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

template <typename Text>
std::size_t text_bytes(const std::map<std::string, Text>& texts) {
  std::size_t total = 0;
  for (const auto& [key, text] : texts) total += key.size() + text.size();
  return total;
}

template <typename Buffer>
std::size_t buffer_bytes(const std::optional<Buffer>& buffer) {
  return buffer ? buffer->size() : 0;
}

std::size_t array_bytes(const std::optional<FloatArray>& array) {
  return array ? array->data.size() * sizeof(float) : 0;
}

/// The facts about a video that the reference needs, and whether each is known.
std::array<std::pair<const char*, bool>, 6> needed_facts(const VideoMetadata& metadata) {
  return {{{"height", metadata.height.value_or(0) != 0},
           {"width", metadata.width.value_or(0) != 0},
           {"duration", metadata.duration.value_or(0.0) != 0.0},
           {"framerate", metadata.framerate.value_or(0.0) != 0.0},
           {"num_frames", metadata.num_frames.value_or(0) != 0},
           {"video_codec", metadata.video_codec && !metadata.video_codec->empty()}}};
}

}  // namespace

std::size_t CaptionWindow::get_major_size() const {
  return buffer_bytes(mp4_bytes) + buffer_bytes(webp_bytes) + text_bytes(caption) + text_bytes(enhanced_caption);
}

std::optional<VideoMetadata> Clip::extract_metadata() const {
  if (!buffer) return std::nullopt;
  return FrameDecoder::from_memory(*buffer, {}, "clip " + uuid.to_string()).metadata();
}

std::size_t Clip::get_major_size() const {
  std::size_t total = uuid.bytes.size() + buffer_bytes(buffer) + array_bytes(cosmos_embed1_frames) +
                      array_bytes(cosmos_embed1_embedding);
  for (const auto& [key, frames] : extracted_frames) total += frames.data.size();
  for (const auto& window : windows) total += window.get_major_size();
  return total;
}

void ClipStats::combine(const ClipStats& other) noexcept {
  num_filtered_by_motion += other.num_filtered_by_motion;
  num_filtered_by_aesthetic += other.num_filtered_by_aesthetic;
  num_passed += other.num_passed;
  num_transcoded += other.num_transcoded;
  num_with_embeddings += other.num_with_embeddings;
  num_with_caption += other.num_with_caption;
  num_with_webp += other.num_with_webp;
  total_clip_duration += other.total_clip_duration;
  max_clip_duration = std::max(max_clip_duration, other.max_clip_duration);
}

void Video::populate_metadata() {
  if (!source_bytes) throw Error(ErrorCode::invalid_argument, input_path() + ": no video data: source_bytes is empty");
  metadata = FrameDecoder::from_memory(*source_bytes, {}, input_path()).metadata();
}

double Video::fraction() const noexcept {
  if (num_total_clips == 0) return 1.0;
  return static_cast<double>(clips.size() + filtered_clips.size()) / static_cast<double>(num_total_clips);
}

double Video::weight() const {
  constexpr double unit_s = 300.0;
  if (!metadata.size) return 0.0;
  if (!metadata.duration) throw Error(ErrorCode::invalid_argument, input_path() + ": the duration is not known");
  return *metadata.duration / unit_s * fraction();
}

std::size_t Video::get_major_size() const {
  std::size_t total = buffer_bytes(source_bytes) + (frame_array ? frame_array->data.size() : 0);
  for (const auto& clip : clips) total += clip.get_major_size();
  return total;
}

bool Video::has_metadata() const noexcept {
  return std::ranges::all_of(needed_facts(metadata), [](const auto& fact) { return fact.second; });
}

std::vector<std::string> Video::missing_metadata() const {
  std::vector<std::string> names;
  for (const auto& [name, is_known] : needed_facts(metadata)) {
    if (!is_known) names.emplace_back(name);
  }
  return names;
}

std::optional<bool> Video::is_10_bit_color() const {
  if (!metadata.pixel_format) return std::nullopt;
  return metadata.pixel_format->find("10le") != std::string::npos ||
         metadata.pixel_format->find("10be") != std::string::npos;
}

std::string Video::input_path() const { return input_video.generic_string(); }

bool VideoTask::validate() const {
  std::error_code ignored;
  return std::filesystem::exists(data.input_video, ignored);
}

}  // namespace transnet::inline TRANSNET_ABI
