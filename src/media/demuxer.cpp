// SPDX-License-Identifier: Apache-2.0
#include "media/demuxer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <new>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assumed_framerate.hpp"

namespace transnet::media {
namespace {

constexpr int io_buffer_bytes = 64 * 1024;

int read_bytes(void* opaque, std::uint8_t* buffer, int size) noexcept {
  const auto count = static_cast<ByteSource*>(opaque)->read({buffer, static_cast<std::size_t>(size)});
  if (count == -ECANCELED) return AVERROR_EXIT;
  if (count < 0) return AVERROR(static_cast<int>(-count));
  return count == 0 ? AVERROR_EOF : static_cast<int>(count);
}

std::int64_t seek_bytes(void* opaque, std::int64_t offset, int whence) noexcept {
  auto& source = *static_cast<ByteSource*>(opaque);
  const std::int64_t size = source.size().value_or(0);
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return size;
    case SEEK_SET: break;
    case SEEK_CUR: offset += source.position(); break;
    case SEEK_END: offset += size; break;
    default: return AVERROR(EINVAL);
  }
  if (offset < 0) return AVERROR(EINVAL);
  source.seek(offset);
  return offset;
}

/// Refuses playlists and references to other files: a video is one file.
int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) noexcept {
  return AVERROR(EACCES);
}

int must_end(void* opaque) noexcept { return static_cast<const Deadline*>(opaque)->has_passed() ? 1 : 0; }

IoPtr make_io(ByteSource& source) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(io_buffer_bytes));
  if (buffer == nullptr) throw std::bad_alloc();
  const bool is_seekable = source.size().has_value();
  IoPtr io(
      avio_alloc_context(buffer, io_buffer_bytes, 0, &source, read_bytes, nullptr, is_seekable ? seek_bytes : nullptr));
  if (!io) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  return io;
}

/// Decodes the first frames if the headers do not say enough.
int find_stream_info(AVFormatContext& format, std::int64_t max_pixels) {
  std::vector<AVDictionary*> options(format.nb_streams, nullptr);
  for (auto& stream_options : options) {
    av_dict_set_int(&stream_options, "log_level_offset", silent_log_offset, 0);
    if (max_pixels > 0) av_dict_set_int(&stream_options, "max_pixels", max_pixels, 0);
  }
  const int result = avformat_find_stream_info(&format, options.empty() ? nullptr : options.data());
  for (auto& stream_options : options) av_dict_free(&stream_options);
  return result;
}

bool is_video(const AVStream& stream) noexcept { return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO; }

/// The `ffmpeg` command's preference for a video stream; the highest wins, and of equal ones the first.
std::int64_t preference(const AVStream& stream) noexcept {
  constexpr std::int64_t has_packets_bonus = 100'000'000;
  constexpr std::int64_t default_bonus = 5'000'000;
  if ((stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) return 1;
  std::int64_t preference = std::int64_t{stream.codecpar->width} * stream.codecpar->height;
  if ((stream.event_flags & AVSTREAM_EVENT_FLAG_NEW_PACKETS) != 0) preference += has_packets_bonus;
  if ((stream.disposition & AV_DISPOSITION_DEFAULT) != 0) preference += default_bonus;
  return preference;
}

AVRational to_rational(double framerate) {
  constexpr int largest = 1'001'000;  // as FFmpeg reads the option -framerate
  return av_d2q(framerate, largest);
}

/// FFmpeg reports too many streams as a lack of memory.
std::string open_error_text(int averror) {
  constexpr const char* too_many_streams = ", or it has more than 1000 streams, FFmpeg's limit";
  return error_text(averror) + (averror == AVERROR(ENOMEM) ? too_many_streams : "");
}

}  // namespace

Demuxer::Demuxer(std::unique_ptr<ByteSource> source, std::string name, Deadline& deadline, DecodeOptions options,
                 std::int64_t search_bytes)
    : source_(std::move(source)),
      name_(std::move(name)),
      deadline_(deadline),
      options_(std::move(options)),
      io_(make_io(*source_)) {
  open_container(search_bytes);
  choose_stream(options_.stream);
  if (!source_->images().empty()) time_images(options_.framerate > 0.0 ? options_.framerate : assumed_framerate);
}

Demuxer::~Demuxer() = default;

