// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include "command.hpp"

int main(int argc, char** argv) { return command::run({argv, static_cast<std::size_t>(argc)}); }
