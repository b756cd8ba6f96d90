#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace command {

/// Writes all of it. `name` is for messages. @throws transnet::Error
void write_all(int descriptor, std::string_view bytes, const std::string& name);

/// @throws transnet::Error that says why the system cannot write `name`.
[[noreturn]] void fail_to_write(const std::string& name, int error);

/// Two names of one file are one; a file that is not there yet has one all the same.
[[nodiscard]] std::filesystem::path identity(const std::filesystem::path& file);

/// The descriptor that a name such as /dev/stdout, /dev/fd/3 or a link to one stands for; empty: it is another file.
[[nodiscard]] std::optional<int> descriptor_of(const std::filesystem::path& file);

/// Whether files can be made in a folder. @throws transnet::Error
void check_folder(const std::filesystem::path& folder);

/// Where results go: a file that appears under its name when it is whole and not before, or standard output.
class Output {
 public:
  /// `file`: empty or "-" = standard output. Devices, pipes and what `descriptor_of` knows are written
  /// in place.
  /// Whether it takes the place of a file that the run reads is for `ProtectedFiles` to say.
  /// @throws transnet::Error where it cannot be written, or is there already and may not be overwritten.
  explicit Output(const std::filesystem::path& file = {}, bool overwrites = true);
  /// Removes what was not committed.
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  [[nodiscard]] bool is_terminal() const;

  /// @throws transnet::Error
  void write(std::string_view bytes);

  /// Gives the file its name. @throws transnet::Error
  void commit();

 private:
  void open_temporary();
  void rename_temporary();

  std::string name_;  // for messages
  bool overwrites_;
  std::filesystem::path target_;     // empty: written in place
  std::filesystem::path temporary_;  // empty: there is none (any more)
  int descriptor_ = -1;
};

}  // namespace command
