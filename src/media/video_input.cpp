// SPDX-License-Identifier: Apache-2.0
#include "transnet/video_input.hpp"

#include <utility>

#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {

VideoInput::VideoInput(Bytes bytes, std::string name) : bytes_(std::move(bytes)), name_(std::move(name)) {
  if (name_.empty() && !std::holds_alternative<std::filesystem::path>(bytes_)) {
    throw Error(ErrorCode::invalid_argument,
                "a video that is not a file needs a name: the UUIDs of its clips contain it");
  }
}

VideoInput VideoInput::of_file(const std::filesystem::path& file, std::string name) {
  return {file, name.empty() ? file.string() : std::move(name)};
}

VideoInput VideoInput::of_bytes(std::span<const std::byte> bytes, std::string name) { return {bytes, std::move(name)}; }

VideoInput VideoInput::of_reader(ByteReader& reader, std::string name) { return {&reader, std::move(name)}; }

FrameDecoder VideoInput::open(const DecodeOptions& options, std::stop_token stop, const FrameSize& frame_size) const {
  if (const auto* file = std::get_if<std::filesystem::path>(&bytes_)) {
    return FrameDecoder(*file, options, std::move(stop), frame_size);
  }
  if (const auto* bytes = std::get_if<std::span<const std::byte>>(&bytes_)) {
    return FrameDecoder::from_memory(*bytes, options, name_, std::move(stop), frame_size);
  }
  return FrameDecoder::from_reader(*std::get<ByteReader*>(bytes_), options, name_, std::move(stop), frame_size);
}

}  // namespace transnet::inline TRANSNET_ABI
