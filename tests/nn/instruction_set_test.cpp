// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/instruction_set.hpp"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "nn/cpu/kernel_tables.hpp"
#include "support/expect_error.hpp"

namespace transnet::nn::cpu {
namespace {

struct Expected {
  InstructionSet set;
  std::vector<std::string> features;  ///< with Linux's names
};

#if defined(__x86_64__)
constexpr const char* listed_names = "generic, avx2, avx512, avx512_bf16 or amx_bf16";
constexpr const char* feature_line = "flags";
const std::vector<Expected> expected_sets{
    {{"generic", nullptr, &generic_kernels, &generic_dense_kernels, nullptr}, {}},
    {{"avx2", nullptr, &avx2_kernels, &avx2_dense_kernels, nullptr}, {"avx2", "fma"}},
    {{"avx512", nullptr, &avx512_kernels, &avx512_dense_kernels, nullptr},
     {"fma", "avx512f", "avx512vl", "avx512bw", "avx512dq"}},
    {{"avx512_bf16", nullptr, &avx512_kernels, &avx512_dense_kernels, &avx512_bf16_kernels},
     {"fma", "avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512_bf16"}},
    {{"amx_bf16", nullptr, &avx512_kernels, &avx512_dense_kernels, &amx_bf16_kernels},
     {"fma", "avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512_bf16", "amx_tile", "amx_bf16"}}};
#elif defined(__aarch64__)
constexpr const char* listed_names = "generic, neon or neon_bf16";
constexpr const char* feature_line = "Features";
const std::vector<Expected> expected_sets{
    {{"generic", nullptr, &generic_kernels, &generic_dense_kernels, nullptr}, {}},
    {{"neon", nullptr, &neon_kernels, &neon_dense_kernels, nullptr}, {"asimd"}},
    {{"neon_bf16", nullptr, &neon_kernels, &neon_dense_kernels, &neon_bf16_kernels}, {"asimd", "bf16"}}};
#else
constexpr const char* listed_names = "generic";
constexpr const char* feature_line = "none";
const std::vector<Expected> expected_sets{
    {{"generic", nullptr, &generic_kernels, &generic_dense_kernels, nullptr}, {}}};
#endif

/// The features of the first processor, with Linux's names.
std::set<std::string> cpu_features() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(feature_line)) continue;
    std::istringstream words(line.substr(line.find(':') + 1));
    return {std::istream_iterator<std::string>(words), {}};
  }
  return {};
}

/// Linux gives the matrix tiles to processes that ask, and a sandbox may refuse.
bool may_use([[maybe_unused]] std::string_view set) {
#if defined(__x86_64__)
  constexpr long request_permission = 0x1023, tile_data = 18;
  if (set == "amx_bf16") return ::syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
#endif
  return true;
}

TEST(InstructionSet, IsThereWhereTheSystemListsItsFeatures) {
  const auto found = cpu_features();
  if (found.empty()) GTEST_SKIP() << "/proc/cpuinfo lists no features of this architecture";
  for (const auto& [expected, features] : expected_sets) {
    const auto set = std::ranges::find(instruction_sets(), expected.name, &InstructionSet::name);
    ASSERT_NE(set, instruction_sets().end()) << expected.name;
    const bool has_all = std::ranges::all_of(features, [&](const auto& name) { return found.contains(name); });
    EXPECT_EQ(set->cpu_has(), has_all && may_use(expected.name)) << expected.name;
  }
}

TEST(InstructionSet, IsTheNewestWithoutALimit) {
  const auto& newest = newest_instruction_set("");
  EXPECT_TRUE(newest.cpu_has());
  for (const auto& set : instruction_sets()) EXPECT_TRUE(&set <= &newest || !set.cpu_has()) << set.name;
}

TEST(InstructionSet, IsNoNewerThanTheLimit) {
  const auto& newest = newest_instruction_set("");
  for (const auto& limit : instruction_sets()) {
    EXPECT_EQ(&newest_instruction_set(limit.name), std::min(&limit, &newest)) << limit.name;
  }
}

TEST(InstructionSet, RefusesALimitThatIsNone) {
  for (const char* limit : {"GENERIC", "default", "none such"}) {
    test::expect_error(ErrorCode::invalid_argument,
                       std::string("TRANSNET_INSTRUCTION_SET \"") + limit + "\": expected " + listed_names,
                       [&] { (void)newest_instruction_set(limit); });
  }
}

TEST(InstructionSet, IsLimitedByTheEnvironment) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a new process, because a process reads the variable only once
  for (const auto& limit : instruction_sets()) {
    EXPECT_EXIT(
        {
          ::setenv("TRANSNET_INSTRUCTION_SET", std::string(limit.name).c_str(), 1);
          std::exit(&chosen_instruction_set() == &newest_instruction_set(limit.name) ? 0 : 1);
        },
        testing::ExitedWithCode(0), "")
        << limit.name;
  }
}

TEST(InstructionSet, HasKernels) {
  const auto sets = instruction_sets();
  ASSERT_EQ(sets.size(), expected_sets.size());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const auto& expected = expected_sets[i].set;
    EXPECT_EQ(sets[i].name, expected.name);
    EXPECT_EQ(sets[i].fp32, expected.fp32) << expected.name;
    EXPECT_EQ(sets[i].dense, expected.dense) << expected.name;
    EXPECT_EQ(sets[i].bf16, expected.bf16) << expected.name;
  }
}

}  // namespace
}  // namespace transnet::nn::cpu
