// SPDX-License-Identifier: Apache-2.0
#include "commands/split/cut_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <vector>

#include "help/suggestion.hpp"
#include "options/option_kinds.hpp"
#include "options/output_options.hpp"
#include "transnet/ffmpeg_info.hpp"

namespace command {

namespace {

constexpr const char* encoder_option = "--encoder-option";

/// A name that is nearly right is refused with the right one instead of the list of all encoders. `reason`: the
/// library's, which is about this option if it begins with it; `kind`: "a video".
void suggest_encoder(std::string_view reason, const std::string& option, const std::string& name,
                     const std::string& kind, const std::vector<std::string>& known) {
  if (!reason.starts_with(option + " ")) return;
  const std::string library = "lib" + name;  // "x264" is nearer to libx264 than to h261
  const bool is_library = std::ranges::find(known, library) != known.end();
  const auto suggestion = did_you_mean(is_library ? library : name, known);
  if (!suggestion.empty()) refuse(option, "'" + name + "' is not " + kind + " encoder of this FFmpeg" + suggestion);
}

}  // namespace

void add_cut_mode_option(CLI::App& app, const std::string& name, transnet::CutMode& mode) {
  using transnet::CutMode;
  add_choice<CutMode>(app, name, mode,
                      {{"copy", CutMode::copy}, {"reencode", CutMode::reencode}, {"smart", CutMode::smart}},
                      "Copy without loss from keyframe to keyframe (copy), or cut at the exact frames: encode all of "
                      "them (reencode) or only the frames that cannot be copied (smart)");
}

void add_cut_options(CLI::App& app, transnet::CutOptions& options) {
  add_cut_mode_option(app, "--mode", options.mode);
  app.add_option("--video-codec", options.video_codec, "FFmpeg's name of the video encoder")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--audio-codec", options.audio_codec, "FFmpeg's name of the audio encoder")
      ->type_name("NAME")
      ->capture_default_str();
  const auto parse_crf = [&options](const std::string& text) {
    const auto crf = parse_number<double>("--crf", text);
    check_usage("--crf",
                [crf] { transnet::validate(transnet::CutOptions{.mode = transnet::CutMode::copy, .crf = crf}); });
    options.crf = crf;
  };
  app.add_option_function<std::string>("--crf", parse_crf,
                                       "Quality on the encoder's own scale (default: the encoder's)")
      ->type_name("FLOAT");
  app.add_option("--preset", options.preset, "Speed preset of the encoder (default: the encoder's)")->type_name("NAME");
  const auto parse_options = [&options](const std::vector<std::string>& words) {
    options.encoder_options.clear();
    for (const auto& word : words) {
      const auto equals = word.find('=');
      if (equals == 0 || equals == std::string::npos) refuse(encoder_option, "'" + word + "' is not NAME=VALUE");
      options.encoder_options.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
  };
  app.add_option_function<std::vector<std::string>>(
         encoder_option, parse_options,
         "Further option of the video encoder, such as profile=dnxhr_hq for dnxhd; can be given several times")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  add_overwrite_option(app, options.overwrites);
}

void check_cut_options(const transnet::CutOptions& options) {
  try {
    check_usage([&options] { transnet::validate(options); });
  } catch (const CLI::ValidationError& error) {
    const std::string_view reason = error.what();
    suggest_encoder(reason, "--video-codec", options.video_codec, "a video", transnet::video_encoders());
    suggest_encoder(reason, "--audio-codec", options.audio_codec, "an audio", transnet::audio_encoders());
    throw;
  }
}

void add_container_option(CLI::App& app, std::string& container) {
  const auto parse = [&container](const std::string& word) {
    container = word.starts_with('.') ? word.substr(1) : word;
    const bool is_ending =
        !container.empty() && std::ranges::all_of(container, [](unsigned char c) { return std::isalnum(c) != 0; });
    if (!is_ending && word != own_container) refuse("--container", "'" + word + "' is not the ending of a file name");
  };
  app.add_option_function<std::string>("--container", parse,
                                       "Container of the clips by the ending of its files, such as mov, mkv, webm or "
                                       "mxf; {ext} = the video's (default: mp4 or mkv; the video's for copies)")
      ->type_name("ENDING");
}

void check_container(const std::string& container, const transnet::CutOptions& options) {
  if (container.empty() || container == own_container || options.mode == transnet::CutMode::copy) return;
  check_usage("--container", [&] { static_cast<void>(transnet::clip_ending({}, options, "." + container)); });
}

void add_clip_file_options(CLI::App& app, std::filesystem::path& folder, std::string& name) {
  add_folder_pattern_option(app, "--output-dir", folder, std::string("Folder for the clips; ") + folder_pattern_help)
      ->default_str(folder.native());
  app.add_option("--name", name,
                 "File names of the clips without the ending; fields: stem parent index uuid start_frame end_frame "
                 "start_s end_s")
      ->type_name("PATTERN")
      ->capture_default_str();
}

void add_report_format_option(CLI::App& app, ReportFormat& format) {
  using enum ReportFormat;
  add_choice<ReportFormat>(app, "--format", format, choices_of<ReportFormat>({table, json, jsonl}),
                           "Format of the output");
}

}  // namespace command
