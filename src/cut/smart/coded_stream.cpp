// SPDX-License-Identifier: Apache-2.0
#include "cut/smart/coded_stream.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <limits>
#include <new>
#include <set>
#include <string>
#include <string_view>

#include "transnet/error.hpp"

namespace transnet::media {
namespace {

// Types of units. In HEVC, the types of parameter sets are consecutive, and so are the types of entry pictures.
namespace h264 {
constexpr int idr_slice = 5;
constexpr int last_slice = 5;
constexpr int sequence_parameters = 7;
constexpr int picture_parameters = 8;
constexpr int further_sequence_parameters = 13;
constexpr int parameters_of_a_subset = 15;
}  // namespace h264
namespace hevc {
constexpr int last_slice = 31;
constexpr int first_entry = 16;  // BLA
constexpr int clean_entry = 21;  // CRA
constexpr int first_parameters = 32;
constexpr int last_parameters = 34;
constexpr int delimiter = 35;
constexpr int end_of_sequence = 36;
}  // namespace hevc

[[noreturn]] void refuse(const std::string& reason) { throw Error(ErrorCode::unsupported, reason); }

int type_of(Bytes unit, bool is_h264) noexcept { return is_h264 ? unit[0] & 0x1f : unit[0] >> 1 & 0x3f; }

/// Reads a container's description of a codec.
class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  Bytes take(std::size_t count) {
    if (count > bytes_.size()) refuse("the description of its codec is too short");
    const Bytes taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  std::size_t number(std::size_t bytes) {
    std::size_t number = 0;
    for (const std::uint8_t byte : take(bytes)) number = number << 8 | byte;
    return number;
  }
  void take_units(std::size_t count, std::vector<Bytes>& units) {
    for (std::size_t unit = 0; unit < count; ++unit) units.push_back(take(number(2)));
  }
  [[nodiscard]] Bytes rest() const noexcept { return bytes_; }

 private:
  Bytes bytes_;
};

/// The id of an H.264 parameter set: an Exp-Golomb code after the bytes that every set has.
int id_of(Bytes unit) {
  const std::size_t first_bit = type_of(unit, true) == h264::sequence_parameters ? 32 : 8;
  std::size_t bit = first_bit;
  const auto next = [&]() -> unsigned {
    if (bit / 8 >= unit.size()) refuse("a parameter set is too short");
    const unsigned value = unsigned{unit[bit / 8]} >> (7 - bit % 8) & 1U;
    ++bit;
    return value;
  };
  int zeros = 0;
  while (next() == 0) ++zeros;
  constexpr int most_zeros = 8;  // ids go up to 255
  if (zeros > most_zeros) refuse("a parameter set has no valid id");
  unsigned value = 1;
  for (int i = 0; i < zeros; ++i) value = value << 1 | next();
  return static_cast<int>(value) - 1;
}

const char* h264_profile(int profile) {
  switch (profile & 0xff) {
    case FF_PROFILE_H264_BASELINE: return "baseline";
    case FF_PROFILE_H264_MAIN: return "main";
    case FF_PROFILE_H264_HIGH: return "high";
    case FF_PROFILE_H264_HIGH_10: return "high10";
    case FF_PROFILE_H264_HIGH_422: return "high422";
    case FF_PROFILE_H264_HIGH_444_PREDICTIVE: return "high444";
    default: refuse("its H.264 profile cannot be encoded");
  }
}

void set_description(AVCodecParameters& parameters, const ByteVector& bytes) {
  av_freep(static_cast<void*>(&parameters.extradata));
  parameters.extradata_size = 0;
  parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (parameters.extradata == nullptr) throw std::bad_alloc();
  std::memcpy(parameters.extradata, bytes.data(), bytes.size());
  parameters.extradata_size = static_cast<int>(bytes.size());
}

PacketPtr with_bytes(const AVPacket& like, const ByteVector& bytes) {
  PacketPtr packet = make_packet();
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max() - AV_INPUT_BUFFER_PADDING_SIZE) ||
      av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0) {
    throw std::bad_alloc();
  }
  std::memcpy(packet->data, bytes.data(), bytes.size());
  packet->pts = like.pts;
  packet->dts = like.dts;
  packet->duration = like.duration;
  packet->flags = like.flags;
  packet->stream_index = like.stream_index;
  return packet;
}

}  // namespace

