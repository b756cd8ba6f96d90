// SPDX-License-Identifier: Apache-2.0
// core_user [WEIGHTS]: knows transnet::core alone. With weights, it streams frames of two shots through the network and
// decides on the answers; exits with 0 where all is well.
#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <transnet/clips.hpp>
#include <transnet/error.hpp>
#include <transnet/frames.hpp>
#include <transnet/shot_stream.hpp>
#include <transnet/uuid.hpp>
#include <utility>
#include <vector>

namespace {

constexpr std::int64_t shot_frames = 60;

int failures = 0;

void expect(bool is_true, const std::string& what) {
  if (is_true) return;
  std::cerr << "failed: " << what << '\n';
  ++failures;
}

/// Noise that stays the same within a shot, and differs from shot to shot.
std::array<std::uint8_t, transnet::frame_bytes> frame_of(std::uint32_t shot) {
  std::array<std::uint8_t, transnet::frame_bytes> frame{};
  std::uint32_t state = shot;
  for (auto& byte : frame) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>((state >> 24U) / 2 + shot * 60);
  }
  return frame;
}

std::vector<float> stream_two_shots(const char* weights) {
  transnet::ShotStream stream(transnet::ShotModel::load(weights));
  for (std::uint32_t shot = 0; shot < 2; ++shot) {
    for (std::int64_t frame = 0; frame < shot_frames; ++frame) stream.push(frame_of(shot));
  }
  stream.finish();
  return stream.take().single;
}

/// The last frame of the first shot is the transition.
void decide(std::vector<float> probabilities) {
  const auto frames = static_cast<std::int64_t>(probabilities.size());
  const transnet::VideoPredictions predictions{.video = "two_shots.mp4",
                                               .single = std::move(probabilities),
                                               .timeline = transnet::Timeline::constant_rate(10.0, frames)};
  const auto found = transnet::find_clips(predictions, {});
  expect(frames == 2 * shot_frames, "an answer for each frame");
  expect(found.shots.size() == 2 && found.shots[0].end_frame == shot_frames, "a cut between the shots");
  for (const auto& shot : found.shots) std::cout << shot.start_frame << " to " << shot.end_frame << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  expect(transnet::uuid5_url("bikes.mp4_42_63").to_string() == "d23419cb-291c-50fe-9bb9-c2ddb5a6b083", "uuid");
  std::vector<float> probabilities(2 * shot_frames, 0.01F);
  probabilities[shot_frames - 1] = 0.99F;
  decide(std::move(probabilities));
  try {
    (void)transnet::ShotModel::load("no-such-file.pth");
    expect(false, "a missing file is refused");
  } catch (const transnet::Error& error) {
    expect(error.code() == transnet::ErrorCode::not_found, "code of the missing file");
  }
  if (argc == 2) decide(stream_two_shots(argv[1]));
  return failures == 0 ? 0 : 1;
}
