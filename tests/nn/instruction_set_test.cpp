// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/instruction_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/dense_kernels.hpp"
#include "support/expect_error.hpp"

namespace transnet::nn::cpu {
namespace {

/// The features of the first processor, with Linux's names.
std::set<std::string> cpu_flags() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("flags")) continue;
    std::istringstream words(line.substr(line.find(':') + 1));
    return {std::istream_iterator<std::string>(words), {}};
  }
  return {};
}

TEST(InstructionSet, IsThereWhereTheSystemListsItsFeatures) {
  const auto flags = cpu_flags();
  if (flags.empty()) GTEST_SKIP() << "/proc/cpuinfo lists no flags of an x86 processor";
  const auto has_all = [&](std::initializer_list<const char*> names) {
    return std::ranges::all_of(names, [&](const char* name) { return flags.contains(name); });
  };
  EXPECT_TRUE(cpu_has(InstructionSet::generic));
  EXPECT_EQ(cpu_has(InstructionSet::avx2), has_all({"avx2", "fma"}));
  EXPECT_EQ(cpu_has(InstructionSet::avx512), has_all({"fma", "avx512f", "avx512vl", "avx512bw", "avx512dq"}));
  EXPECT_EQ(cpu_has(InstructionSet::avx512_bf16),
            has_all({"fma", "avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512_bf16"}));
}

TEST(InstructionSet, IsTheNewestWithoutALimit) {
  const auto newest = newest_instruction_set("");
  EXPECT_TRUE(cpu_has(newest));
  for (const auto set : instruction_sets) EXPECT_TRUE(set <= newest || !cpu_has(set)) << to_string(set);
}

TEST(InstructionSet, IsNoNewerThanTheLimit) {
  const auto newest = newest_instruction_set("");
  for (const auto limit : instruction_sets) {
    EXPECT_EQ(newest_instruction_set(to_string(limit)), std::min(limit, newest)) << to_string(limit);
  }
}

TEST(InstructionSet, RefusesALimitThatIsNone) {
  for (const char* limit : {"AVX2", "default", "none such"}) {
    test::expect_error(ErrorCode::invalid_argument, "expected generic, avx2, avx512 or avx512_bf16",
                       [&] { (void)newest_instruction_set(limit); });
  }
}

TEST(InstructionSet, IsLimitedByTheEnvironment) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a new process, because a process reads the variable only once
  for (const char* limit : {"generic", "avx2", "avx512", "avx512_bf16"}) {
    EXPECT_EXIT(
        {
          ::setenv("TRANSNET_INSTRUCTION_SET", limit, 1);
          std::exit(chosen_instruction_set() == newest_instruction_set(limit) ? 0 : 1);
        },
        testing::ExitedWithCode(0), "")
        << limit;
  }
}

TEST(InstructionSet, HasKernelsOfItsOwn) {
  for (const auto set : instruction_sets) {
    if (set == InstructionSet::generic || !cpu_has(set)) continue;
    EXPECT_NE(&fp32_kernels(set), &generic_kernels) << to_string(set);
    EXPECT_NE(&dense_kernels(set), &generic_dense_kernels) << to_string(set);
  }
}

TEST(InstructionSet, HasKernels) {
  EXPECT_EQ(&fp32_kernels(InstructionSet::generic), &generic_kernels);
  EXPECT_EQ(&dense_kernels(InstructionSet::generic), &generic_dense_kernels);
  EXPECT_EQ(bf16_kernels(InstructionSet::generic), nullptr);
#if defined(__x86_64__)
  EXPECT_EQ(&fp32_kernels(InstructionSet::avx2), &avx2_kernels);
  EXPECT_EQ(&fp32_kernels(InstructionSet::avx512), &avx512_kernels);
  EXPECT_EQ(&fp32_kernels(InstructionSet::avx512_bf16), &avx512_kernels);
  EXPECT_EQ(&dense_kernels(InstructionSet::avx2), &avx2_dense_kernels);
  EXPECT_EQ(&dense_kernels(InstructionSet::avx512), &avx512_dense_kernels);
  EXPECT_EQ(&dense_kernels(InstructionSet::avx512_bf16), &avx512_dense_kernels);
  EXPECT_EQ(bf16_kernels(InstructionSet::avx2), nullptr);
  EXPECT_EQ(bf16_kernels(InstructionSet::avx512), nullptr);
  EXPECT_EQ(bf16_kernels(InstructionSet::avx512_bf16), &avx512_bf16_kernels);
#endif
}

}  // namespace
}  // namespace transnet::nn::cpu
