#include "claimed_files.hpp"

#include "exit_status.hpp"
#include "output.hpp"

namespace command {

namespace fs = std::filesystem;

ClaimedFiles::ClaimedFiles(std::span<const fs::path> inputs) { protect(inputs); }

void ClaimedFiles::protect(std::span<const fs::path> inputs) {
  for (const auto& input : inputs) inputs_.insert(identity(input));
}

void ClaimedFiles::claim(const std::string& file) {
  const auto path = identity(file);
  if (inputs_.contains(path)) throw UsageError("--output " + file + " would overwrite an input");
  if (!outputs_.insert(path).second) throw UsageError("--output " + file + " would be written twice");
}

}  // namespace command
