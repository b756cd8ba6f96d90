// SPDX-License-Identifier: Apache-2.0
// The own scaler's frames against libavfilter's, in every byte.
#include "media/frame_filter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "media/scaler_proof.hpp"
#include "scale/kernel_sets.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

using Rgb = std::array<std::uint8_t, frame_bytes>;
constexpr const char* scale_options = "48:27:flags=bicubic";

struct Colors {
  int space = AVCOL_SPC_UNSPECIFIED;
  int range = AVCOL_RANGE_UNSPECIFIED;
  int chroma_location = AVCHROMA_LOC_UNSPECIFIED;
};

class FrameFilterTest : public testing::Test {
 protected:
  FrameFilterTest() : format_(avformat_alloc_context()), stream_(avformat_new_stream(format_.get(), nullptr)) {
    stream_->time_base = {1, 25};
  }

  /// A picture whose rows have `padding` further bytes, in memory that ends where the picture ends.
  FramePtr picture(AVPixelFormat format, int width, int height, Colors colors = {}, int padding = 0) {
    FramePtr frame = make_frame();
    frame->format = format;
    frame->width = width;
    frame->height = height;
    frame->colorspace = static_cast<AVColorSpace>(colors.space);
    frame->color_range = static_cast<AVColorRange>(colors.range);
    frame->chroma_location = static_cast<AVChromaLocation>(colors.chroma_location);
    std::array<int, 4> row_bytes{};
    EXPECT_GE(av_image_fill_linesizes(row_bytes.data(), format, width), 0);
    const AVPixFmtDescriptor& description = *av_pix_fmt_desc_get(format);
    for (std::size_t plane = 0; plane < 4 && row_bytes[plane] > 0; ++plane) {
      const int shift = plane == 0 ? 0 : description.log2_chroma_h;
      const int rows = -(-height >> shift);
      const int stride = row_bytes[plane] + padding;
      const auto size = static_cast<std::size_t>(stride) * static_cast<std::size_t>(rows - 1) +
                        static_cast<std::size_t>(row_bytes[plane]);
      AVBufferRef* buffer = av_buffer_alloc(size);
      frame->buf[plane] = buffer;
      frame->data[plane] = buffer->data;
      frame->linesize[plane] = stride;
      fill(buffer->data, size, description.comp[0].depth);
    }
    return frame;
  }

  /// Noise, flat parts and extremes.
  void fill(std::uint8_t* data, std::size_t size, int bits) {
    const std::size_t run = 1 + random_() % 97;
    const auto kind = random_() % 4;
    const auto sample = [&](int most) {
      switch (kind) {
        case 0: return static_cast<int>(random_() % static_cast<unsigned>(most + 1));
        case 1: return random_() % 2 == 0 ? 0 : most;
        case 2: return most;
        default: return random_() % 3 == 0 ? static_cast<int>(random_() % static_cast<unsigned>(most + 1)) : most / 2;
      }
    };
    if (bits == 8) {
      int value = 0;
      for (std::size_t i = 0; i < size; ++i) {
        if (i % run == 0) value = sample(255);
        data[i] = static_cast<std::uint8_t>(value);
      }
    } else {
      auto* words = reinterpret_cast<std::uint16_t*>(data);
      for (std::size_t i = 0; i < size / 2; ++i) words[i] = static_cast<std::uint16_t>(sample((1 << bits) - 1));
    }
  }

  /// The frame by libavfilter alone.
  static Rgb filtered(PictureFilter& filter, const AVFrame& picture) {
    Rgb rgb{};
    const FramePtr copy = clone_frame(picture);
    const AVFrame& scaled = filter.apply(*copy);
    constexpr int row_bytes = frame_width * frame_channels;
    av_image_copy_plane(rgb.data(), row_bytes, scaled.data[0], scaled.linesize[0], row_bytes, frame_height);
    return rgb;
  }

  Rgb filtered(const AVFrame& picture) const {
    PictureFilter filter(*stream_, scale_options, 1);
    return filtered(filter, picture);
  }

  FrameFilter own() const { return FrameFilter(*stream_, scale_options, 1, true); }

  std::mt19937 random_{7};
  FormatPtr format_;
  AVStream* stream_;
};

