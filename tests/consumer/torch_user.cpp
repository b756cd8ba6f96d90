// SPDX-License-Identifier: Apache-2.0
// This program is linked with the LibTorch backend, so the library finds the backend without a search.
#include <transnet/runtime_info.hpp>

#include <cstdio>

int main() {
  const auto torch = transnet::torch_info();
  std::printf("%s %s\n", torch.library.version.c_str(), torch.problem.c_str());
  return torch.is_available ? 0 : 1;
}