void Demuxer::open_container(std::int64_t search_bytes) {
  if (source_->size() == 0) throw Error(ErrorCode::invalid_media, name_ + ": the file is empty");

  AVFormatContext* format = avformat_alloc_context();
  if (format == nullptr) throw std::bad_alloc();
  format->pb = io_.get();
  format->io_open = refuse_to_open;
  format->interrupt_callback = {must_end, &deadline_};

  AVDictionary* options = nullptr;
  // An empty list allows no protocol, for formats that open files without io_open.
  av_dict_set(&options, "protocol_whitelist", "", 0);
  // As the command does: otherwise only the streams of the first program of an MPEG transport stream are found.
  av_dict_set(&options, "scan_all_pmts", "1", 0);
  // Formats without a rate have this option and take it out of the dictionary.
  if (options_.framerate > 0.0)
    av_dict_set(&options, "framerate", ratio_text(to_rational(options_.framerate)).c_str(), 0);
  // The name is left out, so that only the content decides the format. By name, FFmpeg reads any .txt as a video of
  // text.
  int result = avformat_open_input(&format, "", nullptr, &options);
  const bool has_own_rate = av_dict_get(options, "framerate", nullptr, 0) != nullptr;
  av_dict_free(&options);
  if (result < 0) {  // avformat_open_input has freed the context
    deadline_.check(name_);
    throw Error(error_code(result), name_ + ": cannot be read as a video: " + open_error_text(result));
  }
  format_.reset(format);
  const bool is_image = std::string_view(format_->iformat->name).ends_with("pipe");  // "png_pipe", "image2pipe"
  if (has_own_rate || (options_.framerate > 0.0 && !is_image)) {
    throw Error(ErrorCode::invalid_argument, name_ + ": framerate is for images, which state none");
  }

  if (search_bytes > 0) {
    constexpr std::int64_t no_limit_us = std::int64_t{1} << 50;  // FFmpeg's own is a few seconds
    format_->probesize = search_bytes;
    format_->max_analyze_duration = no_limit_us;
  }
  result = find_stream_info(*format_, options_.limits.max_pixels);
  deadline_.check(name_);
  if (result == AVERROR(ENOMEM) || (result < 0 && format_->nb_streams == 0)) {
    throw Error(error_code(result), name_ + ": no stream could be found: " + error_text(result));
  }
  stream_count_ = format_->nb_streams;
}

AVStream* Demuxer::best_stream() const {
  // If no stream states a size, 0 is the highest: decoding then gives a better error, such as the exceeded limit.
  std::int64_t highest = -1;
  AVStream* best = nullptr;
  for (AVStream* candidate : std::span(format_->streams, format_->nb_streams)) {
    if (!is_video(*candidate) || preference(*candidate) <= highest) continue;
    highest = preference(*candidate);
    best = candidate;
  }
  return best;
}

std::string Demuxer::video_streams() const {
  std::string list;
  for (const AVStream* stream : std::span(format_->streams, format_->nb_streams)) {
    if (!is_video(*stream)) continue;
    if (!list.empty()) list += ", ";
    list += std::to_string(stream->index) + " (" + avcodec_get_name(stream->codecpar->codec_id) + " " +
            std::to_string(stream->codecpar->width) + "x" + std::to_string(stream->codecpar->height) + ")";
  }
  return list;
}

void Demuxer::choose_stream(std::optional<int> index) {
  const std::span streams(format_->streams, format_->nb_streams);
  stream_ = best_stream();
  if (stream_ == nullptr && has_io_error()) {
    throw Error(ErrorCode::io, name_ + ": cannot be read: " + error_text(io_->error));
  }
  if (stream_ == nullptr) throw Error(ErrorCode::no_video_stream, name_ + ": has no video stream");
  if (index) {
    if (*index < 0 || *index >= std::ssize(streams) || !is_video(*streams[static_cast<std::size_t>(*index)])) {
      throw Error(ErrorCode::no_video_stream, name_ + ": stream " + std::to_string(*index) +
                                                  " is not a video stream; the video streams are " + video_streams());
    }
    stream_ = streams[static_cast<std::size_t>(*index)];
  }
  for (AVStream* stream : streams) stream->discard = stream == stream_ ? AVDISCARD_NONE : AVDISCARD_ALL;

  is_duration_of_all_streams_ = format_->duration != no_stamp && stream_->duration == no_stamp &&
                                format_->duration_estimation_method == AVFMT_DURATION_FROM_STREAM;
  if (!is_duration_of_all_streams_) return;
  for (AVStream* stream : streams) stream->discard = AVDISCARD_NONE;
}

void Demuxer::pass_on_other_streams(std::function<void(AVPacket&)> take) {
  take_other_ = std::move(take);
  for (AVStream* stream : std::span(format_->streams, format_->nb_streams)) stream->discard = AVDISCARD_NONE;
}

/// The container is the first image; its stream is given the rate and the length of the sequence.
void Demuxer::time_images(double framerate) {
  const AVRational rate = to_rational(framerate);
  const auto count = static_cast<std::int64_t>(source_->images().size());
  stream_->time_base = av_inv_q(rate);
  stream_->avg_frame_rate = stream_->r_frame_rate = rate;
  stream_->start_time = format_->start_time = 0;
  stream_->duration = stream_->nb_frames = count;
  format_->duration = av_rescale_q(count, stream_->time_base, microseconds);
  is_duration_of_all_streams_ = false;
}

