// SPDX-License-Identifier: Apache-2.0
#include "io/resume_journal.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/counted.hpp"
#include "io/json_input.hpp"
#include "io/output.hpp"
#include "io/run_settings.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

constexpr std::string_view kind = "transnet.part/";
constexpr std::string_view magic = "transnet.part/2\t";

/// "STATUS<tab>VIDEO<tab>STAMP<tab>TEXT" at an offset in the file; empty for any other line.
std::optional<ResumeJournal::Entry> parse_entry(std::string_view line, std::uint64_t offset) {
  std::array<std::string_view, 3> cells;
  std::size_t begin = 0;
  for (auto& cell : cells) {
    const auto end = line.find('\t', begin);
    if (end == std::string_view::npos) return std::nullopt;
    cell = line.substr(begin, end - begin);
    begin = end + 1;
  }
  const auto status = transnet::parse_status(cells[0]);
  if (!status) return std::nullopt;
  return ResumeJournal::Entry{unescape_line(cells[1]), std::string(cells[2]), *status, offset + begin,
                              line.size() - begin};
}

/// "found.jsonl.part" -> "found.jsonl.resume"
std::filesystem::path finished_name(std::filesystem::path part_file) { return part_file.replace_extension(".resume"); }

bool is_journal(const std::filesystem::path& file) {
  std::string start(kind.size(), '\0');
  return std::ifstream(file, std::ios::binary).read(start.data(), static_cast<std::streamsize>(start.size())) &&
         start == kind;
}

/// A discarded value unless the text is JSON of a usual depth.
Json parse_settings(std::string_view text) {
  try {
    return Json::parse(text, is_shallow, /*allow_exceptions=*/false);
  } catch (const JsonMistake&) {
    return {Json::value_t::discarded};
  }
}

}  // namespace

std::string escape_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '%' || c == '\t' || c == '\n' || c == '\r') {
      line += fmt::format("%{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      line += c;
    }
  }
  return line;
}

std::string unescape_line(std::string_view line) {
  std::string text;
  for (std::size_t at = 0; at < line.size(); ++at) {
    unsigned char byte = 0;
    const auto* const code = line.data() + at + 1;
    if (line[at] == '%' && at + 2 < line.size() && std::from_chars(code, code + 2, byte, 16).ec == std::errc{}) {
      text += static_cast<char>(byte);
      at += 2;
    } else {
      text += line[at];
    }
  }
  return text;
}

void remove_record(const std::filesystem::path& part_file) {
  const auto record = finished_name(part_file);
  if (is_journal(record)) ::unlink(record.c_str());
}

ResumeJournal::ResumeJournal(std::filesystem::path file, const Json& settings, bool resumes)
    : file_(std::move(file)), resumes_(resumes) {
  const auto part_file = file_;
  std::error_code ignored;
  const bool was_finished = resumes && !std::filesystem::exists(part_file, ignored) &&
                            std::filesystem::exists(finished_name(part_file), ignored);
  if (was_finished) file_ = finished_name(part_file);
  open_and_lock();
  read_all(settings);
  if (was_finished) {
    if (::rename(file_.c_str(), part_file.c_str()) != 0) fail_to_write(part_file.native(), errno);
    file_ = part_file;
  }
  if (!before_.empty()) return;
  is_empty_ = true;
  if (::ftruncate(descriptor_.number(), 0) != 0) fail_to_write(file_.native(), errno);
  size_ = 0;
  write(std::string(magic) + to_line(settings) + "\n");
}

ResumeJournal::~ResumeJournal() {
  if (descriptor_ && is_empty_) ::unlink(file_.c_str());
}

void ResumeJournal::open_and_lock() {
  while (true) {
    descriptor_ = transnet::base::FileDescriptor(::open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (!descriptor_) fail_to_write(file_.native(), errno);
    const bool is_locked = ::flock(descriptor_.number(), LOCK_EX | LOCK_NB) == 0;
    if (!is_locked && errno == EWOULDBLOCK) {
      throw transnet::Error(transnet::ErrorCode::io, file_.native() + " is being written by another run");
    }
    // If the file has no name any more, a run that just ended has removed it. Without locks there is nothing to wait
    // for.
    struct stat status {};
    if (::fstat(descriptor_.number(), &status) == 0 && status.st_nlink > 0) return;
  }
}

void ResumeJournal::read_all(const Json& settings) {
  std::ifstream stream(file_, std::ios::binary);
  std::string line;
  // A line without its end was cut off: ignore it.
  const auto next_line = [&] { return std::getline(stream, line) && !stream.eof(); };
  const bool has_settings = next_line();
  // A run that was killed at once has left a part of the first line.
  if (!line.starts_with(magic) && (has_settings || !magic.starts_with(line))) {
    const auto* const reason =
        line.starts_with(kind)
            ? " was written by another version of transnet: continue with that version, or remove the file"
            : " is not the file of an interrupted run: remove it, or choose another --output";
    throw UsageError(file_.native() + reason);
  }
  if (!has_settings) return;
  const Json made_with = parse_settings(std::string_view(line).substr(magic.size()));
  size_ = line.size() + 1;
  while (next_line()) {
    auto entry = parse_entry(line, size_);
    if (!entry) break;
    before_.push_back(std::move(*entry));
    size_ += line.size() + 1;
  }
  if (before_.empty()) return;
  is_empty_ = false;
  if (!resumes_) {
    throw UsageError(fmt::format("{} holds {} of an interrupted run: continue with --resume, or remove the file",
                                 file_.native(), transnet::base::counted(before_.size(), "result")));
  }
  if (const auto difference = settings_difference(made_with, settings)) {
    throw UsageError(
        fmt::format("--resume: {} was begun with other options ({}): use the same options, or remove the file",
                    file_.native(), *difference));
  }
  if (::ftruncate(descriptor_.number(), static_cast<off_t>(size_)) != 0) fail_to_write(file_.native(), errno);
}

ResumeJournal::Entry ResumeJournal::append(const std::string& video, const std::string& stamp, transnet::Status status,
                                           std::string_view text) {
  const auto head = fmt::format("{}\t{}\t{}\t", to_string(status), escape_line(video), stamp);
  Entry entry{video, stamp, status, size_ + head.size(), text.size()};
  write(fmt::format("{}{}\n", head, text));
  is_empty_ = false;
  return entry;
}

std::string ResumeJournal::read(const Entry& entry) const {
  std::string text(entry.bytes, '\0');
  if (transnet::base::read_at(descriptor_.number(), static_cast<std::int64_t>(entry.offset), text) != text.size()) {
    throw transnet::Error(transnet::ErrorCode::io, "cannot read " + file_.native());
  }
  return text;
}

void ResumeJournal::finish() {
  if (!resumes_) {
    remove_record(file_);
    ::unlink(file_.c_str());
  } else if (const auto finished = finished_name(file_); ::rename(file_.c_str(), finished.c_str()) != 0) {
    fail_to_write(finished.native(), errno);
  }
  (void)descriptor_.close();
}

void ResumeJournal::write(std::string_view bytes) {
  write_all(descriptor_.number(), bytes, file_.native());
  size_ += bytes.size();
}

}  // namespace command
