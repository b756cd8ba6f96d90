#include "claimed_files.hpp"

#include <utility>

#include "exit_status.hpp"
#include "output.hpp"

namespace command {

namespace fs = std::filesystem;

ClaimedFiles::ClaimedFiles(std::span<const fs::path> inputs) { protect(inputs); }

void ClaimedFiles::protect(std::span<const fs::path> inputs) {
  for (const auto& input : inputs) inputs_.insert(identity(input));
}

Claim ClaimedFiles::try_claim(const fs::path& file) {
  auto path = identity(file);
  if (inputs_.contains(path)) return Claim::is_input;
  return outputs_.insert(std::move(path)).second ? Claim::granted : Claim::is_taken;
}

void ClaimedFiles::claim(const std::string& file) {
  switch (try_claim(file)) {
    case Claim::granted: return;
    case Claim::is_input: throw UsageError("--output " + file + " would overwrite an input");
    case Claim::is_taken: throw UsageError("--output " + file + " would be written twice");
  }
}

}  // namespace command