/// Each image is a packet, as FFmpeg's own reader of image sequences has it.
bool Demuxer::read_image(AVPacket& packet) {
  deadline_.check(name_);
  const auto images = source_->images();
  if (next_image_ == images.size()) return false;
  const auto& image = images[next_image_];
  try {
    const auto source = open_file(image, deadline_, options_);
    const auto size = source->size();
    constexpr std::int64_t most_bytes = std::int64_t{1} << 30;
    if (!size) throw Error(ErrorCode::io, image.string() + ": not a regular file");
    // An empty packet would pass as none.
    if (*size == 0) throw Error(ErrorCode::invalid_media, image.string() + ": the file is empty");
    if (*size > most_bytes) throw Error(ErrorCode::limit_exceeded, image.string() + ": larger than a gibibyte");
    if (av_new_packet(&packet, static_cast<int>(*size)) < 0) throw std::bad_alloc();
    std::span<std::uint8_t> left(packet.data, static_cast<std::size_t>(*size));
    while (!left.empty()) {
      const auto count = source->read(left);
      if (count == -ECANCELED) deadline_.check(name_);
      if (count <= 0) {
        throw Error(ErrorCode::io,
                    image.string() + ": cannot be read: " +
                        (count == 0 ? "it became shorter" : error_text(AVERROR(static_cast<int>(-count)))));
      }
      left = left.subspan(static_cast<std::size_t>(count));
    }
  } catch (const Error& error) {
    av_packet_unref(&packet);
    deadline_.check(name_);
    image_error_ = {error.code(), error.what()};
    return false;
  }
  packet.stream_index = stream_->index;
  packet.pts = packet.dts = static_cast<std::int64_t>(next_image_);
  packet.duration = 1;
  packet.flags |= AV_PKT_FLAG_KEY;
  ++next_image_;
  if (look_) look_(packet);
  return true;
}

bool Demuxer::read(AVPacket& packet) {
  if (!source_->images().empty()) return read_image(packet);
  for (;;) {
    const int result = av_read_frame(format_.get(), &packet);
    if (result == AVERROR(EAGAIN)) continue;
    if (result < 0) {
      deadline_.check(name_);
      if (result == AVERROR(ENOMEM)) throw Error(ErrorCode::out_of_memory, name_ + ": out of memory");
      // Some formats report every failed read as the end of the file; the byte source knows the real error.
      end_ = has_io_error() ? io_->error : result;
      return false;
    }
    if (is_duration_of_all_streams_) note_end_of(packet);
    if (packet.stream_index == stream_->index) break;
    if (take_other_) take_other_(packet);
    av_packet_unref(&packet);
  }
  // A decoder treats encrypted data as damage and makes pictures of it.
  is_encrypted_ = av_packet_get_side_data(&packet, AV_PKT_DATA_ENCRYPTION_INFO, nullptr) != nullptr;
  if (is_encrypted_) {
    av_packet_unref(&packet);
    return false;
  }
  is_last_packet_cut_ = (packet.flags & AV_PKT_FLAG_CORRUPT) != 0;
  if (look_) look_(packet);
  return true;
}

bool Demuxer::has_io_error() const { return io_->error < 0 && io_->error != AVERROR_EOF; }

void Demuxer::note_end_of(const AVPacket& packet) {
  if (packet.pts == no_stamp) return;
  const AVRational time_base = format_->streams[packet.stream_index]->time_base;
  reached_us_ = std::max(reached_us_, av_rescale_q(av_sat_add64(packet.pts, packet.duration), time_base, microseconds));
}

bool Demuxer::index_exceeds_file() const {
  const std::optional<std::int64_t> size = source_->size();
  if (!size) return false;
  const int count = index_entry_count(*stream_);
  for (int index = 0; index < count; ++index) {
    const AVIndexEntry& entry = index_entry(*stream_, index);
    if (entry.pos >= 0 && entry.size > 0 && av_sat_add64(entry.pos, entry.size) > *size) return true;
  }
  return false;
}

bool Demuxer::is_short_of_duration() const {
  constexpr std::int64_t tolerance_us = AV_TIME_BASE / 2;
  if (!is_duration_of_all_streams_ || reached_us_ == no_stamp) return false;
  // Some writers count the duration from zero, some from the first stamp: a video is complete by either count.
  const std::int64_t start_us = format_->start_time == no_stamp ? 0 : std::min<std::int64_t>(format_->start_time, 0);
  return av_sat_sub64(reached_us_, start_us) < format_->duration - tolerance_us;
}

EarlyEnd Demuxer::early_end() const {
  if (!source_->images().empty()) return image_error_;
  if (is_encrypted_) return {ErrorCode::unsupported, "the video is encrypted"};
  if (has_io_error()) return {ErrorCode::io, error_text(end_)};
  // A demuxer may report EIO even if only bytes at the end of the file are missing.
  if (end_ < 0 && end_ != AVERROR_EOF) return {ErrorCode::invalid_media, error_text(end_)};
  if (is_last_packet_cut_) return {ErrorCode::invalid_media, "the last packet is incomplete"};
  if (index_exceeds_file()) return {ErrorCode::invalid_media, "the index names packets beyond the end of the file"};
  if (is_short_of_duration()) {
    return {ErrorCode::invalid_media, "the file ends before the duration that it states"};
  }
  return {};
}

}  // namespace transnet::media
