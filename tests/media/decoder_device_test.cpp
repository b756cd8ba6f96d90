// SPDX-License-Identifier: Apache-2.0
// Decoding by a device. Few machines that run tests have one: what needs it is skipped without one.
#include "media/decoder_device.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/recipes.hpp"
#include "support/video_test.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

std::vector<AVHWDeviceType> known_types() {
  std::vector<AVHWDeviceType> types;
  for (auto type = AV_HWDEVICE_TYPE_NONE; (type = av_hwdevice_iterate_types(type)) != AV_HWDEVICE_TYPE_NONE;) {
    types.push_back(type);
  }
  return types;
}

media::BufferPtr device_of(AVHWDeviceType type) {
  AVBufferRef* device = nullptr;
  return av_hwdevice_ctx_create(&device, type, nullptr, nullptr, 0) < 0 ? nullptr : media::BufferPtr(device);
}

bool decodes_h264(AVHWDeviceType type) {
  const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_H264);
  for (int i = 0; const AVCodecHWConfig* config = avcodec_get_hw_config(codec, i); ++i) {
    if (config->device_type == type && (config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) != 0) return true;
  }
  return false;
}

class DecoderDevice : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    silence_ffmpeg_log();
  }
};

TEST_F(DecoderDevice, OfAnUnknownTypeIsRefusedWithTheKnownOnes) {
  std::string known = "auto, cpu";
  for (const auto type : known_types()) known += std::string(", ") + av_hwdevice_get_type_name(type);
  for (const std::string decoder : {"nvdec", "", "CPU", "cpu:1", ":", ":0"}) {
    expect_error(ErrorCode::invalid_argument, "decoder \"" + decoder + "\" is unknown; this FFmpeg knows " + known,
                 [&] { validate(DecodeOptions{.decoder = decoder}); });
  }
}

// The standard of H.264 lets decoders no choice of pixels, so a device has to give the bytes of the processor.
TEST_F(DecoderDevice, GivesTheFramesOfTheProcessorOrSaysWhyNot) {
  const auto video = make("v.mp4", picture("320x180", "25", x264()));
  FrameDecoder on_processor(video, {.decoder = "cpu"});
  const auto expected = read_all_frames(on_processor);
  EXPECT_FALSE(on_processor.report().lacks_device);
  for (const auto type : known_types()) {
    const std::string name = av_hwdevice_get_type_name(type);
    SCOPED_TRACE(name);
    const bool is_here = device_of(type) != nullptr;
    if (decodes_h264(type) && !is_here) {
      expect_error(ErrorCode::unsupported, "the decoder \"" + name + "\" cannot be used",
                   [&] { FrameDecoder decoder(video, {.decoder = name}); });
      continue;
    }
    FrameDecoder decoder(video, {.decoder = name});
    EXPECT_EQ(read_all_frames(decoder).data, expected.data);
    EXPECT_TRUE(decodes_h264(type) || decoder.report().lacks_device) << "it cannot decode this codec";
  }
}

TEST_F(DecoderDevice, ThatIsNotTheFirstOneIsNamedBehindAColon) {
  const auto video = make("v.mp4", picture("320x180", "25", x264(), "0.4"));
  for (const auto type : known_types()) {
    const std::string name = std::string(av_hwdevice_get_type_name(type)) + ":99";
    if (!decodes_h264(type) || type == AV_HWDEVICE_TYPE_QSV) continue;
    expect_error(ErrorCode::unsupported, "the decoder \"" + name + "\" cannot be used",
                 [&] { FrameDecoder decoder(video, {.decoder = name}); });
  }
}

// With any device of FFmpeg's that takes pictures; Debian's mesa-vulkan-drivers make one of the processor.
TEST_F(DecoderDevice, APictureOfItsMemoryComesBackUnchanged) {
  int tried = 0;
  for (const auto type : known_types()) {
    const auto device = device_of(type);
    if (!device) continue;
    const media::BufferPtr pool(av_hwframe_ctx_alloc(device.get()));
    if (!pool) continue;
    AVHWFramesConstraints* limits = av_hwdevice_get_hwframe_constraints(device.get(), nullptr);
    if (limits == nullptr) continue;
    auto& frames = *reinterpret_cast<AVHWFramesContext*>(pool->data);
    frames.format = limits->valid_hw_formats != nullptr ? limits->valid_hw_formats[0] : AV_PIX_FMT_NONE;
    av_hwframe_constraints_free(&limits);
    frames.sw_format = AV_PIX_FMT_NV12;
    frames.width = 320;
    frames.height = 180;
    if (av_hwframe_ctx_init(pool.get()) < 0) continue;

    const auto sent = media::make_frame();
    sent->format = AV_PIX_FMT_NV12;
    sent->width = frames.width;
    sent->height = frames.height;
    ASSERT_EQ(av_frame_get_buffer(sent.get(), 0), 0);
    for (int plane = 0; plane < 2; ++plane) {
      const int rows = plane == 0 ? sent->height : sent->height / 2;
      for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < sent->width; ++x) {
          sent->data[plane][y * sent->linesize[plane] + x] = static_cast<std::uint8_t>(x * 7 + y * 13 + plane);
        }
      }
    }
    const auto picture = media::make_frame();
    if (av_hwframe_get_buffer(pool.get(), picture.get(), 0) < 0) continue;
    if (av_hwframe_transfer_data(picture.get(), sent.get(), 0) < 0) continue;
    picture->pts = 42;
    picture->color_range = AVCOL_RANGE_JPEG;
    SCOPED_TRACE(av_hwdevice_get_type_name(type));
    ++tried;
    ASSERT_TRUE(media::bring_to_main_memory(*picture));
    EXPECT_FALSE(media::bring_to_main_memory(*picture)) << "it is there already";
    EXPECT_EQ(picture->format, AV_PIX_FMT_NV12);
    EXPECT_EQ(picture->width, sent->width);
    EXPECT_EQ(picture->height, sent->height);
    EXPECT_EQ(picture->pts, 42);
    EXPECT_EQ(picture->color_range, AVCOL_RANGE_JPEG);
    for (int plane = 0; plane < 2; ++plane) {
      const int rows = plane == 0 ? sent->height : sent->height / 2;
      for (int y = 0; y < rows; ++y) {
        const auto row_of = [&](const AVFrame& frame) {
          const auto* row = frame.data[plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[plane];
          return std::vector<std::uint8_t>(row, row + frame.width);
        };
        ASSERT_EQ(row_of(*picture), row_of(*sent)) << "row " << y << " of plane " << plane;
      }
    }
  }
  if (tried == 0) GTEST_SKIP() << "FFmpeg finds no device here that takes pictures";
}

}  // namespace
}  // namespace transnet::test
