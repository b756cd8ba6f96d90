// SPDX-License-Identifier: Apache-2.0
#include "support/recipes.hpp"

#include <ostream>

#include "support/words.hpp"

namespace transnet::test {

void PrintTo(const Recipe& recipe, std::ostream* out) { *out << recipe.name; }

Words picture(const std::string& size, const std::string& rate, const Words& more, const std::string& duration) {
  Words words{"-f", "lavfi", "-i", "testsrc2=size=" + size + ":rate=" + rate + ":duration=" + duration};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words x264(const Words& more) {
  Words words{"-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

namespace {

/// Adds sound that goes on for longer than the pictures.
Words with_tone(Words words, const Words& more, const std::string& codec = "aac") {
  for (const char* word : {"-f", "lavfi", "-i", "sine=duration=1.7", "-c:a"}) words.emplace_back(word);
  words.push_back(codec);
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// x264 with the orientation in the stream, from where it comes with the pictures.
Words oriented(const std::string& orientation) {
  return x264({"-bsf:v", "h264_metadata=display_orientation=insert:" + orientation});
}

/// Every frame that comes out of the filter, its stamp exact to a millisecond: without the time bases both the filters
/// and the encoder would round the stamps to whole frames.
Words filtered(const std::string& filter, const Words& more) {
  Words words{"-vf", "settb=1/1000," + filter, "-vsync", "passthrough", "-enc_time_base", "1/1000"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// Frames whose distances are drawn at random, in 25ths of a second.
Words random_distances(const std::string& least, const std::string& range, int seed, const Words& more) {
  return filtered(
      "setpts='if(eq(N,0),0,PREV_OUTPTS+(" + least + "+" + range + "*random(" + std::to_string(seed) + "))/25/TB)'",
      more);
}

Words colored(const std::string& matrix, const std::string& range, const std::string& format) {
  return x264({"-pix_fmt", format, "-vf", "scale=out_color_matrix=" + matrix + ":out_range=" + range, "-colorspace",
               matrix == "bt601"    ? "smpte170m"
               : matrix == "bt2020" ? "bt2020nc"
                                    : matrix,
               "-color_range", range});
}

Words x265(const std::string& parameters, const Words& more = {}) {
  Words words{"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0:" + parameters};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// Half a second of small pictures in one of FFmpeg's pixel formats, kept without loss.
Words pixels(const std::string& format, const Words& codec = {"-c:v", "ffv1"}) {
  Words words{"-pix_fmt", format};
  words.insert(words.end(), codec.begin(), codec.end());
  return picture("160x90", "25", words, "0.5");
}

/// The same with pictures that fade out to the left.
Words fading(const std::string& format, const Words& codec) {
  Words words{"-vf", "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='X',format=" + format};
  words.insert(words.end(), codec.begin(), codec.end());
  return picture("160x90", "25", words, "0.5");
}

/// Bytes of a grey picture under the tag of a colour filter array.
Words bayer(const std::string& format, const std::string& tag) {
  return pixels(format, {"-c:v", "rawvideo", "-tag:v", tag});
}

/// 25 frames a second, each of two fields that were recorded one after the other.
Words fields(const std::string& size, const Words& codec) {
  Words words{"-vf", "tinterlace=interleave_top"};
  words.insert(words.end(), codec.begin(), codec.end());
  return picture(size, "50", words);
}

Words still(const Words& more = {}) {
  Words words{"-frames:v", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return picture("320x180", "25", words);
}

}  // namespace

std::vector<Recipe> recipes_of_rates() {
  return {
      {"rate_23_976", "mp4", picture("320x180", "24000/1001", x264())},
      {"rate_29_97", "mp4", picture("320x180", "30000/1001", x264())},
      {"rate_50", "mp4", picture("320x180", "50", x264())},
      {"rate_59_94", "mkv", picture("320x180", "60000/1001", x264())},
      {"rate_12_5_of_milliseconds", "mkv", picture("320x180", "25/2", x264())},
      {"rate_1", "mp4", picture("320x180", "1", x264(), "5")},
      {"rate_240", "mp4", picture("160x90", "240", x264())},

      {"variable_with_gaps", "mp4", picture("320x180", "25", filtered("select='not(between(n,9,21))'", x264()), "2")},
      {"variable_with_gaps_no_b", "mkv",
       picture("320x180", "25", filtered("select='not(between(n,9,21)+between(n,30,31))'", {"-c:v", "mpeg4"}), "2")},
      {"variable_slow_and_fast", "mp4",
       picture("320x180", "25", filtered("setpts='if(lt(N,20),N*0.6,12+(N-20)*1.7)/25/TB'", x264()), "2")},
      {"variable_jitter", "mkv", picture("320x180", "30", filtered("setpts='(N+0.45*sin(N*3))/30/TB'", x264()), "2")},
      {"variable_long_gap_at_end", "mkv",
       picture("320x180", "25", filtered("setpts='if(lt(N,30),N,N+60)/25/TB'", x264()), "1.3")},
      {"variable_random", "mkv", picture("160x90", "25", random_distances("0.2", "2.4", 0, {"-c:v", "ffv1"}), "4")},
      {"variable_random_mp4", "mp4", picture("160x90", "25", random_distances("0.3", "1.4", 1, x264()), "4")},
      {"variable_random_dense", "mp4", picture("160x90", "25", random_distances("0.05", "1.1", 2, x264()), "4")},
      {"variable_random_sparse", "mkv",
       picture("160x90", "25", random_distances("0.5", "5", 3, {"-c:v", "ffv1"}), "4")},
      {"variable_random_b_frames", "mkv", picture("160x90", "25", random_distances("0.3", "2", 4, x264()), "4")},
      {"duplicate_frames", "mp4", picture("320x180", "10", filtered("fps=30", x264()))},
      {"duplicate_stamps", "mkv", picture("320x180", "25", filtered("setpts='floor(N/2)*2/25/TB'", {"-c:v", "ffv1"}))},

      {"one_frame", "mp4", picture("320x180", "25", x264({"-frames:v", "1"}))},
      {"two_frames", "mkv", picture("320x180", "25", x264({"-frames:v", "2"}))},
      {"starts_above_zero", "mp4", picture("320x180", "25", x264({"-output_ts_offset", "5.3"}))},
      {"starts_above_zero_mkv", "mkv", picture("320x180", "25", x264({"-output_ts_offset", "5.3"}))},
      {"starts_below_zero", "mkv",
       picture("320x180", "25", x264({"-avoid_negative_ts", "disabled", "-output_ts_offset", "-0.4"}))},
      {"starts_inside_an_edit_list", "mov",
       picture("320x180", "25", x264({"-avoid_negative_ts", "disabled", "-output_ts_offset", "-0.4"}))},
      {"starts_after_audio", "mp4",
       with_tone(picture("320x180", "25", {}), x264({"-vf", "setpts=PTS+0.5/TB", "-vsync", "passthrough"}))},
      {"starts_after_audio_mkv", "mkv",
       with_tone(picture("320x180", "25", {}), x264({"-vf", "setpts=PTS+0.5/TB", "-vsync", "passthrough"}))},
      {"starts_at_an_hour", "mp4", picture("320x180", "25", x264({"-output_ts_offset", "3600"}))},
      {"starts_at_an_hour_ts", "ts", picture("320x180", "25", x264({"-output_ts_offset", "3600"}))},

      {"stream_states_half_the_rate", "ts", picture("320x180", "25", x264({"-bsf:v", "h264_metadata=tick_rate=25"}))},
      {"stream_states_a_high_rate", "h264", picture("320x180", "25", x264({"-bsf:v", "h264_metadata=tick_rate=200"}))},
      {"duration_is_not_stated", "mkv", picture("320x180", "25", x264({"-live", "1"}))},
      {"duration_is_not_stated_flv", "flv", picture("320x180", "25", x264({"-flvflags", "no_duration_filesize"}))},
  };
}

std::vector<Recipe> recipes_of_sizes() {
  return {
      {"orientation_90", "mp4", picture("320x180", "25", oriented("rotate=90"))},
      {"orientation_180", "mp4", picture("320x180", "25", oriented("rotate=180"))},
      {"orientation_270", "mp4", picture("320x180", "25", oriented("rotate=270"))},
      {"orientation_37", "mp4", picture("320x180", "25", oriented("rotate=37"))},
      {"orientation_flip_horizontal", "mp4", picture("320x180", "25", oriented("flip=horizontal"))},
      {"orientation_flip_vertical", "mp4", picture("320x180", "25", oriented("flip=vertical"))},
      {"orientation_flip_and_90", "mp4", picture("320x180", "25", oriented("rotate=90:flip=horizontal"))},
      {"orientation_flip_and_270", "mp4", picture("320x180", "25", oriented("rotate=270:flip=vertical"))},

      {"odd_size", "mkv", picture("321x241", "25", {"-c:v", "ffv1", "-pix_fmt", "yuv420p"})},
      {"tiny", "mkv", picture("18x10", "25", {"-c:v", "ffv1", "-pix_fmt", "yuv444p"})},
      {"exactly_48x27", "mkv", picture("48x27", "25", {"-c:v", "ffv1", "-pix_fmt", "rgb24"})},
      {"portrait", "mp4", picture("180x320", "25", x264())},
      {"hd", "mp4", picture("1280x720", "25", x264(), "0.5")},
      {"pixels_not_square", "mp4", picture("320x180", "25", x264({"-aspect", "4:3"}))},
      {"one_pixel", "mkv", picture("40x40", "25", {"-vf", "scale=1:1", "-c:v", "ffv1", "-pix_fmt", "yuv444p"})},
      {"one_column", "mkv", picture("40x40", "25", {"-vf", "scale=1:500", "-c:v", "ffv1"})},
      {"greatest_width", "mkv", picture("160x90", "25", {"-vf", "scale=16384:2", "-c:v", "ffv1"}, "0.2")},
      {"greatest_height", "mkv", picture("160x90", "25", {"-vf", "scale=2:16384", "-c:v", "ffv1"}, "0.2")},
      {"interlaced", "mpg", picture("320x240", "25", {"-c:v", "mpeg2video", "-flags", "+ildct+ilme"})},
      {"interlaced_x264", "mp4", picture("320x240", "25", x264({"-flags", "+ildct+ilme", "-x264opts", "tff=1"}))},
      {"fields_in_mpeg2", "ts", fields("320x240", {"-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-top", "1"})},
      {"fields_as_pictures", "mkv", fields("320x240", x265("interlace=tff"))},
      {"fields_in_prores", "mov", fields("320x240", {"-c:v", "prores_ks", "-flags", "+ildct+ilme"})},
  };
}

std::vector<Recipe> recipes_of_pixels() {
  return {
      {"format_422", "mp4", picture("320x180", "25", x264({"-pix_fmt", "yuv422p"}))},
      {"format_444", "mp4", picture("320x180", "25", x264({"-pix_fmt", "yuv444p"}))},
      {"format_420_10_bit", "mp4", picture("320x180", "25", x264({"-pix_fmt", "yuv420p10le"}))},
      {"format_422_10_bit", "mov", picture("320x180", "25", {"-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"})},
      {"format_gray", "mkv", picture("320x180", "25", {"-c:v", "ffv1", "-pix_fmt", "gray"})},
      {"format_rgba", "mkv", picture("320x180", "25", {"-c:v", "ffv1", "-pix_fmt", "bgra"})},
      {"format_full_range_jpeg", "avi", picture("320x180", "25", {"-c:v", "mjpeg", "-pix_fmt", "yuvj420p"})},
      {"color_601_limited", "mp4", picture("320x180", "25", colored("bt601", "tv", "yuv420p"))},
      {"color_601_full", "mp4", picture("320x180", "25", colored("bt601", "pc", "yuv420p"))},
      {"color_709_limited", "mp4", picture("320x180", "25", colored("bt709", "tv", "yuv420p"))},
      {"color_709_full", "mp4", picture("320x180", "25", colored("bt709", "pc", "yuv444p"))},
      {"color_2020_limited_10_bit", "mp4", picture("320x180", "25", colored("bt2020", "tv", "yuv420p10le"))},
      {"color_709_full_10_bit", "mkv", pixels("yuv444p10le", {"-color_range", "pc", "-c:v", "ffv1"})},
      {"color_ycgco", "mkv", pixels("yuv444p", {"-colorspace", "ycgco", "-c:v", "ffv1"})},
      {"hdr_pq", "mp4", pixels("yuv420p10le", x265("colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"))},
      {"hdr_hlg", "mp4", pixels("yuv420p10le", x265("colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"))},
      {"hdr_ictcp", "mp4", pixels("yuv420p10le", x265("colorprim=bt2020:transfer=smpte2084:colormatrix=ictcp"))},

      {"format_420_12_bit", "mp4", pixels("yuv420p12le", x265("range=limited"))},
      {"format_422_12_bit", "mkv", pixels("yuv422p12le")},
      {"format_444_16_bit", "mkv", pixels("yuv444p16le")},
      {"format_gray_10_bit", "mkv", pixels("gray10le")},
      {"format_gray_16_bit", "mkv", pixels("gray16le")},
      {"format_black_and_white", "nut", pixels("monob", {"-c:v", "rawvideo"})},
      {"format_gbr_10_bit", "mkv", pixels("gbrp10le")},
      {"format_rgb_16_bit", "mkv", pixels("rgb48le")},
      {"format_rgb_of_floats", "nut", pixels("gbrpf32le", {"-c:v", "rawvideo"})},
      {"format_rgb_of_two_bytes", "nut", pixels("rgb565le", {"-c:v", "rawvideo"})},
      {"format_two_planes", "nut", pixels("nv12", {"-c:v", "rawvideo"})},
      {"format_two_planes_10_bit", "nut", pixels("p010le", {"-c:v", "rawvideo"})},
      {"format_packed_422", "nut", pixels("uyvy422", {"-c:v", "rawvideo"})},
      {"palette", "mov", pixels("pal8", {"-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse", "-c:v", "qtrle"})},
      {"palette_avi", "avi",
       pixels("pal8", {"-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse", "-c:v", "rawvideo"})},
      {"alpha_png", "mov", fading("rgba", {"-c:v", "png"})},
      {"alpha_gray", "mov", fading("ya8", {"-c:v", "png"})},
      {"alpha_yuv", "mkv", fading("yuva420p", {"-c:v", "ffv1"})},
      {"alpha_webm", "webm", fading("yuva420p", {"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"})},
      {"alpha_prores", "mov", fading("yuva444p10le", {"-c:v", "prores_ks", "-profile:v", "4444"})},
      {"bayer_bggr", "nut", bayer("gray", "0x084742BA")},
      {"bayer_rggb", "nut", bayer("gray", "0x084752BA")},
      {"bayer_rggb_16_bit", "nut", bayer("gray16le", "0x104752BA")},
  };
}

std::vector<Recipe> recipes_of_containers() {
  return {
      {"transport_stream", "ts", picture("320x180", "25", x264())},
      {"transport_stream_with_audio", "ts", with_tone(picture("320x180", "30000/1001", {}), x264())},
      {"transport_stream_at_the_wrap", "ts", picture("320x180", "25", x264({"-output_ts_offset", "95442.5"}), "3")},
      {"program_stream", "vob", with_tone(picture("320x240", "25", {}), {"-c:v", "mpeg2video", "-bf", "2"}, "ac3")},
      {"avi_with_b_frames", "avi", picture("320x180", "25", {"-c:v", "mpeg4", "-bf", "2"})},
      {"avi_with_audio", "avi", with_tone(picture("320x180", "25", {}), {"-c:v", "mpeg4"})},
      {"fragmented_mp4", "mp4", picture("320x180", "25", x264({"-movflags", "frag_keyframe+empty_moov", "-g", "10"}))},
      {"elementary_stream", "h264", picture("320x180", "25", x264({"-bf", "0"}))},
      {"elementary_stream_with_b_frames", "h264", picture("320x180", "25", x264())},
      {"flash", "flv", picture("320x180", "25", {"-c:v", "flv"})},
      {"animation", "gif", picture("160x90", "10", {})},
      {"webm", "webm", picture("160x90", "25", {"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"}, "1")},
      {"hevc", "mp4",
       picture("160x90", "25", {"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0"}, "1")},
      {"two_video_streams", "mkv",
       picture("320x180", "25",
               {"-f", "lavfi", "-i", "testsrc=size=640x360:rate=30:duration=1", "-map", "0", "-map", "1", "-c:v",
                "mpeg4"})},
      {"two_video_streams_small_is_default", "mkv",
       picture("320x180", "25",
               {"-f", "lavfi", "-i", "testsrc=size=640x360:rate=30:duration=1", "-map", "0", "-map", "1", "-c:v",
                "mpeg4", "-disposition:v:0", "default", "-disposition:v:1", "0"})},
      {"cover_picture", "m4v",
       picture(
           "160x90", "25",
           {"-f", "lavfi", "-i", "testsrc=size=640x360:rate=1:duration=1", "-map", "1", "-map", "0", "-c:v:0", "mjpeg",
            "-pix_fmt:v:0", "yuvj420p", "-c:v:1", "libx264", "-disposition:v:0", "attached_pic", "-frames:v:0", "1"})},
      {"cover_picture_and_sound", "m4a",
       picture("320x180", "1",
               {"-f", "lavfi", "-i", "sine=duration=1", "-map", "1", "-map", "0", "-c:a", "aac", "-c:v", "mjpeg",
                "-frames:v", "1", "-disposition:v", "attached_pic"})},
      {"cover_picture_and_sound_flac", "flac",
       picture("320x180", "1",
               {"-f", "lavfi", "-i", "sine=duration=1", "-map", "1", "-map", "0", "-c:a", "flac", "-c:v", "png",
                "-frames:v", "1", "-disposition:v", "attached_pic"})},
      {"open_gop", "mp4",
       picture("320x180", "25", {"-c:v", "libx264", "-g", "12", "-bf", "2", "-x264opts", "open-gop=1"})},
      {"open_gop_mpeg2", "mpg", picture("320x240", "25", {"-c:v", "mpeg2video", "-g", "12", "-bf", "2"})},
      {"animation_with_a_palette", "gif",
       picture("160x90", "10", {"-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse", "-gifflags", "+transdiff"})},
      {"animation_png", "apng", picture("160x90", "25", {"-f", "apng", "-plays", "0"})},
      {"pictures_png", "png", picture("160x90", "25", {"-c:v", "png", "-f", "image2pipe"}, "0.4")},
      {"pictures_bmp", "bmp", picture("160x90", "25", {"-c:v", "bmp", "-f", "image2pipe"}, "0.4")},
      {"elementary_stream_hevc", "hevc", picture("160x90", "25", x265("bframes=2"), "0.5")},
      {"elementary_stream_mpeg2", "m2v", picture("160x90", "25", {"-c:v", "mpeg2video", "-bf", "2"})},
      {"elementary_stream_mpeg4", "m4v", picture("160x90", "25", {"-c:v", "mpeg4", "-bf", "2"})},
      {"pictures_without_a_container", "y4m", picture("160x90", "25", {}, "0.4")},
  };
}

std::vector<Recipe> recipes_of_stills() {
  return {
      {"png", "png", still()},
      {"jpeg", "jpg", still()},
      {"webp", "webp", still()},
      {"bmp", "bmp", still()},
      {"tiff", "tiff", still()},
      {"gif", "gif", still()},
      {"jpeg_2000", "jp2", still()},
      {"dpx", "dpx", still()},
      {"gray", "pgm", still({"-pix_fmt", "gray"})},
      {"floats", "exr", still({"-pix_fmt", "gbrpf32le"})},
      {"a_column_of_pixels", "png", still({"-vf", "scale=1:700"})},
      {"one_pixel", "png", still({"-vf", "scale=1:1"})},
      {"large", "png", still({"-vf", "scale=16384:4096", "-pix_fmt", "gray"})},
  };
}

}  // namespace transnet::test
