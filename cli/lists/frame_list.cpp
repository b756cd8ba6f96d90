// SPDX-License-Identifier: Apache-2.0
#include "lists/frame_list.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstddef>
#include <iterator>
#include <sstream>

#include "base/sha256.hpp"
#include "io/csv_rows.hpp"
#include "io/mistake.hpp"
#include "io/open_input.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

std::vector<std::string> words_before_comment(const std::string& line) {
  std::istringstream stream(line.substr(0, line.find('#')));
  return {std::istream_iterator<std::string>(stream), {}};
}

/// Whether the words after a frame belong to x264's option --qpfile for a keyframe.
bool are_of_keyframe(const std::vector<std::string>& words) {
  if (words.size() == 1) return true;
  return words.size() <= 3 && (words[1] == "I" || words[1] == "K");
}

}  // namespace

std::vector<std::int64_t> parse_frame_list(const std::string& text) {
  std::istringstream stream(without_byte_order_mark(text));
  std::vector<std::int64_t> frames;
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    const auto place = line_place(++number);
    const auto words = words_before_comment(line);
    if (words.empty()) continue;
    if (frames.empty() && words.size() == 2 && words[0] == "fps") continue;
    if (!are_of_keyframe(words)) throw Mistake(place, fmt::format("expected a frame number, found '{:.80}'", line));
    const auto frame = frame_in(place, words[0]);
    if (!frames.empty() && frame <= frames.back()) {
      throw Mistake(place, fmt::format("frame {} follows frame {}, but the frames must ascend", frame, frames.back()));
    }
    frames.push_back(frame);
  }
  if (frames.empty()) throw Mistake("line 1", "the list has no frame");
  return frames;
}

FrameList read_frame_list(const std::filesystem::path& file) {
  const auto text = read_input(file);
  try {
    return {parse_frame_list(text), transnet::base::sha256_of(text)};
  } catch (const Mistake& mistake) {
    throw transnet::Error(transnet::ErrorCode::invalid_argument, file.native() + ": " + mistake.what());
  }
}

}  // namespace command