struct Size {
  int width;
  int height;
};
constexpr std::array common_sizes{Size{640, 360},   Size{1280, 720},  Size{1920, 1080}, Size{3840, 2160},
                                  Size{1080, 1920}, Size{720, 576},   Size{720, 480},   Size{854, 480},
                                  Size{1920, 1088}, Size{2560, 1440}, Size{4096, 2160}, Size{320, 240},
                                  Size{2160, 3840}};

TEST_F(FrameFilterTest, OwnScalerTakesCommonPictures) {
  for (const auto [width, height] : common_sizes) {
    for (const auto format : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_NV12, AV_PIX_FMT_YUVJ420P}) {
      FrameFilter filter = own();
      for (int i = 0; i < 3; ++i) {
        const FramePtr frame = picture(format, width, height, {AVCOL_SPC_BT709, AVCOL_RANGE_UNSPECIFIED, 0});
        Rgb rgb{};
        filter.apply(*frame, rgb);
        ASSERT_TRUE(filter.uses_own_scaler()) << width << "x" << height << " " << av_get_pix_fmt_name(format);
        ASSERT_EQ(rgb, filtered(*frame)) << width << "x" << height << " " << av_get_pix_fmt_name(format);
      }
    }
  }
}

TEST_F(FrameFilterTest, CheckRefusesThePicturesThatCannotBeScaled) {
  FrameFilter filter = own();
  const FramePtr good = picture(AV_PIX_FMT_YUV420P, 640, 360);
  const FramePtr bad = picture(AV_PIX_FMT_UYYVYY411, 640, 360);  // libswscale cannot read it
  Rgb rgb{};
  for (int i = 0; i < 2; ++i) {
    EXPECT_NO_THROW(filter.check(*good));
    EXPECT_THROW(filter.check(*bad), Error);
    EXPECT_THROW(filter.check(*bad), Error) << "it is the second of its kind";
    EXPECT_THROW(filter.apply(*bad, rgb), Error);
  }
  filter.apply(*good, rgb);
  EXPECT_EQ(rgb, filtered(*good));
}

TEST_F(FrameFilterTest, OwnScalerTakesOtherFormats) {
  for (const auto format : {AV_PIX_FMT_YUV420P10, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV422P10, AV_PIX_FMT_YUV444P,
                            AV_PIX_FMT_YUV444P10, AV_PIX_FMT_YUV420P12, AV_PIX_FMT_YUV422P12, AV_PIX_FMT_YUVJ422P,
                            AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUV440P, AV_PIX_FMT_YUV411P}) {
    for (const auto [width, height] : {Size{1920, 1080}, Size{1280, 720}, Size{720, 576}}) {
      FrameFilter filter = own();
      for (int i = 0; i < 3; ++i) {
        const FramePtr frame = picture(format, width, height);
        Rgb rgb{};
        filter.apply(*frame, rgb);
        EXPECT_TRUE(filter.uses_own_scaler()) << width << "x" << height << " " << av_get_pix_fmt_name(format);
        ASSERT_EQ(rgb, filtered(*frame)) << width << "x" << height << " " << av_get_pix_fmt_name(format);
      }
    }
  }
}

TEST_F(FrameFilterTest, EveryColorGivesTheSameBytes) {
  for (int space = 0; space <= 17; ++space) {
    for (const int range : {AVCOL_RANGE_UNSPECIFIED, AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG}) {
      for (int location = 0; location <= 6; ++location) {
        const Colors colors{space, range, location};
        const FramePtr frame = picture(AV_PIX_FMT_YUV420P, 352, 288, colors);
        Rgb expected{};
        try {
          expected = filtered(*frame);
        } catch (const Error&) {
          continue;  // this release refuses the colours
        }
        FrameFilter filter = own();
        Rgb rgb{};
        filter.apply(*frame, rgb);
        filter.apply(*frame, rgb);
        ASSERT_EQ(rgb, expected) << "space " << space << ", range " << range << ", chroma " << location;
        if (space <= AVCOL_SPC_BT2020_NCL && space != AVCOL_SPC_RGB && space != AVCOL_SPC_YCGCO) {
          EXPECT_TRUE(filter.uses_own_scaler()) << "space " << space << ", range " << range << ", chroma " << location;
        }
      }
    }
  }
}

