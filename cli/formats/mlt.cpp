// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "base/image_sequence.hpp"
#include "base/is_hd.hpp"
#include "base/lower_case_ending.hpp"
#include "formats/edit_timeline.hpp"
#include "formats/format_options.hpp"
#include "formats/media.hpp"
#include "formats/text.hpp"
#include "formats/writers.hpp"
#include "formats/xml.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

void set(pugi::xml_node node, const char* name, std::int64_t value) {
  node.append_attribute(name) = std::to_string(value).c_str();
}

void add_property(pugi::xml_node node, const char* name, const std::string& value) {
  add_text(node, "property", value).append_attribute("name") = name;
}

/// The form of the timeline: the video's own.
void add_profile(pugi::xml_node root, const transnet::VideoClips& video, const EditRate& rate) {
  const auto picture = shown_picture(video.metadata).value_or(ShownPicture{.width = 1920, .height = 1080});
  const auto display_width = picture.width * picture.pixel_width;
  const auto display_height = picture.height * picture.pixel_height;
  const auto common = std::gcd(display_width, display_height);
  auto profile = root.append_child("profile");
  profile.append_attribute("description") = "automatic";
  set(profile, "width", picture.width);
  set(profile, "height", picture.height);
  set(profile, "progressive", 1);
  set(profile, "sample_aspect_num", picture.pixel_width);
  set(profile, "sample_aspect_den", picture.pixel_height);
  set(profile, "display_aspect_num", display_width / common);
  set(profile, "display_aspect_den", display_height / common);
  set(profile, "frame_rate_num", rate.is_ntsc ? rate.timebase * 1000 : rate.timebase);
  set(profile, "frame_rate_den", rate.is_ntsc ? 1001 : 1);
  set(profile, "colorspace", transnet::base::is_hd(picture.height) ? 709 : 601);
}

/// The service of MLT that opens a video, and the name of the video for it.
struct Producer {
  const char* service;
  std::string resource;
};

/// MLT gives the rest of the name to printf. @throws UsageError for images that MLT cannot play.
Producer producer_of_images(const std::filesystem::path& pattern) {
  constexpr std::array<std::string_view, 7> endings{".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"};
  if (std::ranges::find(endings, transnet::base::lower_case_ending(pattern)) == endings.end()) {
    throw UsageError(fmt::format("mlt plays images of BMP, JPEG, PNG, TIFF and WebP alone: {}", pattern.native()));
  }
  const auto names = transnet::base::numbered_names(pattern);
  if (!names) throw UsageError("mlt plays images whose numbers count up by 1, unlike these: " + pattern.native());
  const auto escaped = [](const std::string& text) {
    std::string result;
    for (const char c : text) result.append(c == '%' ? 2 : 1, c);
    return result;
  };
  const auto folder = std::filesystem::absolute(pattern).parent_path() / "";
  return {"qimage", fmt::format("{}%0{}d{}?begin={}", escaped(folder.native() + names->before), names->digits,
                                escaped(names->after), names->first_number)};
}

Producer producer_of(const std::filesystem::path& video) {
  if (transnet::base::is_image_pattern(video)) return producer_of_images(video);
  return {"avformat", std::filesystem::absolute(video).native()};
}

/// A producer of the video; `bin_number`: its number among the clips that Kdenlive knows.
pugi::xml_node add_producer(pugi::xml_node root, const std::string& id, const Producer& video, std::int64_t frame_count,
                            std::size_t bin_number) {
  auto producer = root.append_child("producer");
  producer.append_attribute("id") = id.c_str();
  set(producer, "in", 0);
  set(producer, "out", frame_count - 1);
  add_property(producer, "mlt_service", video.service);
  add_property(producer, "resource", video.resource);
  add_property(producer, "kdenlive:id", std::to_string(bin_number));
  return producer;
}

/// A track that plays a producer. `marks`: properties that tell programs the kind of the track.
void add_track(pugi::xml_node root, const std::string& id, const std::string& producer, const EditTimeline& timeline,
               std::initializer_list<const char*> marks) {
  auto track = root.append_child("playlist");
  track.append_attribute("id") = id.c_str();
  for (const auto* mark : marks) add_property(track, mark, "1");
  std::int64_t position = 0;
  for (const auto& [entry, start, end] : timeline.entries) {
    if (start > position) set(track.append_child("blank"), "length", start - position);
    position = end;
    auto node = track.append_child("entry");
    node.append_attribute("producer") = producer.c_str();
    set(node, "in", start);
    set(node, "out", end - 1);
  }
}

