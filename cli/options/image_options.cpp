// SPDX-License-Identifier: Apache-2.0
#include "options/image_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "options/option_kinds.hpp"
#include "options/output_options.hpp"

namespace command {
namespace {

constexpr int max_images = 1000;        // of a clip
constexpr int max_image_width = 65500;  // JPEG's limit

}  // namespace

void add_bounded_number(CLI::App& app, const std::string& name, int& value, int least, int most,
                        const std::string& help) {
  const auto parse = [name, least, most, &value](const std::string& text) {
    value = parse_number<int>(name, text);
    if (value >= least && value <= most) return;
    refuse(name, fmt::format("it must be between {} and {}", least, most));
  };
  app.add_option_function<std::string>(name, parse, help)->type_name("INT")->default_str(fmt::format("{}", value));
}

void add_image_quality_option(CLI::App& app, const std::string& name, int& quality) {
  add_bounded_number(app, name, quality, 1, 100, "Quality of jpeg and webp; png is lossless");
}

void check_image_format(const std::string& option, transnet::ImageFormat format) {
  constexpr int side = 16;
  const transnet::Picture picture{0, side, side, std::vector<std::uint8_t>(std::size_t{3} * side * side)};
  check_usage(option, [&] { (void)encode_picture(picture, format); });
}

void add_image_options(CLI::App& app, ImageRequest& request) {
  using enum transnet::ImageFormat;
  add_folder_pattern_option(app, "--save-images", request.folder,
                            std::string("Folder for pictures of each clip; ") + folder_pattern_help);
  add_bounded_number(
      app, "--images", request.count, 1, max_images,
      "Pictures of each clip: 1 = the middle frame; otherwise the first, the last and others evenly between");
  add_choice<transnet::ImageFormat>(app, "--image-format", request.format,
                                    {{"jpeg", jpeg}, {"png", png}, {"webp", webp}}, "Format of the pictures");
  add_image_quality_option(app, "--image-quality", request.quality);
  add_bounded_number(app, "--image-width", request.max_width, 0, max_image_width,
                     "Scale wider pictures down to this width, pixels; 0 = never");
  app.add_option(
         "--image-name", request.name,
         "File names of the pictures without the ending; fields: stem parent index image uuid frame start_frame "
         "end_frame start_s "
         "end_s")
      ->type_name("PATTERN")
      ->capture_default_str();
}

void check_image_options(const CLI::App& app, const ImageRequest& request) {
  if (request.folder.empty() && is_given(app, "--save-images")) {
    refuse("--save-images", "it names no folder");
  }
  if (!request.folder.empty()) return check_image_format("--image-format", request.format);
  refuse_given(app, {"--images", "--image-format", "--image-quality", "--image-width", "--image-name"},
               "it has no effect without --save-images");
}

}  // namespace command
