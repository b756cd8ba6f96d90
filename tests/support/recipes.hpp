// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

/// Videos that the ffmpeg command makes, each for what is special about it.
namespace transnet::test {

/// A video and the words of the ffmpeg command that make it.
struct Recipe {
  std::string name;
  std::string extension;
  std::vector<std::string> words;
};

void PrintTo(const Recipe& recipe, std::ostream* out);

/// Words for a moving test picture, then `more`.
[[nodiscard]] std::vector<std::string> picture(const std::string& size, const std::string& rate,
                                               const std::vector<std::string>& more,
                                               const std::string& duration = "1.5");

/// H.264 with B-frames, quickly.
[[nodiscard]] std::vector<std::string> x264(const std::vector<std::string>& more = {});

[[nodiscard]] std::vector<Recipe> recipes_of_rates();
[[nodiscard]] std::vector<Recipe> recipes_of_sizes();
[[nodiscard]] std::vector<Recipe> recipes_of_pixels();
[[nodiscard]] std::vector<Recipe> recipes_of_containers();
/// One picture and no more, in a format of pictures.
[[nodiscard]] std::vector<Recipe> recipes_of_stills();

}  // namespace transnet::test
