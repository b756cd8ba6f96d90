// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// H.264 whose fields are coded as pictures of their own, as much of television is. No encoder that the ffmpeg command
/// has makes it, so it is written here by the standard (ITU-T H.264), every sample as it is (I_PCM).
namespace transnet::test {

class H264Bits {
 public:
  H264Bits& u(unsigned value, int bits) {
    while (bits-- > 0) text_ += ((value >> bits) & 1U) != 0 ? '1' : '0';
    return *this;
  }
  /// Exp-Golomb code, clause 9.1.
  H264Bits& ue(unsigned value) {
    int length = 0;
    while ((value + 1) >> (length + 1) != 0) ++length;
    return u(0, length).u(value + 1, length + 1);
  }
  H264Bits& align() { return u(0, static_cast<int>((8 - text_.size() % 8) % 8)); }

  /// As a NAL unit with that first byte, behind a start code.
  [[nodiscard]] std::string nal(unsigned char header) {
    u(1, 1).align();
    std::string unit("\0\0\0\1", 4);
    unit += static_cast<char>(header);
    int zeros = 0;
    for (std::size_t at = 0; at < text_.size(); at += 8) {
      const auto byte = static_cast<char>(std::stoi(text_.substr(at, 8), nullptr, 2));
      if (zeros >= 2 && byte >= 0 && byte <= 3) {  // would look like a start code
        unit += '\3';
        zeros = 0;
      }
      unit += byte;
      zeros = byte == 0 ? zeros + 1 : 0;
    }
    return unit;
  }

 private:
  std::string text_;  // of the digits 0 and 1
};

/// One field of 48x16 samples in one grey of 1..255.
inline std::string h264_field(int frame, bool is_bottom, unsigned grey) {
  const bool is_idr = frame == 0 && !is_bottom;
  H264Bits slice;
  slice.ue(0).ue(7).ue(0);  // first macroblock, intra, parameter set
  slice.u(static_cast<unsigned>(frame) % 16, 4).u(1, 1).u(is_bottom ? 1 : 0, 1);  // frame_num, a field, which
  if (is_idr) slice.ue(0).u(0, 2);
  if (!is_idr) slice.u(0, 1);
  slice.ue(0).ue(1);  // no quantiser step, no deblocking
  for (int macroblock = 0; macroblock < 3; ++macroblock) {
    slice.ue(25).align();
    for (int sample = 0; sample < 256; ++sample) slice.u(grey, 8);
    for (int sample = 0; sample < 128; ++sample) slice.u(128, 8);
  }
  return slice.nal(is_idr ? 0x65 : 0x61);
}

/// `count` frames of 48x32, top field first: the first half dark, the second bright, every bottom field a little
/// brighter than its top field.
inline std::string h264_of_fields(int count) {
  H264Bits sequence;
  sequence.u(77, 8).u(0, 8).u(30, 8).ue(0).ue(0).ue(2).ue(1).u(0, 1).ue(2).ue(0);  // main profile, 3 x 2 macroblocks
  sequence.u(0, 1).u(0, 1).u(1, 1).u(0, 1).u(0, 1);                                // not of whole frames alone
  H264Bits picture;
  picture.ue(0).ue(0).u(0, 2).ue(0).ue(0).ue(0).u(0, 3).ue(0).ue(0).ue(0).u(1, 1).u(0, 2);
  std::string stream = sequence.nal(0x67) + picture.nal(0x68);
  for (int frame = 0; frame < count; ++frame) {
    const unsigned grey = frame < count / 2 ? 40 : 200;
    stream += std::string("\0\0\0\1\x09\x30", 6) + h264_field(frame, false, grey) + h264_field(frame, true, grey + 10);
  }
  return stream;
}

}  // namespace transnet::test