CodedStream::CodedStream(const AVStream& stream)
    : stream_(stream),
      codec_(stream.codecpar->codec_id),
      description_(stream.codecpar->extradata,
                   stream.codecpar->extradata + std::max(stream.codecpar->extradata_size, 0)) {
  const AVCodecParameters& parameters = *stream.codecpar;
  if (codec_ != AV_CODEC_ID_H264 && codec_ != AV_CODEC_ID_HEVC) {
    refuse(std::string("it is ") + avcodec_get_name(codec_) + ", and only h264 and hevc packets can be joined");
  }
  if (parameters.field_order != AV_FIELD_UNKNOWN && parameters.field_order != AV_FIELD_PROGRESSIVE) {
    refuse("its pictures are interlaced");
  }
  if (has_side_data(stream, AV_PKT_DATA_DOVI_CONF)) refuse("it is Dolby Vision");
  if (is_h264()) profile_ = h264_profile(parameters.profile);
  if (description_.size() < 4) refuse("its description holds no parameter sets");
  if (description_[0] == 1) {
    is_h264() ? read_h264() : read_hevc();
    if (length_bytes_ != 4) refuse("its packets have length fields of an unusual size");
  } else {
    for (const Bytes unit : split_units(description_, 0)) {
      if (is_parameter_set(unit)) parameters_.push_back(unit);
    }
  }
  if (std::ranges::any_of(parameters_, &Bytes::empty)) refuse("the description of its codec is broken");
  if (parameters_.empty()) refuse("its description holds no parameter sets");
}

void CodedStream::read_h264() {
  Reader reader(description_);
  (void)reader.take(4);
  length_bytes_ = static_cast<int>(reader.number(1) & 3) + 1;
  reader.take_units(reader.number(1) & 0x1f, parameters_);
  reader.take_units(reader.number(1), parameters_);
}

void CodedStream::read_hevc() {
  Reader reader(description_);
  (void)reader.take(21);
  length_bytes_ = static_cast<int>(reader.number(1) & 3) + 1;
  for (std::size_t arrays = reader.number(1); arrays > 0; --arrays) {
    std::vector<Bytes> units;
    (void)reader.number(1);
    reader.take_units(reader.number(2), units);
    std::ranges::copy_if(units, std::back_inserter(parameters_),
                         [this](Bytes unit) { return unit.empty() || is_parameter_set(unit); });
  }
}

bool CodedStream::is_parameter_set(Bytes unit) const noexcept {
  const int type = type_of(unit, is_h264());
  if (!is_h264()) return type >= hevc::first_parameters && type <= hevc::last_parameters;
  return type == h264::sequence_parameters || type == h264::picture_parameters ||
         type == h264::further_sequence_parameters || type == h264::parameters_of_a_subset;
}

CodedStream::Contents CodedStream::look_into(const AVPacket& packet) const {
  Contents contents;
  // The container's description has changed.
  contents.changes_parameters = av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, nullptr) != nullptr ||
                                av_packet_get_side_data(&packet, AV_PKT_DATA_PARAM_CHANGE, nullptr) != nullptr;
  bool has_slice = false;
  for (const Bytes unit : split_units(bytes_of(packet), length_bytes_)) {
    const int type = type_of(unit, is_h264());
    if (is_parameter_set(unit)) {
      const bool is_known =
          std::ranges::any_of(parameters_, [unit](Bytes known) { return std::ranges::equal(known, unit); });
      contents.changes_parameters = contents.changes_parameters || !is_known;
    }
    const bool is_slice = is_h264() ? type >= 1 && type <= h264::last_slice : type <= hevc::last_slice;
    if (!is_slice || has_slice) continue;
    has_slice = true;
    contents.is_entry = is_h264() ? type == h264::idr_slice : type >= hevc::first_entry && type <= hevc::clean_entry;
    contents.needs_end = contents.is_entry && !is_h264() && type == hevc::clean_entry;
  }
  return contents;
}

int CodedStream::free_id() const {
  std::set<int> taken;
  for (const Bytes unit : parameters_) {
    const int type = type_of(unit, true);
    if (type == h264::sequence_parameters || type == h264::picture_parameters) taken.insert(id_of(unit));
  }
  constexpr int highest = 31;  // for sequences
  int id = 0;
  while (taken.contains(id)) ++id;
  if (id > highest) refuse("all parameter set ids are taken");
  return id;
}

