// SPDX-License-Identifier: Apache-2.0
#include "commands/doctor/model_checks.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/is_probability.hpp"
#include "base/seconds_since.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/predictions.hpp"
#include "transnet/scene_rows.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/weights.hpp"
#include "transnet/windows.hpp"

namespace command {
namespace {

// One window of the network; the first shot ends in its middle.
constexpr int frame_count = transnet::window_stride;
constexpr int cut_frame = frame_count / 2 - 1;

/// A picture of one of two slightly moving shots: 8-bit luma, then both chromas, all of the same size.
std::string picture(int width, int height, int frame) {
  const bool is_first = frame <= cut_frame;
  std::string planes;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int first = 40 + 2 * ((x + frame) % 40) + y;                     // a dark ramp that drifts
      const int second = ((x / 12 + (y + frame) / 9) % 2 == 0) ? 220 : 120;  // a bright board that rises
      planes += static_cast<char>(is_first ? first : second);
    }
  }
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  planes.append(pixels, static_cast<char>(is_first ? 160 : 90));
  planes.append(pixels, static_cast<char>(is_first ? 100 : 170));
  return planes;
}

/// A whole file in the YUV4MPEG2 format, which holds uncompressed pictures.
std::string example_video() {
  constexpr int width = 96;
  constexpr int height = 54;
  auto video = fmt::format("YUV4MPEG2 W{} H{} F25:1 Ip A1:1 C444\n", width, height);
  for (int frame = 0; frame < frame_count; ++frame) video += "FRAME\n" + picture(width, height, frame);
  return video;
}

transnet::FrameDecoder decoder_of(const std::string& video, const transnet::FrameSize& frame_size) {
  return transnet::FrameDecoder::from_memory(std::as_bytes(std::span(video)), {}, "the example video", {}, frame_size);
}

/// The frames that are transitions at a threshold.
std::vector<int> transitions(std::span<const float> probabilities, double threshold) {
  std::vector<int> frames;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (transnet::is_transition(probabilities[i], threshold)) frames.push_back(static_cast<int>(i));
  }
  return frames;
}

std::string fetch_command(transnet::PublishedModel model) {
  const bool is_default = model == transnet::published_models(transnet::ClipExtractorOptions{}.networks).front();
  return "transnet model fetch" + (is_default ? "" : " --model " + std::string(transnet::weights_of(model).name));
}

std::vector<float> run_network(const transnet::ShotModel& model, const transnet::FrameArray& frames) {
  const auto precision =
      model.info().precision == transnet::Precision::automatic ? transnet::Precision::bf16 : model.info().precision;
  const auto predict = [&](std::span<const std::uint8_t> window) { return model.predict(window, precision).single; };
  return transnet::get_probabilities(predict, transnet::FramesView(frames));
}

void run(const transnet::ShotModel& model, Check& check) {
  const auto video = example_video();
  auto decoder = decoder_of(video, model.info().frame_size);
  const auto frames = transnet::read_all_frames(decoder);
  const auto* scaler = decoder.report().has_own_scaler ? "transnet" : "libswscale";
  static_cast<void>(run_network(model, frames));  // the first call does extra work, so it is not measured
  const auto begin = std::chrono::steady_clock::now();
  const auto probabilities = run_network(model, frames);
  const double elapsed_s = transnet::seconds_since(begin);

  const auto& info = model.info();
  const auto found = transitions(probabilities, info.threshold);
  const bool is_right = std::ssize(probabilities) == frame_count && transnet::are_probabilities(probabilities) &&
                        (!info.is_published || found == std::vector{cut_frame});
  check.finding = fmt::format("{}, {}, {:.0f} frames a second, pictures scaled by {}; {}", info.device.to_string(),
                              transnet::to_string(info.precision), frame_count / elapsed_s, scaler,
                              info.is_published ? (is_right ? "the cut was found" : "the cut was not found")
                                                : (is_right ? "probabilities" : "no probabilities"));
  check.facts = {{"device", info.device.to_string()},
                 {"precision", transnet::to_string(info.precision)},
                 {"kind", info.kind},
                 {"frames_per_s", frame_count / elapsed_s},
                 {"scaler", scaler},
                 {"transitions", found}};
  if (is_right) return;
  check.status = CheckStatus::failed;
  check.advice = info.is_published
                     ? "this machine computes wrong numbers: try --precision fp32 or --device cpu"
                     : "the file holds another kind of model: name a model of shot transitions with --weights";
}

}  // namespace

Check check_weights(const transnet::NetworkFile& file, std::vector<transnet::ModelFile>& read) {
  Check check{.name = "weights"};
  check.facts = {{"file", file.path.native()}, {"sha256", Json()}, {"is_published", false}};
  try {
    read.push_back(transnet::ModelFile::read(file.path));
    const auto& sha256 = read.back().sha256();
    // A file in the place of a network's weights must be that network's.
    const bool is_published =
        file.is_named ? transnet::is_published(sha256) : sha256 == transnet::weights_of(file.published).sha256;
    check.facts["sha256"] = sha256;
    check.facts["is_published"] = is_published;
    check.finding = file.path.native() + (is_published ? ", the published weights" : ", not the published weights");
    if (is_published || file.is_named) return check;
    check.advice = fmt::format("the file is damaged: '{}' replaces it", fetch_command(file.published));
  } catch (const transnet::Error& error) {
    check.finding = error.what();
    check.advice =
        file.is_named ? "name an existing weights file"
                      : fmt::format(
                            "download the weights ({} MB) with '{}' or 'transnet clips', or name a file with "
                            "--weights",
                            transnet::weights_of(file.published).size_bytes / 1'000'000, fetch_command(file.published));
  }
  check.status = CheckStatus::failed;
  return check;
}

Check check_run(std::span<const transnet::ModelFile> files, const transnet::ShotModelOptions& options,
                std::shared_ptr<const transnet::ShotModel>& model) {
  Check check{.name = "run"};
  try {
    model = transnet::load_model(files, options);
    run(*model, check);
  } catch (const std::exception& error) {
    check.status = CheckStatus::failed;
    check.finding = error.what();
    check.advice = "fix the problem that the message names";
  }
  return check;
}

}  // namespace command
