// A process that fetches weights: fetch_weights MODEL_DIR URL SHA256. Prints the error's code and message.
#include <cstdio>

#include "transnet/error.hpp"
#include "transnet/weights.hpp"

int main(int count, char** arguments) {
  if (count != 4) return 2;
  try {
    transnet::FetchOptions options;
    options.url = arguments[2];
    options.sha256 = arguments[3];
    transnet::fetch_weights(arguments[1], options);
    return 0;
  } catch (const transnet::Error& error) {
    std::fprintf(stderr, "%s: %s\n", std::string(transnet::to_string(error.code())).c_str(), error.what());
    return 1;
  }
}
