// SPDX-License-Identifier: Apache-2.0
#include "vapoursynth/vapoursynth_host.hpp"

#include <dlfcn.h>

#include <array>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace transnet::test {
namespace {

struct Source {
  RawClip clip;
  VSVideoInfo info{};
};

const VSFrame* VS_CC get_source(int number, int reason, void* instance, void** /*frame_data*/,
                                VSFrameContext* /*context*/, VSCore* core, const VSAPI* api) {
  if (reason != arInitial) return nullptr;
  const auto& [clip, info] = *static_cast<const Source*>(instance);
  auto* const frame = api->newVideoFrame(&info.format, info.width, info.height, nullptr, core);
  const auto frame_bytes = clip.bytes.size() / static_cast<std::size_t>(info.numFrames);
  const auto* from = clip.bytes.data() + static_cast<std::size_t>(number) * frame_bytes;
  for (int plane = 0; plane < info.format.numPlanes; ++plane) {
    const auto row_bytes = static_cast<std::size_t>(api->getFrameWidth(frame, plane) * info.format.bytesPerSample);
    auto* to = api->getWritePtr(frame, plane);
    for (int y = 0; y < api->getFrameHeight(frame, plane); ++y, from += row_bytes, to += api->getStride(frame, plane)) {
      std::memcpy(to, from, row_bytes);
    }
  }
  return frame;
}

void VS_CC free_source(void* instance, VSCore* /*core*/, const VSAPI* /*api*/) {
  const std::unique_ptr<Source> source(static_cast<Source*>(instance));
}

}  // namespace

VapourSynthHost::VapourSynthHost(const std::filesystem::path& library, const std::filesystem::path& plugin)
    : library_(::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (library_ == nullptr) throw std::runtime_error(::dlerror());
  const auto get_api = reinterpret_cast<VSGetVapourSynthAPI>(::dlsym(library_, "getVapourSynthAPI"));
  api_ = get_api(VAPOURSYNTH_API_VERSION);
  core_ = api_->createCore(ccfDisableAutoLoading);
  api_->setThreadCount(3, core_);
  auto* const arguments = api_->createMap();
  api_->mapSetData(arguments, "path", plugin.c_str(), -1, dtUtf8, maReplace);
  auto* const result = api_->invoke(api_->getPluginByID(VSH_STD_PLUGIN_ID, core_), "LoadPlugin", arguments);
  const auto* const error = api_->mapGetError(result);
  const std::string reason = error != nullptr ? error : "";
  api_->freeMap(arguments);
  api_->freeMap(result);
  if (!reason.empty()) throw std::runtime_error(reason);
}

// The library stays loaded: its threads may end after its core.
VapourSynthHost::~VapourSynthHost() { api_->freeCore(core_); }

VapourSynthHost::Node VapourSynthHost::source(const RawClip& clip) const {
  auto source = std::make_unique<Source>(Source{clip, {}});
  auto& info = source->info;
  api_->getVideoFormatByID(&info.format, static_cast<uint32_t>(clip.format), core_);
  info.width = clip.width;
  info.height = clip.height;
  info.fpsNum = 25;
  info.fpsDen = 1;
  std::size_t frame_bytes = 0;
  for (int plane = 0; plane < info.format.numPlanes; ++plane) {
    const int right = plane > 0 ? info.format.subSamplingW : 0;
    const int down = plane > 0 ? info.format.subSamplingH : 0;
    frame_bytes += static_cast<std::size_t>((clip.width >> right) * (clip.height >> down) * info.format.bytesPerSample);
  }
  info.numFrames = static_cast<int>(clip.bytes.size() / frame_bytes);
  return {api_->createVideoFilter2("Source", &info, get_source, free_source, fmParallel, nullptr, 0, source.release(),
                                   core_),
          [api = api_](VSNode* node) { api->freeNode(node); }};
}

VapourSynthHost::Node VapourSynthHost::call(const char* plugin_id, const char* function, VSNode* clip,
                                            const SetArguments& set) const {
  auto* const arguments = api_->createMap();
  api_->mapSetNode(arguments, "clip", clip, maReplace);
  set(*api_, arguments);
  auto* const result = api_->invoke(api_->getPluginByID(plugin_id, core_), function, arguments);
  const auto* const error = api_->mapGetError(result);
  const std::string reason = error != nullptr ? error : "";
  auto* const node = reason.empty() ? api_->mapGetNode(result, "clip", 0, nullptr) : nullptr;
  api_->freeMap(arguments);
  api_->freeMap(result);
  if (!reason.empty()) throw std::runtime_error(reason);
  return {node, [api = api_](VSNode* one) { api->freeNode(one); }};
}

MarkedFrame VapourSynthHost::read(const VSFrame* frame) const {
  const auto* const properties = api_->getFramePropertiesRO(frame);
  MarkedFrame marked;
  marked.begins_shot = api_->mapGetInt(properties, "_SceneChangePrev", 0, nullptr) != 0;
  marked.ends_shot = api_->mapGetInt(properties, "_SceneChangeNext", 0, nullptr) != 0;
  marked.single = api_->mapGetFloatSaturated(properties, "TransnetSingle", 0, nullptr);
  int error = 0;
  const auto many_hot = api_->mapGetFloatSaturated(properties, "TransnetManyHot", 0, &error);
  if (error == 0) marked.many_hot = many_hot;
  marked.luma.assign(reinterpret_cast<const char*>(api_->getReadPtr(frame, 0)),
                     static_cast<std::size_t>(api_->getFrameWidth(frame, 0)));
  return marked;
}

MarkedFrame VapourSynthHost::frame(VSNode* clip, int number) const {
  std::array<char, 1000> error{};
  const auto* const frame = api_->getFrame(number, clip, error.data(), error.size());
  if (frame == nullptr) throw std::runtime_error(error.data());
  auto marked = read(frame);
  api_->freeFrame(frame);
  return marked;
}

std::vector<MarkedFrame> VapourSynthHost::frames_at_once(VSNode* clip) const {
  struct Arrivals {
    const VapourSynthHost* host;
    std::vector<MarkedFrame> frames;
    std::string error;
    int missing;
    std::mutex mutex;
    std::condition_variable changed;
  };
  const int count = api_->getVideoInfo(clip)->numFrames;
  Arrivals arrivals{this, std::vector<MarkedFrame>(static_cast<std::size_t>(count)), "", count, {}, {}};
  const auto on_frame = [](void* data, const VSFrame* frame, int number, VSNode* /*node*/, const char* error) {
    auto& all = *static_cast<Arrivals*>(data);
    const std::lock_guard lock(all.mutex);
    if (frame != nullptr) {
      all.frames[static_cast<std::size_t>(number)] = all.host->read(frame);
      all.host->api_->freeFrame(frame);
    } else {
      all.error = error;
    }
    if (--all.missing == 0) all.changed.notify_one();
  };
  for (int number = 0; number < count; ++number) api_->getFrameAsync(number, clip, on_frame, &arrivals);
  std::unique_lock lock(arrivals.mutex);
  arrivals.changed.wait(lock, [&arrivals] { return arrivals.missing == 0; });
  if (!arrivals.error.empty()) throw std::runtime_error(arrivals.error);
  return std::move(arrivals.frames);
}

}  // namespace transnet::test
