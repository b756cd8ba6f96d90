// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "c/status.hpp"
#include "transnet/error.hpp"

/// The border between C and C++: turns errors into statuses and texts, and checks the numbers of the caller.
namespace transnet::c {

/// The caller's buffer for a text that ends with a zero; it may be empty.
class Message {
 public:
  Message(char* text, std::size_t bytes) noexcept : text_(text), bytes_(text == nullptr ? 0 : bytes) {}
  explicit Message(std::span<char> memory) noexcept : Message(memory.data(), memory.size()) {}

  /// Truncates the text to fit, between characters of UTF-8.
  void write(std::string_view message) const noexcept {
    if (bytes_ == 0) return;
    std::size_t count = std::min(message.size(), bytes_ - 1);
    const auto is_within_character = [&](std::size_t at) {
      return (static_cast<unsigned char>(message[at]) & 0xC0U) == 0x80U;
    };
    if (count < message.size()) {
      while (count > 0 && is_within_character(count)) --count;
    }
    std::copy_n(message.data(), count, text_);
    text_[count] = '\0';
  }

 private:
  char* text_;
  std::size_t bytes_;
};

/// Runs `work`, and turns every exception into a status and a message.
template <typename Work>
transnet_status guarded(const Message& message, Work work) noexcept {
  const auto fail = [&message](ErrorCode code, std::string_view text) {
    message.write(text);
    return status_of(code);
  };
  try {
    work();
    message.write({});
    return TRANSNET_OK;
  } catch (const Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::out_of_memory, "out of memory");
  } catch (const std::exception& error) {
    return fail(ErrorCode::internal, error.what());
  } catch (...) {
    return fail(ErrorCode::internal, "an exception of an unknown type");
  }
}

[[noreturn]] inline void refuse(const std::string& message) { throw Error(ErrorCode::invalid_argument, message); }

/// Dereferences a pointer of the caller. @throws Error(invalid_argument) that names it if it is null.
template <typename Value>
Value& require(Value* pointer, std::string_view name) {
  if (pointer == nullptr) refuse(std::string(name) + " is null");
  return *pointer;
}

/// For functions that create a handle: `make` returns it as a std::unique_ptr. If `make` throws, `out` is null.
template <typename Handle, typename Make>
transnet_status make_handle(Handle** out, std::string_view name, const Message& message, Make make) noexcept {
  if (out != nullptr) *out = nullptr;
  return guarded(message, [&] {
    Handle*& handle = require(out, name);
    handle = make().release();
  });
}

/// @throws Error(invalid_argument) unless the number is 0 or 1.
inline bool to_bool(std::int32_t number, std::string_view name) {
  if (number == 0 || number == 1) return number == 1;
  refuse(std::string(name) + " is " + std::to_string(number) + ", it must be 0 or 1");
}

/// @throws Error(invalid_argument) if the number is out of the range of int.
inline int to_int(std::int64_t number, std::string_view name) {
  if (number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max()) {
    return static_cast<int>(number);
  }
  refuse(std::string(name) + " is " + std::to_string(number) + ", which is out of range");
}

/// The numbers of the values of an enumeration.
template <typename Value, std::size_t count>
using Numbers = std::array<std::pair<std::int32_t, Value>, count>;

/// @throws Error(invalid_argument) for a number without a value.
template <typename Value, std::size_t count>
Value value_of(std::int32_t number, const Numbers<Value, count>& numbers, std::string_view name) {
  for (const auto& [known, value] : numbers) {
    if (known == number) return value;
  }
  refuse(std::string(name) + " is " + std::to_string(number) + ", which is not a known value");
}

template <typename Value, std::size_t count>
std::int32_t number_of(Value value, const Numbers<Value, count>& numbers) {
  return std::ranges::find(numbers, value, &std::pair<std::int32_t, Value>::second)->first;
}

}  // namespace transnet::c
