// SPDX-License-Identifier: Apache-2.0
// If the program is linked with the LibTorch backend, the library finds it without a search; else the library loads it.
#include <transnet/runtime_info.hpp>

#include <cstdio>

int main() {
  const auto torch = transnet::torch_info();
  std::printf("%s %s\n", torch.library.version.c_str(), torch.problem.c_str());
  return torch.is_available ? 0 : 1;
}
