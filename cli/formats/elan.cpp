// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/clock.hpp"
#include "formats/media.hpp"
#include "formats/text.hpp"
#include "formats/writers.hpp"
#include "formats/xml.hpp"

namespace command {

// Source: the schema EAFv3.0.xsd of the Max Planck Institute for Psycholinguistics.
std::string write_elan(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  auto document = new_xml_document();
  auto root = document.append_child("ANNOTATION_DOCUMENT");
  root.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
  root.append_attribute("xsi:noNamespaceSchemaLocation") = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd";
  root.append_attribute("AUTHOR") = "transnet";
  root.append_attribute("DATE") = "1970-01-01T00:00:00Z";  // the same input gives the same file
  root.append_attribute("FORMAT") = "3.0";
  root.append_attribute("VERSION") = "3.0";
  auto header = root.append_child("HEADER");
  header.append_attribute("MEDIA_FILE") = "";
  header.append_attribute("TIME_UNITS") = "milliseconds";
  auto media = header.append_child("MEDIA_DESCRIPTOR");
  // ELAN takes the name as it stands, without %20 and the like.
  media.append_attribute("MEDIA_URL") = ("file://" + plain_text(media_path(video))).c_str();
  media.append_attribute("MIME_TYPE") = "video/*";

  auto times = root.append_child("TIME_ORDER");
  auto tier = root.append_child("TIER");
  tier.append_attribute("LINGUISTIC_TYPE_REF") = "shot";
  tier.append_attribute("TIER_ID") = "transnet";
  std::size_t slot = 0;
  std::size_t number = 0;
  const auto add_time = [&](std::int64_t time_ms) {
    auto id = "ts" + std::to_string(++slot);
    auto node = times.append_child("TIME_SLOT");
    node.append_attribute("TIME_SLOT_ID") = id.c_str();
    node.append_attribute("TIME_VALUE") = std::to_string(time_ms).c_str();
    return id;
  };
  for (const auto& entry : entries) {
    const auto [start_ms, end_ms] = cue_times(ChapterReader::player, video, entry.start_s, entry.end_s);
    auto annotation = tier.append_child("ANNOTATION").append_child("ALIGNABLE_ANNOTATION");
    annotation.append_attribute("ANNOTATION_ID") = ("a" + std::to_string(++number)).c_str();
    annotation.append_attribute("TIME_SLOT_REF1") = add_time(start_ms).c_str();
    annotation.append_attribute("TIME_SLOT_REF2") = add_time(end_ms).c_str();
    add_text(annotation, "ANNOTATION_VALUE", entry.label);
  }
  auto type = root.append_child("LINGUISTIC_TYPE");
  type.append_attribute("GRAPHIC_REFERENCES") = "false";
  type.append_attribute("LINGUISTIC_TYPE_ID") = "shot";
  type.append_attribute("TIME_ALIGNABLE") = "true";
  return to_text(document);
}

}  // namespace command
