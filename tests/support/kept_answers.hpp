// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include "support/command.hpp"
#include "support/files.hpp"
#include "support/words.hpp"

/// Videos that the ffmpeg command made, and answers of the ffmpeg and ffprobe commands about them, kept in the build
/// folder: each start of a command takes 0.1 s, most of it for loading FFmpeg. Only the commands' answers about files
/// that the ffmpeg command made, or that exist for the tests, are kept: the truth, never a result of the tested code.
/// An answer belongs to the words of the command, the bytes of its files, and the installed commands.
namespace transnet::test {

inline std::string fingerprint(std::string_view bytes) {
  std::ostringstream text;
  text << std::hex << std::hash<std::string_view>{}(bytes) << "-" << bytes.size();
  return text.str();
}

inline std::string fingerprint(const Words& words) {
  std::string joined;
  for (const auto& word : words) joined += word + '\0';
  return fingerprint(joined);
}

/// Where a command is on the PATH, its size and its time: other ones after an update.
inline std::string installed_command(const std::string& name) {
  std::istringstream folders(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::error_code missing;
    const auto file = std::filesystem::canonical(std::filesystem::path(folder) / name, missing);
    if (missing) continue;
    return file.string() + " " + std::to_string(std::filesystem::file_size(file)) + " " +
           std::to_string(std::filesystem::last_write_time(file).time_since_epoch().count());
  }
  return "";
}

class KeptAnswers {
 public:
  static const KeptAnswers& of_build_folder() {
    static const KeptAnswers kept;
    return kept;
  }

  /// Keeps answers about the file from now on.
  void keep_about(const std::filesystem::path& file) const { keep_about_bytes(read_file(file)); }

  /// The words with the bytes of files in the place of their names, for it is the bytes that an answer depends on; or
  /// nothing, if it depends on a file about which no answers are kept.
  [[nodiscard]] std::optional<Words> question(Words words) const {
    const std::string temporary = std::filesystem::temp_directory_path().string();
    for (auto& word : words) {
      const std::filesystem::path file = word.starts_with("file:") ? word.substr(5) : word;
      std::error_code none;
      if (file.is_absolute() && std::filesystem::is_regular_file(file, none)) {
        word = fingerprint(read_file(file));
        if (!std::filesystem::exists(folder_ / "about" / word)) return std::nullopt;
        word += file.extension().string();
      } else if (word.find(temporary) != std::string::npos) {
        return std::nullopt;
      }
    }
    return words;
  }

  [[nodiscard]] std::filesystem::path place(const Words& question) const {
    return folder_ / fingerprint(question);
  }

  /// Several tests may keep the same answer at once.
  static void keep(const std::filesystem::path& place, std::string_view bytes) {
    const std::filesystem::path unfinished = place.string() + "." + std::to_string(getpid());
    write_file(unfinished, bytes);
    std::filesystem::rename(unfinished, place);
  }

  void keep_about_bytes(std::string_view bytes) const {
    std::filesystem::create_directories(folder_ / "about" / fingerprint(bytes));
  }

 private:
  KeptAnswers()
      : folder_(std::filesystem::path(TRANSNET_TEST_KEPT_ANSWERS_DIR) /
                fingerprint({installed_command("ffmpeg"), installed_command("ffprobe")})) {
    std::filesystem::create_directories(folder_);
  }

  std::filesystem::path folder_;
};

/// The output of a command about files, from the build folder if it has it.
inline CommandResult ask_command(const Words& words) {
  const auto& kept = KeptAnswers::of_build_folder();
  const auto question = kept.question(words);
  if (!question) return run_command(words);
  const auto out = kept.place(*question), err = kept.place(*question + Words{"messages"});
  if (std::filesystem::exists(out)) return {.exit_status = 0, .out = read_file(out), .err = read_file(err)};
  CommandResult result = run_command(words);
  constexpr std::size_t most_bytes = 4 << 20;
  if (result.exit_status == 0 && result.out.size() <= most_bytes) {
    KeptAnswers::keep(err, result.err);
    KeptAnswers::keep(out, result.out);
  }
  return result;
}

}  // namespace transnet::test