PictureEncoding CodedStream::encoding(const CutOptions& options) const {
  const char* name = is_h264() ? "libx264" : "libx265";
  const AVCodec* codec = avcodec_find_encoder_by_name(name);
  if (codec == nullptr) refuse(std::string("this FFmpeg has no encoder ") + name);
  PictureEncoding encoding{
      .codec = *codec, .options = quality_options(options), .threads = options.decode.threads, .max_b_frames = 0};
  if (!is_h264()) {
    encoding.options.emplace_back("x265-params", "log-level=none:bframes=0:repeat-headers=1");
    return encoding;
  }
  // Otherwise libx264 would write to standard error that the profile has no such mode.
  if (options.crf && *options.crf < 1.0 && std::string_view(profile_) != "high444") {
    refuse("libx264 cannot encode without loss in the video's profile");
  }
  encoding.has_global_headers = true;
  encoding.options.emplace_back("profile", profile_);
  encoding.options.emplace_back("x264-params", "sps-id=" + std::to_string(free_id()));
  // The encoder's parameter sets must announce as much reordering as the stream's, because readers may only see the
  // first sets. Pyramids reorder by two pictures.
  const int delay = stream_.codecpar->video_delay;
  encoding.max_b_frames = delay < 2 ? delay : 3;
  return encoding;
}

void CodedStream::describe(const AVCodecContext& encoder, AVCodecParameters& joined) const {
  const Bytes own(encoder.extradata, static_cast<std::size_t>(std::max(encoder.extradata_size, 0)));
  if (is_h264()) {
    set_description(joined, described_with(own));
    joined.level = std::max(joined.level, encoder.level);
    return;
  }
  if (joined.codec_tag == MKTAG('h', 'v', 'c', '1')) joined.codec_tag = MKTAG('h', 'e', 'v', '1');
}

ByteVector CodedStream::described_with(Bytes description_of_encoder) const {
  const std::vector<Bytes> added = split_units(description_of_encoder, 0);
  ByteVector joined = description_;
  if (length_bytes_ == 0) {
    for (const Bytes unit : added) append_unit(joined, unit, 0);
    return joined;
  }
  joined.resize(4);
  Reader reader(Bytes(description_).subspan(4));
  joined.push_back(static_cast<std::uint8_t>(reader.number(1)));
  for (const int type : {h264::sequence_parameters, h264::picture_parameters}) {
    const std::size_t flags = type == h264::sequence_parameters ? 0xe0 : 0;
    std::vector<Bytes> units;
    reader.take_units(reader.number(1) & ~flags, units);
    std::ranges::copy_if(added, std::back_inserter(units), [type](Bytes unit) { return type_of(unit, true) == type; });
    const std::size_t most = type == h264::sequence_parameters ? 31 : 255;
    if (units.size() > most) refuse("it has too many parameter sets");
    joined.push_back(static_cast<std::uint8_t>(flags | units.size()));
    for (const Bytes unit : units) {
      joined.push_back(static_cast<std::uint8_t>(unit.size() >> 8));
      joined.push_back(static_cast<std::uint8_t>(unit.size()));
      joined.insert(joined.end(), unit.begin(), unit.end());
      // The header states the highest level of all sequences.
      if (type == h264::sequence_parameters && unit.size() > 3) joined[3] = std::max(joined[3], unit[3]);
    }
  }
  joined.insert(joined.end(), reader.rest().begin(), reader.rest().end());
  return joined;
}

PacketPtr CodedStream::packed(const AVPacket& encoded) const {
  ByteVector bytes;
  for (const Bytes unit : split_units(bytes_of(encoded), 0)) append_unit(bytes, unit, length_bytes_);
  return with_bytes(encoded, bytes);
}

PacketPtr CodedStream::with_parameters(const AVPacket& packet, bool ends_stream_before) const {
  ByteVector bytes;
  constexpr std::array<std::uint8_t, 2> end = {hevc::end_of_sequence << 1, 1};
  if (ends_stream_before) append_unit(bytes, end, length_bytes_);
  const std::vector<Bytes> units = split_units(bytes_of(packet), length_bytes_);
  const bool begins_with_delimiter = !units.empty() && type_of(units.front(), is_h264()) == hevc::delimiter;
  const auto rest = units.begin() + (begins_with_delimiter ? 1 : 0);
  const auto append = [&](Bytes unit) { append_unit(bytes, unit, length_bytes_); };
  std::for_each(units.begin(), rest, append);
  if (std::none_of(rest, units.end(), [this](Bytes unit) { return is_parameter_set(unit); })) {
    std::ranges::for_each(parameters_, append);
  }
  std::for_each(rest, units.end(), append);
  return with_bytes(packet, bytes);
}

}  // namespace transnet::media