TEST_F(FrameFilterTest, LargePicturesOfEveryColorGiveTheSameBytes) {
  for (const int space : {AVCOL_SPC_UNSPECIFIED, AVCOL_SPC_BT709, AVCOL_SPC_BT2020_NCL}) {
    for (const int range : {AVCOL_RANGE_UNSPECIFIED, AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG}) {
      const FramePtr frame = picture(AV_PIX_FMT_YUV420P, 3840, 2160, {space, range, AVCHROMA_LOC_LEFT});
      FrameFilter filter = own();
      Rgb rgb{};
      filter.apply(*frame, rgb);
      filter.apply(*frame, rgb);
      ASSERT_TRUE(filter.uses_own_scaler()) << "space " << space << ", range " << range;
      ASSERT_EQ(rgb, filtered(*frame)) << "space " << space << ", range " << range;
    }
  }
}

TEST_F(FrameFilterTest, RandomSizesAndPaddingGiveTheSameBytes) {
  constexpr std::array formats{AV_PIX_FMT_YUV420P,   AV_PIX_FMT_YUV420P, AV_PIX_FMT_NV12,    AV_PIX_FMT_YUVJ420P,
                               AV_PIX_FMT_YUV420P10, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUV422P10,
                               AV_PIX_FMT_YUV444P10, AV_PIX_FMT_YUV440P};
  int own_count = 0;
  constexpr int rounds = 1500;
  for (int i = 0; i < rounds; ++i) {
    const auto format = formats[random_() % formats.size()];
    const auto side = [&](int most) {
      const auto small = static_cast<unsigned>(random_() % 8 == 0 ? 64 : most);
      return static_cast<int>(1 + random_() % small);
    };
    const int width = side(900);
    const int height = side(600);
    const Colors colors{static_cast<int>(random_() % 11), static_cast<int>(random_() % 3),
                        static_cast<int>(random_() % 7)};
    const int bytes = av_pix_fmt_desc_get(format)->comp[0].depth > 8 ? 2 : 1;
    const FramePtr frame = picture(format, width, height, colors, bytes * static_cast<int>(random_() % 70));
    Rgb expected{};
    FrameFilter filter = own();
    Rgb rgb{};
    try {
      expected = filtered(*frame);
    } catch (const Error&) {
      EXPECT_THROW(filter.apply(*frame, rgb), Error);
      continue;
    }
    filter.apply(*frame, rgb);
    ASSERT_EQ(rgb, expected) << width << "x" << height << " " << av_get_pix_fmt_name(format);
    // The second picture goes through the own scaler alone.
    const FramePtr second = picture(format, width, height, colors, bytes * static_cast<int>(random_() % 70));
    filter.apply(*second, rgb);
    ASSERT_EQ(rgb, filtered(*second)) << width << "x" << height << " " << av_get_pix_fmt_name(format);
    own_count += filter.uses_own_scaler() ? 1 : 0;
  }
  RecordProperty("own_scaler", own_count);
  EXPECT_GT(own_count, rounds * 9 / 10);
}

TEST_F(FrameFilterTest, PicturesThatChangeGiveTheBytesOfOneFilterForAll) {
  // libavfilter remembers the range of earlier pictures: both see the same pictures in the same order.
  for (int round = 0; round < 40; ++round) {
    PictureFilter truth(*stream_, scale_options, 1);
    FrameFilter filter = own();
    for (int i = 0; i < 30; ++i) {
      const auto format = random_() % 4 == 0 ? AV_PIX_FMT_NV12 : AV_PIX_FMT_YUV420P;
      const Size size = random_() % 2 == 0 ? Size{320, 240} : Size{352, 288};
      const Colors colors{random_() % 2 == 0 ? AVCOL_SPC_BT709 : AVCOL_SPC_UNSPECIFIED, static_cast<int>(random_() % 3),
                          0};
      const int aspect = static_cast<int>(random_() % 2);
      const auto count = 1 + random_() % 3;
      for (unsigned k = 0; k < count; ++k) {
        const FramePtr frame = picture(format, size.width, size.height, colors);
        frame->sample_aspect_ratio = {1, 1 + aspect};
        Rgb rgb{};
        filter.apply(*frame, rgb);
        ASSERT_EQ(rgb, filtered(truth, *frame)) << "round " << round << ", change " << i;
      }
    }
  }
}

