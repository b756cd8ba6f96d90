// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "support/c_handles.hpp"
#include "transnet/transnet.h"

/// Calls of the C interface, with their statuses and messages.
namespace transnet::test {

/// A struct with its defaults.
template <typename Struct>
Struct defaults(transnet_status (*init)(Struct*, std::size_t)) {
  Struct value;
  EXPECT_EQ(init(&value, sizeof value), TRANSNET_OK);
  return value;
}

inline transnet_model_options fp32_on_cpu() {
  auto options = defaults(transnet_model_options_init);
  options.device = TRANSNET_DEVICE_CPU;
  options.precision = TRANSNET_PRECISION_FP32;
  return options;
}

/// A call that makes a handle, which must come to an end.
template <typename Handle, typename Make>
Owned<Handle> made(Make make) {
  Handle* handle = nullptr;
  std::array<char, 500> message{"?"};
  EXPECT_EQ(make(&handle, message.data(), message.size()), TRANSNET_OK) << message.data();
  EXPECT_NE(handle, nullptr);
  EXPECT_STREQ(message.data(), "");
  return Owned<Handle>(handle);
}

/// A call that makes a handle, which must fail.
template <typename Handle, typename Make>
void expect_failure(transnet_status status, const std::string& text, Make make) {
  auto* const old = reinterpret_cast<Handle*>(std::uintptr_t{16});
  Handle* handle = old;
  std::array<char, 500> message{};
  EXPECT_EQ(make(&handle, message.data(), message.size()), status) << message.data();
  EXPECT_EQ(handle, nullptr);
  EXPECT_THAT(message.data(), testing::HasSubstr(text));
}

inline Owned<transnet_model> load(const std::filesystem::path& file,
                                  const transnet_model_options& options = fp32_on_cpu()) {
  return made<transnet_model>([&](auto... out) { return transnet_model_load(file.c_str(), &options, out...); });
}

}  // namespace transnet::test
