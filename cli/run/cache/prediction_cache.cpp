// SPDX-License-Identifier: Apache-2.0
#include "run/cache/prediction_cache.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <cstdlib>

#include <exception>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/device.hpp"
#include "base/file_descriptor.hpp"
#include "base/sha256.hpp"
#include "base/whole_file.hpp"
#include "formats/json_text.hpp"
#include "formats/option_values.hpp"
#include "io/output.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "run/cache/answers_entry.hpp"
#include "run/cache/predictions_entry.hpp"
#include "run/cache/sealed_entry.hpp"
#include "run/console.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"
#include "transnet/ffmpeg_info.hpp"
#include "transnet/runtime_info.hpp"
#include "transnet/version.hpp"
#include "transnet/weights.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view predictions_ending = ".predictions";
constexpr std::string_view answers_ending = ".answers";  // of a run that was cancelled

/// Other versions may decode to other bytes or round differently.
Json versions_of_libraries(const transnet::ClipExtractorOptions& stage, const std::string& model_sha256) {
  Json versions = Json::object();
  for (const auto& library : transnet::ffmpeg_libraries()) versions[library.name] = library.version;
  // On a CPU, published weights do not need LibTorch; another file may be a TorchScript model.
  if (!transnet::is_published(model_sha256) || transnet::base::may_be_cuda(stage.model.device)) {
    const auto torch = transnet::torch_info(stage.model.torch_backend);
    if (torch.is_available) versions[torch.library.name] = torch.library.version;
  }
  return versions;
}

/// Everything except the file that affects the probabilities. Time limits are left out: a cached result takes no time.
std::string settings_of(const transnet::ClipExtractorOptions& stage, const std::string& model_sha256) {
  return to_line({{"version", transnet::version()},
                  {"libraries", versions_of_libraries(stage, model_sha256)},
                  {"model", model_sha256},
                  {"options", option_values(stage, transnet::Affects::predictions)}});
}

/// The bytes of a regular file if its size is possible for an entry; empty otherwise.
std::string read_entry(const fs::path& file) {
  const transnet::base::FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!descriptor || ::fstat(descriptor.number(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0 ||
      static_cast<std::size_t>(status.st_size) > max_entry_bytes) {
    return "";
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  bytes.resize(transnet::base::read_at(descriptor.number(), 0, bytes));
  return bytes;
}

/// Replaces any file with the entry's name and follows no link. Readers check the sha256 of an entry, so a partial file
/// after a power cut does no harm.
void write_entry(const fs::path& file, std::string_view bytes) {
  make_folder_of(file);
  transnet::base::WholeFile entry(file, file.native(), true, transnet::base::WholeFile::Durability::cached);
  entry.write(bytes);
  entry.commit();
}

/// What names the folder to the user: the option, or the variable with its value.
std::string_view name_of_folder(const fs::path& folder) {
  constexpr const char* variable = "TRANSNET_CACHE";
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
  const char* value = std::getenv(variable);
  return value != nullptr && folder == value ? variable : "--cache";
}

}  // namespace

PredictionCache::PredictionCache(fs::path folder, const transnet::ClipExtractorOptions& stage,
                                 const std::string& model_sha256)
    : folder_(std::move(folder)), settings_(settings_of(stage, model_sha256)) {
  std::error_code ignored;
  if (fs::exists(folder_, ignored) && !fs::is_directory(folder_, ignored)) {
    throw UsageError(fmt::format("{} {}: it is not a folder", name_of_folder(folder_), folder_.native()));
  }
}

std::optional<PredictionCache::Key> PredictionCache::key_of(const fs::path& video) const {
  auto state = state_of_file(video);
  if (!state) return std::nullopt;
  return Key{transnet::base::sha256_of(settings_ + "\n" + state->identity), std::move(*state)};
}

std::optional<transnet::VideoPredictions> PredictionCache::find(const Key& key, const fs::path& video) const {
  return decode_predictions(read_entry(file_of(key, predictions_ending)), key.name, video.native());
}

void PredictionCache::keep(const Key& key, const fs::path& video, const transnet::VideoPredictions& predictions) {
  if (!is_written_ || predictions.status != transnet::Status::complete || !is_unchanged(key.state, video)) return;
  if (!write(file_of(key, predictions_ending), encode_predictions(key.name, predictions))) return;
  std::error_code ignored;
  fs::remove(file_of(key, answers_ending), ignored);
}

transnet::NetworkAnswers PredictionCache::find_answers(const Key& key) const {
  return decode_answers(read_entry(file_of(key, answers_ending)), key.name).value_or(transnet::NetworkAnswers{});
}

bool PredictionCache::keep_answers(const Key& key, const fs::path& video, const transnet::NetworkAnswers& answers) {
  if (!is_written_ || answers.first_look.single.empty() || !is_unchanged(key.state, video)) return false;
  return write(file_of(key, answers_ending), encode_answers(key.name, answers));
}

fs::path PredictionCache::file_of(const Key& key, std::string_view ending) const {
  // Subfolders keep folders from getting slow with too many files.
  return folder_ / key.name.substr(0, 2) / (key.name.substr(2) + std::string(ending));
}

bool PredictionCache::write(const fs::path& file, std::string_view bytes) {
  if (bytes.empty()) return false;
  try {
    write_entry(file, bytes);
    return true;
  } catch (const std::exception& error) {
    if (is_written_.exchange(false)) {
      log(transnet::LogLevel::warning, fmt::format("the cache keeps nothing more: {}", error.what()));
    }
    return false;
  }
}

}  // namespace command
