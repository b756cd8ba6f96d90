// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/command.hpp"
#include "support/kept_videos.hpp"

/// The ffmpeg and ffprobe commands: the truth about decoding.
namespace transnet::test {

inline bool has_ffmpeg() { return has_command("ffmpeg") && has_command("ffprobe"); }

/// A name as the commands take it: never an option, never an address.
inline std::string ffmpeg_name(const std::filesystem::path& file) { return "file:" + file.string(); }

/// A bit stream filter that adds to time stamps what an expression says, in units of the stream.
inline std::string moved_stamps(std::string_view expression) {
  std::string escaped;
  for (const char letter : expression) {
    if (letter == ',') escaped += '\\';
    escaped += letter;
  }
  return "setts=pts=PTS+" + escaped + ":dts=DTS+" + escaped;
}

/// Starts the ffmpeg command, which writes `file`.
inline void run_ffmpeg(const std::filesystem::path& file, const std::vector<std::string>& words) {
  std::vector<std::string> command{"ffmpeg", "-v", "error", "-y", "-nostdin"};
  command.insert(command.end(), words.begin(), words.end());
  command.push_back(ffmpeg_name(file));
  const CommandResult result = run_command(command);
  if (result.exit_status != 0) throw std::runtime_error("ffmpeg could not make " + file.string() + ": " + result.err);
}

/// Makes a video with the ffmpeg command. `words` are its inputs and options. Many tests want the same one, and a start
/// of the command takes longer than a copy.
inline void make_video(const std::filesystem::path& file, const std::vector<std::string>& words) {
  const auto kept = kept_video(file, words);
  if (!kept) return run_ffmpeg(file, words);
  if (std::filesystem::exists(*kept)) {
    std::filesystem::copy_file(*kept, file, std::filesystem::copy_options::overwrite_existing);
    return;
  }
  run_ffmpeg(file, words);
  if (std::filesystem::file_size(file) > 1'000'000) return;
  const auto part = kept->parent_path() / (std::to_string(getpid()) + "." + kept->filename().native());
  std::filesystem::copy_file(file, part);
  std::filesystem::rename(part, *kept);
}

/// Options of an output with the frames that the network sees.
inline const std::vector<std::string> network_frames{"-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "48x27"};

struct RawVideo {
  std::string bytes;      ///< 48x27 RGB24
  int stream_index = -1;  ///< of the stream that the command took
};

/// The command's output for a file. `options` go before the output, `input_options` before the input.
inline RawVideo raw_video(const std::filesystem::path& file, const std::vector<std::string>& options = {},
                          const std::vector<std::string>& input_options = {}) {
  std::vector<std::string> command{"ffmpeg", "-nostdin"};
  command.insert(command.end(), input_options.begin(), input_options.end());
  command.insert(command.end(), {"-i", ffmpeg_name(file)});
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), network_frames.begin(), network_frames.end());
  command.emplace_back("-");
  const CommandResult result = run_command(command);
  RawVideo video{result.out, -1};
  constexpr std::string_view mapping = "Stream mapping:\n  Stream #0:";
  if (const auto at = result.err.find(mapping); at != std::string::npos) {
    video.stream_index = std::stoi(result.err.substr(at + mapping.size()));
  }
  return video;
}

inline nlohmann::json probe(const std::filesystem::path& file, const std::vector<std::string>& options) {
  std::vector<std::string> command{"ffprobe", "-v", "error", "-of", "json"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(ffmpeg_name(file));
  return nlohmann::json::parse(run_command(command).out);
}

/// The numbers of the keyframes of a video.
inline std::vector<int> keyframes(const std::filesystem::path& video) {
  std::vector<int> frames;
  const auto probed = probe(video, {"-select_streams", "v", "-show_entries", "frame=key_frame"});
  for (int frame = 0; const auto& entry : probed.at("frames")) {
    if (entry.at("key_frame") == 1) frames.push_back(frame);
    ++frame;
  }
  return frames;
}

}  // namespace transnet::test
