// SPDX-License-Identifier: Apache-2.0
#include "io/result_files.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/seconds_since.hpp"
#include "base/special_file.hpp"
#include "formats/edit_timeline.hpp"
#include "formats/text.hpp"
#include "io/output_ending.hpp"
#include "io/video_documents.hpp"
#include "io/video_names.hpp"
#include "run/exit_status.hpp"

namespace command {
namespace {

const Format& format_by_ending(const std::string& file) {
  if (file == "-") return table_format();
  const auto candidates = formats_of(file);
  if (candidates.size() == 1) return *candidates.front();
  refuse_folder(file, ".csv");
  if (lower_case_ending(file) == ".parquet") {
    throw UsageError("--output " + file +
                     ": this command writes no Parquet: write a .jsonl file, which 'python -m transnet.parquet' of the "
                     "Python package converts");
  }
  std::vector<std::string_view> names;
  for (const auto* format : candidates) names.push_back(format->name);
  const auto reason = candidates.empty() ? std::string("the ending names no format")
                                         : fmt::format("the ending can mean {}", fmt::join(names, " or "));
  throw UsageError("--output " + file + ": " + reason + ": name one with --format");
}

std::vector<std::string> files_of(const OutputRequest& request) {
  return request.files.empty() ? std::vector<std::string>{"-"} : request.files;
}

/// Checks that `file` can take the format's output for these videos. Returns the files of the videos of this shard, or
/// the file of all videos.
std::vector<std::string> claim_target(const Format& format, const std::string& file, const Inputs& inputs,
                                      bool overwrites, ProtectedFiles& claimed) {
  for (std::size_t video = 0; format.check_name != nullptr && video < inputs.size(); ++video) {
    format.check_name(inputs[video].file);
  }
  if (is_for_each_video(file)) {
    return claim_files_of_videos(file, "--output", overwrites, inputs, claimed);
  }
  claimed.claim_output(file);
  if (format.holds_one_video() && inputs.size() > 1) {
    throw UsageError(
        fmt::format("{} holds one video, but there are {}: put {} in the name of --output to give each video its own "
                    "file",
                    format.name, inputs.size(), stem_field));
  }
  return {file};
}

/// `files`: as `claim_target` gives them.
std::unique_ptr<ResultFile> make_target(const OutputRequest& request, const Format& format, const std::string& file,
                                        std::vector<std::string> files, const Inputs& inputs) {
  const OutputForm form{format, request.what.value_or(format.what), request.format_options};
  if (is_for_each_video(file)) {
    const bool has_part = request.resume.is_given || request.keeps_parts;
    return std::make_unique<FilePerVideo>(form, std::move(files), inputs,
                                          has_part ? part_file_of(file, request.part_name) : "", request.resume,
                                          request.overwrites || request.resume.is_given);
  }
  if (request.keeps_parts && format.is_line_for_each && !is_written_in_place(file)) {
    // The lines wait in a part file until all videos are done.
    return std::make_unique<LinesFile>(form, file, inputs, request.resume);
  }
  if (request.resume.is_given) {
    throw UsageError(fmt::format("--resume cannot continue {} in {}: it needs jsonl in a file, or {} in the name",
                                 format.name, file == "-" ? "standard output" : file, stem_field));
  }
  return std::make_unique<DocumentFile>(form, file, inputs);
}

}  // namespace

std::vector<const Format*> formats_of_files(const OutputRequest& request) {
  const auto files = files_of(request);
  if (request.formats.empty()) {
    std::vector<const Format*> formats;
    for (const auto& file : files) formats.push_back(&format_by_ending(file));
    return formats;
  }
  if (request.formats.size() != files.size()) {
    throw UsageError(
        fmt::format("{} --format do not match {} --output: give one for each file in the same order, or none",
                    request.formats.size(), files.size()));
  }
  return request.formats;
}

std::string part_file_of(const std::string& file, const std::string& part_name) {
  const auto field = std::min(file.find(stem_field), file.find(parent_field));
  if (field == std::string::npos) {
    throw UsageError(fmt::format("--resume cannot continue {}: it needs {} or {} in the name",
                                 file == "-" ? "standard output" : file, stem_field, parent_field));
  }
  const auto folder = file.rfind('/', field);
  const auto name_at = folder == std::string::npos ? 0 : folder + 1;
  auto name = file.substr(name_at);
  std::ranges::replace(name, '/', '-');
  return file.substr(0, name_at) + name + part_name + ".part";
}

ResultFiles::ResultFiles(const OutputRequest& request, const Inputs& inputs, ProtectedFiles& claimed)
    : inputs_(inputs), format_options_(request.format_options) {
  const auto files = files_of(request);
  const auto formats = formats_of_files(request);
  const bool holds_clips = std::ranges::find(formats, SpanKind::clips, &Format::what) != formats.end();
  what_ = request.what.value_or(holds_clips ? SpanKind::clips : formats.front()->what);
  std::vector<std::vector<std::string>> destinations;
  for (std::size_t i = 0; i < files.size(); ++i) {
    destinations.push_back(
        claim_target(*formats[i], files[i], inputs, request.overwrites || request.resume.is_given, claimed));
  }
  has_start_timecode_ =
      std::ranges::any_of(formats, [](const Format* format) { return format->uses(format_option::start_timecode); });
  // Create nothing until everything is known to be valid.
  for (std::size_t i = 0; i < files.size(); ++i) {
    targets_.push_back(make_target(request, *formats[i], files[i], std::move(destinations[i]), inputs));
  }
}

void ResultFiles::start(MadeBy made_by, const Json& settings) {
  made_by_ = std::move(made_by);
  for (const auto& target : targets_) target->start(settings);
}

std::optional<transnet::Status> ResultFiles::done(std::size_t video) const {
  std::optional<transnet::Status> status;
  for (const auto& target : targets_) {
    status = target->done(video);
    if (!status) return std::nullopt;
  }
  return status;
}

std::set<std::size_t> ResultFiles::changed() const {
  std::set<std::size_t> videos;
  for (const auto& target : targets_) videos.insert(target->changed().begin(), target->changed().end());
  return videos;
}

void ResultFiles::begin(std::size_t video) {
  begun_[video] = Clock::now();
  for (const auto& target : targets_) target->begin(video);
}

void ResultFiles::check(const transnet::VideoClips& result) const {
  if (has_start_timecode_) check_start_timecode(result, format_options_);
}

void ResultFiles::add(std::size_t video, const transnet::VideoClips& result) {
  const auto& input = inputs_[video];
  ResultFacts facts{.made_by = made_by_, .columns = input.columns, .file = ""};
  facts.made_by.elapsed_s = transnet::seconds_since(begun_.extract(video).mapped());
  if (!input.id.empty() && !transnet::base::is_read_once(input.file)) facts.file = input.file.native();
  for (const auto& target : targets_) target->add(video, result, facts);
}

void ResultFiles::finish() {
  for (const auto& target : targets_) target->finish();
}

}  // namespace command
