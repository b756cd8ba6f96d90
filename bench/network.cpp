// The network alone, for compare.py, which asks every runtime the same way: one command a line on standard input, one
// JSON object a line on standard output (comparison/network_worker.py is the same for the runtimes in Python).
//   transnet_bench_network WEIGHTS WINDOWS_FILE fp32|bf16|auto THREADS
// The file holds uint8 windows [n, 100, 27, 48, 3]. The first answer comes once the first window has been run:
//   {"ready": {...}}          or {"unsupported": "why"}, where the library refuses the precision
//   answers FILE              runs all windows, writes float32 [n, 100] twice: single, many-hot -> {"seconds": ...}
//   time COUNT                runs COUNT windows, from the first on, over again            -> {"seconds": ...}
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "transnet/transnet.hpp"

namespace {

using Json = nlohmann::json;
using Bytes = std::span<const std::uint8_t>;

void reply(const Json& answer) { std::cout << answer.dump() << std::endl; }

std::vector<std::uint8_t> read_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), {}};
  if (bytes.empty() || bytes.size() % transnet::window_bytes != 0) {
    throw transnet::Error(transnet::ErrorCode::bad_shape, file + ": not a whole number of windows");
  }
  return bytes;
}

transnet::Precision parse_precision(const std::string& word) {
  if (word == "fp32") return transnet::Precision::fp32;
  if (word == "bf16") return transnet::Precision::bf16;
  if (word == "auto") return transnet::Precision::automatic;
  throw transnet::Error(transnet::ErrorCode::invalid_argument, "'" + word + "' is not fp32, bf16 or auto");
}

void append(std::vector<float>& values, const std::vector<float>& more) {
  values.insert(values.end(), more.begin(), more.end());
}

/// Hands windows over as the library's own pipeline does: as many a call as the model likes.
template <typename Take>
void run_windows(const transnet::ShotModel& model, Bytes windows, std::size_t count, Take take) {
  const auto available = windows.size() / transnet::window_bytes;
  for (std::size_t first = 0; count > 0;) {
    const auto windows_of_call =
        std::min({count, available - first, static_cast<std::size_t>(model.preferred_windows())});
    take(model.predict(windows.subspan(first * transnet::window_bytes, windows_of_call * transnet::window_bytes)));
    first = (first + windows_of_call) % available;
    count -= windows_of_call;
  }
}

template <typename Work>
Json seconds_of(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return {{"seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()}};
}

void write_answers(const transnet::ShotModel& model, Bytes windows, const std::string& file) {
  std::vector<float> single;
  std::vector<float> many_hot;
  run_windows(model, windows, windows.size() / transnet::window_bytes, [&](const transnet::ShotProbabilities& answer) {
    append(single, answer.single);
    append(many_hot, answer.many_hot);
  });
  append(single, many_hot);
  std::ofstream stream(file, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(single.data()),
               static_cast<std::streamsize>(single.size() * sizeof(float)));
  if (!stream.flush()) throw transnet::Error(transnet::ErrorCode::io, file + ": cannot be written");
}

void serve(const transnet::ShotModel& model, Bytes windows) {
  for (std::string line; std::getline(std::cin, line);) {
    const auto space = line.find(' ');
    const auto command = line.substr(0, space);
    const auto argument = space == std::string::npos ? std::string() : line.substr(space + 1);
    if (command == "answers") {
      reply(seconds_of([&] { write_answers(model, windows, argument); }));
    } else if (command == "time") {
      const std::size_t count = std::stoul(argument);
      reply(seconds_of([&] { run_windows(model, windows, count, [](const auto&) {}); }));
    } else {
      throw transnet::Error(transnet::ErrorCode::invalid_argument, "'" + line + "' is no command");
    }
  }
}

void run(const std::vector<std::string>& arguments) {
  if (arguments.size() != 4) {
    throw transnet::Error(transnet::ErrorCode::invalid_argument, "expected WEIGHTS WINDOWS_FILE PRECISION THREADS");
  }
  const auto precision = parse_precision(arguments[2]);
  const int threads = std::stoi(arguments[3]);
  const auto model = transnet::ShotModel::load(arguments[0], {.precision = precision, .threads = threads});
  const auto windows = read_file(arguments[1]);
  run_windows(*model, windows, 1, [](const auto&) {});
  reply({{"ready", {{"version", transnet::version()}}}});
  serve(*model, windows);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run({argv + 1, argv + argc});
  } catch (const transnet::Error& error) {
    if (error.code() == transnet::ErrorCode::unsupported) {
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
