# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034  # build.sh sources it
# The parts of the archive's FFmpeg, with FFmpeg's names. A part that is not needed is code that a hostile file can reach.
# `configure` takes any name without a word, so build.sh checks that each part is there.

# The command reads and writes through its own files: it needs no protocol.
protocols=()

# Pictures and sound are scaled, turned and converted. libavfilter always has the sources and sinks, and inserts `null`.
filters=(scale format transpose hflip vflip rotate null aresample aformat anull)

demuxers=(
  aac ac3 aiff amr amrnb amrwb apng asf asf_o au av1 avi caf cavsvideo dirac dnxhd dts dtshd dv eac3 flac flv gif gxf h261
  h263 h264 hevc image2pipe image_bmp_pipe image_dpx_pipe image_exr_pipe image_j2k_pipe image_jpeg_pipe image_png_pipe
  image_ppm_pipe image_tiff_pipe image_webp_pipe ivf live_flv lxf m4v matroska mjpeg mlp mov mp3 mpegps mpegts mpegvideo
  mpjpeg mxf nut nuv obu ogg pmp r3d rawvideo rm roq s337m smjpeg swf truehd tta tty vc1 vc1t vivo w64 wav wsd wtv wv
  yuv4mpegpipe)

decoders=(
  # pictures, delivered and streamed
  h261 h263 h263i h263p h264 hevc libdav1d mpeg1video mpeg2video mpegvideo mpeg4 msmpeg4v1 msmpeg4v2 msmpeg4v3 flv vp3 vp4
  vp5 vp6 vp6a vp6f vp7 vp8 vp9 theora vc1 vc1image wmv1 wmv2 wmv3 wmv3image mss1 mss2 rv10 rv20 rv30 rv40 svq1 svq3
  cavs cinepak indeo2 indeo3 indeo4 indeo5 msvideo1 msrle rpza smc qtrle truemotion1 truemotion2 flashsv flashsv2 dirac snow
  # pictures, edited and kept
  prores dnxhd cfhd dvvideo mjpeg mjpegb jpeg2000 jpegls ffv1 ffvhuff huffyuv hymt utvideo magicyuv lagarith hap hq_hqa
  hqx aic notchlc speedhq vble mszh zlib zmbv cscd tscc tscc2 fraps g2m rawvideo v210 v210x v308 v408 v410 yuv4 r10k r210
  avrp ayuv y41p avui asv1 asv2 cljr bitpacked wrapped_avframe
  # still pictures and sequences of them
  apng bmp dpx exr gif pam pbm pcx pgm pgmyuv png ppm qoi sgi targa tiff webp
  # sound, which `split` encodes again
  aac aac_latm ac3 eac3 mp1 mp1float mp2 mp2float mp3 mp3float mp3adu mp3adufloat mp3on4 mp3on4float opus vorbis flac alac ape
  wavpack tta tak shorten dca mlp truehd dolby_e s302m wmav1 wmav2 wmapro wmalossless wmavoice cook sipr ra_144 ra_288 ralf
  atrac1 atrac3 atrac3p amrnb amrwb gsm gsm_ms qcelp evrc g723_1 g729 ilbc speex nellymoser qdm2 qdmc mace3 mace6 sbc dvaudio
  adpcm_ima_qt adpcm_ima_wav adpcm_ms adpcm_swf adpcm_yamaha adpcm_g722 adpcm_g726 adpcm_g726le
  pcm_alaw pcm_bluray pcm_dvd pcm_f16le pcm_f24le pcm_f32be pcm_f32le pcm_f64be pcm_f64le pcm_lxf pcm_mulaw pcm_s16be
  pcm_s16be_planar pcm_s16le pcm_s16le_planar pcm_s24be pcm_s24daud pcm_s24le pcm_s24le_planar pcm_s32be pcm_s32le
  pcm_s32le_planar pcm_s64be pcm_s64le pcm_s8 pcm_s8_planar pcm_u16be pcm_u16le pcm_u24be pcm_u24le pcm_u32be pcm_u32le pcm_u8
  pcm_vidc)

# Containers that `split` writes: copies keep the video's own.
muxers=(
  asf avi caf dv f4v flv gxf h264 hevc ipod ivf m4v matroska mjpeg mov mp4 mpeg1system mpeg1video mpeg2video mpeg2vob mpegts mxf
  mxf_d10 mxf_opatom nut obu ogg ogv psp rawvideo rm tg2 tgp vc1 vc1t webm wtv yuv4mpegpipe)

# Encoders that the LGPL allows and that need no further library.
encoders=(
  # pictures of reports, sheets and clips
  mjpeg png
  # --video-codec
  mpeg1video mpeg2video mpeg4 msmpeg4v2 msmpeg4v3 wmv1 wmv2 flv h263 h263p prores prores_ks prores_aw dnxhd cfhd dvvideo ffv1
  ffvhuff huffyuv utvideo magicyuv jpeg2000 jpegls ljpeg qtrle rawvideo v210 v308 v408 v410 vc2 snow
  # --audio-codec
  aac ac3 eac3 alac flac mp2 opus vorbis tta wavpack dca mlp truehd wmav1 wmav2 s302m adpcm_ima_qt adpcm_ima_wav adpcm_ms
  pcm_alaw pcm_mulaw pcm_bluray pcm_dvd pcm_f32be pcm_f32le pcm_f64be pcm_f64le pcm_s16be pcm_s16le pcm_s24be pcm_s24le
  pcm_s32be pcm_s32le pcm_s8 pcm_u8)
