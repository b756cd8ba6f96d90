// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "foreground.hpp"
#include "input.hpp"
#include "model.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "python.hpp"
#include "results.hpp"
#include "transnet/clip_extractor.hpp"

namespace transnet::python {
namespace {

/// A message of the library for Python's logging.
struct Message {
  LogLevel level;
  std::string text;
};

/// The stage. Any number of threads may use it at once: each run has a ClipExtractor of its own over the shared model.
class Extractor {
 public:
  Extractor(nb::dict keywords, const Model* model) {
    take_options(keywords, options_);
    refuse_rest(keywords, "ClipExtractor");
    (void)validate(options_);
    if (model != nullptr) given_ = *model;
  }

  void setup() {
    renew_after_fork();
    Foreground::run([this](Foreground&) { (void)loaded(); });
  }

  void setup_on_node(nb::object progress) const {
    ProgressReport report(progress);
    Foreground::run([&](Foreground& foreground) {
      ClipExtractor(options_).setup_on_node(
          {.stop = foreground.stop(),
           .on_progress = [&](std::int64_t done, std::int64_t total) { report.tell(foreground, done, total); }});
    });
    report.deliver();
  }

  nb::dict extract(nb::object video, nb::object name, nb::object progress, nb::list snap_to, nb::object snap_frames) {
    const BorderSnap snap = snap_of(snap_to, snap_frames);
    VideoClips clips;
    run(std::move(video), std::move(name), progress,
        [&](ClipExtractor& extractor, const VideoInput& input, const RunControl& control) {
          clips = extractor.extract(input, control, snap);
        });
    return to_python(clips);
  }

  nb::dict predict(nb::object video, nb::object name, nb::object progress) {
    VideoPredictions predictions{.timeline = Timeline(1.0)};
    run(std::move(video), std::move(name), progress,
        [&](ClipExtractor& extractor, const VideoInput& input, const RunControl& control) {
          predictions = extractor.predict(input, control);
        });
    return to_python(std::move(predictions));
  }

  /// The given model, or the loaded one; loads it if nobody has.
  Model model() {
    setup();
    if (given_.model.get()) return given_;
    return {ForkSafe<const ShotModel>(current_.get())};
  }

 private:
  template <typename Work>
  void run(nb::object video, nb::object name, nb::handle progress, const Work& work) {
    renew_after_fork();
    Input input(std::move(video), std::move(name));
    ProgressReport report(progress);
    std::vector<Message> messages;
    Foreground::run([&](Foreground& foreground) {
      ClipExtractorOptions options = options_;
      options.log = [&](LogLevel level, std::string_view message) {
        messages.push_back({level, std::string(message)});
      };
      ClipExtractor extractor(std::move(options), loaded());
      const RunControl control{.stop = foreground.stop(), .on_progress = [&](const Progress& now) {
                                 report.tell(foreground, now.done_frames, now.expected_frames);
                               }};
      work(extractor, input.on(foreground), control);
    });
    report.deliver();
    if (messages.empty()) return;
    const nb::object log = nb::module_::import_("transnet._log").attr("log");
    for (const auto& message : messages) log(message.level == LogLevel::warning, file_text(message.text));
  }

  /// With the GIL. A thread that the fork has left behind may hold the mutex.
  void renew_after_fork() {
    const long generation = fork_generation();
    if (generation == mutex_generation_) return;
    mutex_generation_ = generation;
    new std::unique_ptr<std::mutex>(std::exchange(mutex_, std::make_unique<std::mutex>()));
  }

  /// From any thread. A forked child loads its own model, because the threads of the first one stay behind.
  std::shared_ptr<const ShotModel> loaded() {
    if (given_.model.get()) return given_.checked();
    const std::lock_guard lock(*mutex_);
    if (!current_.get() || current_.is_foreign()) {
      ClipExtractor loader(options_);
      loader.setup();
      current_ = ForkSafe<const ShotModel>(loader.model());
    }
    return current_.get();
  }

  ClipExtractorOptions options_;
  Model given_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  long mutex_generation_ = fork_generation();
  ForkSafe<const ShotModel> current_;
};

}  // namespace

void bind_extractor(nb::module_& module) {
  nb::class_<Extractor>(module, "Extractor", "From videos to clips.")
      .def(nb::init<nb::dict, const Model*>(), nb::arg("options"), nb::arg("model").none())
      .def("setup", &Extractor::setup)
      .def("setup_on_node", &Extractor::setup_on_node, nb::arg("progress").none())
      .def("model", &Extractor::model)
      .def("extract", &Extractor::extract, nb::arg("video").none(), nb::arg("name").none(), nb::arg("progress").none(),
           nb::arg("snap_to"), nb::arg("snap_frames").none())
      .def("predict", &Extractor::predict, nb::arg("video").none(), nb::arg("name").none(), nb::arg("progress").none());
}

}  // namespace transnet::python
