// SPDX-License-Identifier: Apache-2.0
// The network alone, for compare.py, which asks every runtime the same way: one command a line on standard input, one
// JSON object a line on standard output (comparison/network_worker.py is the same for the runtimes in Python).
//   transnet_bench_network WEIGHTS FRAMES.rgb fp32|bf16|auto THREADS
// The file holds 48x27 RGB24 frames. The first line comes once the first window has been run:
//   {"ready": {...}}    or {"unsupported": "why"}, where the library refuses the precision
//   time                runs all windows of the frames: {"seconds": ...}
//   answers FILE        writes float32 [windows, 100] twice, single and many-hot: {}
//   scenes              what the stage decides at the network's threshold: {"scenes": [[first, last], ...]}
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "transnet/transnet.hpp"

namespace {

using Json = nlohmann::json;
using transnet::Error;
using transnet::ErrorCode;
using Model = std::shared_ptr<const transnet::ShotModel>;

void reply(const Json& answer) { std::cout << answer.dump() << std::endl; }

transnet::FrameArray read_frames(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), {}};
  const auto count = transnet::FramesView(bytes).size();
  if (count == 0) throw Error(ErrorCode::io, file + ": no frames");
  return {{count, transnet::frame_height, transnet::frame_width, transnet::frame_channels}, std::move(bytes)};
}

transnet::Precision parse_precision(const std::string& word) {
  if (word == "fp32") return transnet::Precision::fp32;
  if (word == "bf16") return transnet::Precision::bf16;
  if (word == "auto") return transnet::Precision::automatic;
  throw Error(ErrorCode::invalid_argument, "'" + word + "' is not fp32, bf16 or auto");
}

/// One frame a second, so that times are frame numbers.
transnet::VideoTask task_of(const transnet::FrameArray& frames) {
  transnet::VideoTask task;
  task.data.input_video = "frames";
  task.data.metadata = {.size = 1,
                        .height = transnet::frame_height,
                        .width = transnet::frame_width,
                        .framerate = 1.0,
                        .num_frames = frames.size(),
                        .duration = static_cast<double>(frames.size()),
                        .video_codec = "rawvideo"};
  task.data.frame_array = frames;
  return task;
}

/// Windows, network and decision through the stage itself, because the precision `auto` depends on the decision.
transnet::VideoTask process(const Model& model, const transnet::FrameArray& frames, double& seconds) {
  transnet::ClipExtractor extractor(
      {.decision = {.threshold = model->info().threshold, .min_length_s = 0, .max_length_s = 0, .crop_s = 0}}, model);
  auto task = task_of(frames);
  const auto start = std::chrono::steady_clock::now();
  extractor.process(task);
  seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return task;
}

Json time_windows(const Model& model, const transnet::FrameArray& frames) {
  double seconds = 0;
  (void)process(model, frames, seconds);
  return {{"seconds", seconds}};
}

Json find_scenes(const Model& model, const transnet::FrameArray& frames) {
  double seconds = 0;
  auto scenes = Json::array();
  for (const auto& clip : process(model, frames, seconds).data.clips) {
    scenes.push_back({std::lround(clip.span.first), std::lround(clip.span.second)});
  }
  return {{"scenes", scenes}};
}

void write(std::ofstream& stream, const std::vector<float>& values) {
  stream.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(float)));
}

Json write_answers(const Model& model, const transnet::FrameArray& frames, const std::string& file) {
  std::vector<std::uint8_t> windows;
  for (const auto& window : transnet::get_batches(transnet::FramesView(frames.data))) {
    windows.insert(windows.end(), window.begin(), window.end());
  }
  const auto answer = model->predict(windows);
  std::ofstream stream(file, std::ios::binary);
  write(stream, answer.single);
  write(stream, answer.many_hot);
  if (!stream.flush()) throw Error(ErrorCode::io, file + ": cannot be written");
  return Json::object();
}

Json answer(const std::string& line, const Model& model, const transnet::FrameArray& frames) {
  if (line == "time") return time_windows(model, frames);
  if (line == "scenes") return find_scenes(model, frames);
  constexpr std::string_view answers = "answers ";
  if (line.starts_with(answers)) return write_answers(model, frames, line.substr(answers.size()));
  throw Error(ErrorCode::invalid_argument, "'" + line + "' is no command");
}

void serve(const std::vector<std::string>& arguments) {
  if (arguments.size() != 4) {
    throw Error(ErrorCode::invalid_argument, "expected WEIGHTS FRAMES.rgb PRECISION THREADS");
  }
  const auto precision = parse_precision(arguments[2]);
  const int threads = std::stoi(arguments[3]);
  const auto model = transnet::ShotModel::load(arguments[0], {.precision = precision, .threads = threads});
  const auto frames = read_frames(arguments[1]);
  const auto windows = transnet::get_batches(transnet::FramesView(frames.data));
  (void)model->predict(windows.front());
  reply({{"ready", {{"version", transnet::version()}}}});
  for (std::string line; std::getline(std::cin, line);) reply(answer(line, model, frames));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    serve({argv + 1, argv + argc});
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unsupported) {
      reply({{"unsupported", error.what()}});
      return 0;
    }
    std::cerr << "transnet_bench_network: " << error.what() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "transnet_bench_network: " << error.what() << '\n';
    return 1;
  }
}
