// SPDX-License-Identifier: Apache-2.0
// Fetches weights in several processes at once: fetch_weights PROCESSES MODEL_DIR URL SHA256. Exit status 0 where all
// of them succeed; the others print their error's code and message. The processes are forked from one that has loaded
// LibTorch already, so that they really start at once.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "transnet/error.hpp"
#include "transnet/weights.hpp"

namespace {

int fetch(char** arguments) {
  try {
    transnet::FetchOptions options;
    options.url = arguments[1];
    options.sha256 = arguments[2];
    transnet::fetch_weights(arguments[0], options);
    return EXIT_SUCCESS;
  } catch (const transnet::Error& error) {
    std::fprintf(stderr, "%s: %s\n", std::string(transnet::to_string(error.code())).c_str(), error.what());
    return EXIT_FAILURE;
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  for (int others = std::atoi(arguments[1]) - 1; others > 0; --others) {
    const pid_t child = fork();
    if (child < 0) return 3;
    if (child == 0) return fetch(arguments + 2);
  }
  int result = fetch(arguments + 2);
  for (int status = 0; wait(&status) > 0;) {
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) result = EXIT_FAILURE;
  }
  return result;
}
