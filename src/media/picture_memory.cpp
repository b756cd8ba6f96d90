// SPDX-License-Identifier: Apache-2.0
#include "media/picture_memory.hpp"

#include <new>
#include <utility>

#include "base/number_text.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

/// A picture's memory, counted as long as anybody uses it.
class HeldPicture {
 public:
  HeldPicture(std::shared_ptr<std::atomic<std::int64_t>> held_bytes, std::int64_t bytes)
      : held_bytes_(std::move(held_bytes)), bytes_(bytes) {
    *held_bytes_ += bytes_;
  }
  ~HeldPicture() { *held_bytes_ -= bytes_; }
  HeldPicture(const HeldPicture&) = delete;
  HeldPicture& operator=(const HeldPicture&) = delete;

  void hold(BufferPtr memory) { memory_ = std::move(memory); }

 private:
  std::shared_ptr<std::atomic<std::int64_t>> held_bytes_;
  std::int64_t bytes_;
  BufferPtr memory_;
};

void release(void* picture, std::uint8_t*) noexcept {
  const std::unique_ptr<HeldPicture> released(static_cast<HeldPicture*>(picture));
}

}  // namespace

PictureMemory::PictureMemory(const Limits& limits)
    : max_pixels_(limits.max_pixels), max_gb_(limits.max_picture_memory_gb) {}

void PictureMemory::serve(AVCodecContext& decoder) {
  decoder.opaque = this;
  decoder.get_buffer2 = get_buffer;
  allow_callbacks_in_threads(decoder);
}

bool PictureMemory::admits(int width, int height) {
  if (max_pixels_ == 0 || std::int64_t{width} * height <= max_pixels_) return true;
  refuse("a picture of " + std::to_string(width) + "x" + std::to_string(height) + " is larger than max_pixels " +
         std::to_string(max_pixels_));
  return false;
}

bool PictureMemory::count(const AVCodecContext& decoder, AVFrame& frame) {
  std::int64_t bytes = 0;
  for (const AVBufferRef* buffer : frame.buf) bytes += buffer != nullptr ? static_cast<std::int64_t>(buffer->size) : 0;

  auto picture = std::make_unique<HeldPicture>(held_bytes_, bytes);
  constexpr double gb = 1e9;
  if (max_gb_ > 0.0 && static_cast<double>(*held_bytes_) > max_gb_ * gb) {
    refuse("decoded pictures of " + std::to_string(decoder.width) + "x" + std::to_string(decoder.height) +
           " need more than max_picture_memory_gb " + number_text(max_gb_));
    return false;
  }
  // Wraps the first plane's memory: its last user frees the wrapper.
  AVBufferRef* counted = av_buffer_create(frame.buf[0]->data, frame.buf[0]->size, release, picture.get(), 0);
  if (counted == nullptr) throw std::bad_alloc();
  picture->hold(BufferPtr(std::exchange(frame.buf[0], counted)));
  (void)picture.release();
  return true;
}

int PictureMemory::get_buffer(AVCodecContext* decoder, AVFrame* frame, int flags) noexcept {
  auto& memory = *static_cast<PictureMemory*>(decoder->opaque);
  try {
    if (!memory.admits(decoder->width, decoder->height)) return AVERROR(EINVAL);
    const int result = avcodec_default_get_buffer2(decoder, frame, flags);
    const bool is_in_main_memory = frame->hw_frames_ctx == nullptr;
    if (result < 0 || !is_in_main_memory || memory.count(*decoder, *frame)) return result;
  } catch (const std::bad_alloc&) {
  }
  for (AVBufferRef*& buffer : frame->buf) av_buffer_unref(&buffer);
  return AVERROR(ENOMEM);
}

void PictureMemory::refuse(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (refusal_.empty()) refusal_ = reason;
}

void PictureMemory::check(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  if (!refusal_.empty()) throw Error(ErrorCode::limit_exceeded, name + ": " + refusal_);
}

}  // namespace transnet::media
