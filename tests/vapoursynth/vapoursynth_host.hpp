// SPDX-License-Identifier: Apache-2.0
// A program that uses VapourSynth's core with its own clips, in place of a script in Python.
#pragma once

#include <VSHelper4.h>
#include <VapourSynth4.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace transnet::test {

/// A clip of pictures in memory: the planes of a picture follow each other, as ffmpeg's rawvideo writes them.
struct RawClip {
  int width = 0;
  int height = 0;
  VSPresetVideoFormat format = pfYUV420P8;
  std::string bytes;
};

/// The properties that the plugin sets.
struct MarkedFrame {
  bool begins_shot = false;
  bool ends_shot = false;
  float single = 0.0F;
  std::optional<float> many_hot;
  std::string luma;  ///< of the top row

  bool operator==(const MarkedFrame&) const = default;
};

class VapourSynthHost {
 public:
  /// @throws std::runtime_error if the library cannot be loaded
  VapourSynthHost(const std::filesystem::path& library, const std::filesystem::path& plugin);
  ~VapourSynthHost();
  VapourSynthHost(const VapourSynthHost&) = delete;
  VapourSynthHost& operator=(const VapourSynthHost&) = delete;

  using Node = std::unique_ptr<VSNode, std::function<void(VSNode*)>>;
  using SetArguments = std::function<void(const VSAPI&, VSMap*)>;

  [[nodiscard]] const VSAPI& api() const { return *api_; }
  [[nodiscard]] Node source(const RawClip& clip) const;
  /// Calls PLUGIN.FUNCTION(clip, ...). @throws std::runtime_error with its message
  [[nodiscard]] Node call(const char* plugin_id, const char* function, VSNode* clip, const SetArguments& set) const;
  /// @throws std::runtime_error with the filter's message
  [[nodiscard]] MarkedFrame frame(VSNode* clip, int number) const;
  /// All frames, each requested before the first has arrived.
  [[nodiscard]] std::vector<MarkedFrame> frames_at_once(VSNode* clip) const;

 private:
  [[nodiscard]] MarkedFrame read(const VSFrame* frame) const;

  void* library_;
  const VSAPI* api_ = nullptr;
  VSCore* core_ = nullptr;
};

}  // namespace transnet::test
