// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "nn/cpu/instruction_set.hpp"

/// Tests over the instruction sets have their names.
namespace transnet::nn::cpu {

inline void PrintTo(const InstructionSet& set, std::ostream* out) { *out << set.name; }

inline std::string name_of(const testing::TestParamInfo<InstructionSet>& set) { return std::string(set.param.name); }

}  // namespace transnet::nn::cpu