TEST_F(FrameFilterTest, RowsFromTheBottomUpGiveTheSameBytes) {
  const FramePtr frame = picture(AV_PIX_FMT_YUV420P, 640, 360);
  for (int plane = 0; plane < 3; ++plane) {
    frame->data[plane] += static_cast<std::ptrdiff_t>((plane == 0 ? 360 : 180) - 1) * frame->linesize[plane];
    frame->linesize[plane] = -frame->linesize[plane];
  }
  FrameFilter filter = own();
  Rgb rgb{};
  filter.apply(*frame, rgb);
  filter.apply(*frame, rgb);
  EXPECT_TRUE(filter.uses_own_scaler());
  EXPECT_EQ(rgb, filtered(*frame));
}

TEST_F(FrameFilterTest, OtherPicturesGoThroughLibavfilter) {
  for (const auto format :
       {AV_PIX_FMT_RGB24, AV_PIX_FMT_GRAY8, AV_PIX_FMT_YUVA420P, AV_PIX_FMT_YUYV422, AV_PIX_FMT_P010, AV_PIX_FMT_GBRP,
        AV_PIX_FMT_NV21, AV_PIX_FMT_YUV420P10BE, AV_PIX_FMT_YUV420P16}) {
    const FramePtr frame = picture(format, 640, 360);
    FrameFilter filter = own();
    Rgb rgb{};
    filter.apply(*frame, rgb);
    filter.apply(*frame, rgb);
    EXPECT_FALSE(filter.uses_own_scaler()) << av_get_pix_fmt_name(format);
    EXPECT_EQ(rgb, filtered(*frame)) << av_get_pix_fmt_name(format);
  }
}

TEST_F(FrameFilterTest, OtherOptionsGoThroughLibavfilter) {
  const FramePtr frame = picture(AV_PIX_FMT_YUV420P, 640, 360);
  FrameFilter filter(*stream_, "48:27:flags=area", 1, false);
  Rgb rgb{};
  filter.apply(*frame, rgb);
  PictureFilter truth(*stream_, "48:27:flags=area", 1);
  EXPECT_FALSE(filter.uses_own_scaler());
  EXPECT_EQ(rgb, filtered(truth, *frame));
}

TEST_F(FrameFilterTest, RotatedPicturesGoThroughLibavfilter) {
  const FramePtr frame = picture(AV_PIX_FMT_YUV420P, 640, 360);
  AVFrameSideData* data = av_frame_new_side_data(frame.get(), AV_FRAME_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t));
  ASSERT_NE(data, nullptr);
  av_display_rotation_set(reinterpret_cast<std::int32_t*>(data->data), 90);
  FrameFilter filter = own();
  Rgb rgb{};
  filter.apply(*frame, rgb);
  EXPECT_FALSE(filter.uses_own_scaler());
  EXPECT_EQ(rgb, filtered(*frame));
}

TEST_F(FrameFilterTest, EveryInstructionSetGivesTheBytesOfTheGenericOne) {
  for (const auto [width, height] : {Size{1920, 1080}, Size{3840, 2160}, Size{641, 359}, Size{50, 30}, Size{3, 5}}) {
    for (const auto format : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_NV12, AV_PIX_FMT_YUV444P10}) {
      const FramePtr frame = picture(format, width, height);
      const auto layout = picture_layout(*frame);
      ASSERT_TRUE(layout);
      const auto arithmetic = possible_arithmetics(*frame).front();
      scale::PictureScaler::Planes planes{};
      for (std::size_t i = 0; i < planes.size(); ++i) planes[i] = {frame->data[i], frame->linesize[i]};
      Rgb generic{};
      scale::PictureScaler(*layout, arithmetic, *scale::kernel_sets().front().kernels).scale(planes, generic);
      for (const auto& set : scale::kernel_sets()) {
        if (!set.cpu_has()) continue;
        Rgb rgb{};
        scale::PictureScaler(*layout, arithmetic, *set.kernels).scale(planes, rgb);
        EXPECT_EQ(rgb, generic) << set.name << " " << width << "x" << height << " " << av_get_pix_fmt_name(format);
      }
    }
  }
}

}  // namespace
}  // namespace transnet::media
