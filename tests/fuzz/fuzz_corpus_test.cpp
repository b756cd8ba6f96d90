// SPDX-License-Identifier: Apache-2.0
// Runs the fuzzers' seeds and findings through the same entry points without a fuzzer. A broken promise ends the
// process: the input named last has caused it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "support/files.hpp"

// LLVMFuzzerTestOneInput of each source in fuzz/, renamed by the build.
extern "C" {
int fuzz_archive(const std::uint8_t* data, std::size_t size);
int fuzz_c_interface(const std::uint8_t* data, std::size_t size);
int fuzz_cache(const std::uint8_t* data, std::size_t size);
int fuzz_cut(const std::uint8_t* data, std::size_t size);
int fuzz_decisions(const std::uint8_t* data, std::size_t size);
int fuzz_decoder(const std::uint8_t* data, std::size_t size);
int fuzz_labels(const std::uint8_t* data, std::size_t size);
int fuzz_pickle(const std::uint8_t* data, std::size_t size);
int fuzz_predictions(const std::uint8_t* data, std::size_t size);
int fuzz_shot_lists(const std::uint8_t* data, std::size_t size);
}

namespace transnet::test {
namespace {

namespace fs = std::filesystem;

struct Fuzzer {
  const char* name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};

void PrintTo(const Fuzzer& fuzzer, std::ostream* out) { *out << fuzzer.name; }

std::vector<Fuzzer> fuzzers() {
  std::vector<Fuzzer> all{
      {"archive", fuzz_archive},         {"c_interface", fuzz_c_interface}, {"cache", fuzz_cache},
      {"decisions", fuzz_decisions},     {"decoder", fuzz_decoder},         {"pickle", fuzz_pickle},
      {"predictions", fuzz_predictions}, {"labels", fuzz_labels},           {"shot_lists", fuzz_shot_lists}};
  if constexpr (TRANSNET_TEST_HAS_CUT) all.push_back({"cut", fuzz_cut});
  return all;
}

class FuzzCorpus : public testing::TestWithParam<Fuzzer> {};

TEST_P(FuzzCorpus, HoldsEveryPromise) {
  const fs::path folder = fs::path(TRANSNET_FUZZ_CORPUS_DIR) / GetParam().name;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  ASSERT_FALSE(files.empty()) << folder;
  std::ranges::sort(files);
  for (const auto& file : files) {
    std::fprintf(stderr, "%s\n", file.c_str());
    const std::string bytes = read_file(file);
    EXPECT_EQ(GetParam().run(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, FuzzCorpus, testing::ValuesIn(fuzzers()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(FuzzCorpora, NoneIsLeftOut) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(TRANSNET_FUZZ_CORPUS_DIR)) names.push_back(entry.path().filename());
  std::vector<std::string> replayed;
  for (const auto& fuzzer : fuzzers()) replayed.emplace_back(fuzzer.name);
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(replayed));
}

}  // namespace
}  // namespace transnet::test