/// Kdenlive takes a clip out of the timeline if its producer is not in this list. Shotcut shows it as its playlist.
void add_bin(pugi::xml_node root, const std::vector<std::string>& producers, std::int64_t frame_count) {
  auto bin = root.append_child("playlist");
  bin.append_attribute("id") = "main_bin";
  add_property(bin, "kdenlive:docproperties.version", "1.04");  // of Kdenlive 22; later ones convert it
  add_property(bin, "xml_retain", "1");
  for (const auto& producer : producers) {
    auto entry = bin.append_child("entry");
    entry.append_attribute("producer") = producer.c_str();
    set(entry, "in", 0);
    set(entry, "out", frame_count - 1);
  }
}

}  // namespace

void check_mlt_name(const std::filesystem::path& video) {
  if (plain_text(video.native()) != video.native()) {
    throw UsageError("mlt cannot hold a name with control characters or bytes that are not UTF-8: " +
                     printable(video.native()));
  }
  try {
    (void)producer_of(video);
  } catch (const transnet::Error&) {
    // The run itself tells of images that cannot be read.
  }
}

// Source: MLT, docs/mlt-xml.dtd. In and out are the first and the last frame.
std::string write_mlt(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                      const FormatOptions& options) {
  check_mlt_name(std::filesystem::absolute(video.video));
  const auto source = producer_of(video.video);
  const auto timeline = edit_timeline(video, entries);
  const bool is_images = transnet::base::is_image_pattern(video.video);
  if (is_images && timeline.positions_a_second != video.framerate) {
    throw transnet::Error(transnet::ErrorCode::invalid_argument,
                          fmt::format("{}: mlt plays images at whole rates and at these times 1000/1001, not at {:.6g}",
                                      video.video, video.framerate));
  }
  auto document = new_xml_document();
  auto root = document.append_child("mlt");
  root.append_attribute("LC_NUMERIC") = "C";
  root.append_attribute("version") = "7.0.0";
  root.append_attribute("producer") = "timeline";
  add_profile(root, video, timeline.rate);
  const auto audio = timeline_audio(video.metadata, options);
  auto producer = add_producer(root, "video", source, timeline.media_frames, 2);
  if (is_images) add_property(producer, "ttl", "1");  // frames an image
  if (!options.has_audio) add_property(producer, "audio_index", "-1");
  if (!audio.empty()) add_property(producer, "audio_index", std::to_string(audio.front().stream));
  std::vector<std::string> producers{"video"};
  for (std::size_t i = 1; i < audio.size(); ++i) {
    producers.push_back("audio" + std::to_string(i + 1));
    auto further = add_producer(root, producers.back(), source, timeline.media_frames, i + 2);
    add_property(further, "audio_index", std::to_string(audio[i].stream));
    add_property(further, "video_index", "-1");
  }
  add_bin(root, producers, timeline.media_frames);
  add_track(root, "pictures", "video", timeline, {"shotcut:video"});
  for (std::size_t i = 0; i < audio.size(); ++i) {
    add_track(root, "sound" + std::to_string(i + 1), producers[i], timeline, {"shotcut:audio", "kdenlive:audio_track"});
  }
  auto tractor = root.append_child("tractor");
  tractor.append_attribute("id") = "timeline";
  add_property(tractor, "title", timeline_title(video, options));
  add_property(tractor, "shotcut", "1");  // Shotcut opens it as a timeline
  // Of the lowest track first. Only the first sound is heard: the others may be other languages.
  const auto add = [&tractor](const std::string& track, const char* hidden) {
    auto node = tractor.append_child("track");
    node.append_attribute("producer") = track.c_str();
    if (hidden != nullptr) node.append_attribute("hide") = hidden;
  };
  for (std::size_t i = audio.size(); i > 0; --i) add("sound" + std::to_string(i), i == 1 ? "video" : "both");
  add("pictures", audio.empty() ? nullptr : "audio");
  return to_text(document);
}

}  // namespace command
