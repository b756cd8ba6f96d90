// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <variant>

#include "transnet/abi.hpp"
#include "transnet/byte_reader.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/export.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The origin of a video's bytes, and its name, from which the UUIDs of its clips are computed. It owns only the name:
/// the bytes or the reader must outlive every use.
class TRANSNET_API VideoInput {
 public:
  /// A file, or the pattern of an image sequence: if no file has the name, its folder exists and it ends as the name of
  /// an image, then "%04d", "%d", or "*", "?" and "[...]" in its last part stand for images of that folder, which are
  /// its frames. An empty name stands for the path as it is; messages name the path in any case.
  [[nodiscard]] static VideoInput of_file(const std::filesystem::path& file, std::string name = {});
  /// A whole file in memory.
  /// @throws Error(invalid_argument) if the name is empty.
  [[nodiscard]] static VideoInput of_bytes(std::span<const std::byte> bytes, std::string name);
  /// A reader. A decoder reads it once, from its start.
  /// @throws Error(invalid_argument) if the name is empty.
  [[nodiscard]] static VideoInput of_reader(ByteReader& reader, std::string name);

  /// The name in results and messages.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// @throws as the constructors of `FrameDecoder`.
  [[nodiscard]] FrameDecoder open(const DecodeOptions& options = {}, std::stop_token stop = {},
                                  const FrameSize& frame_size = {}) const;

 private:
  using Bytes = std::variant<std::filesystem::path, std::span<const std::byte>, ByteReader*>;
  VideoInput(Bytes bytes, std::string name);

  Bytes bytes_;
  std::string name_;
};

}  // namespace transnet::inline TRANSNET_ABI
