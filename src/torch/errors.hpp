// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "transnet/error.hpp"

namespace transnet::libtorch {

/// Runs `work`. Turns every exception of LibTorch into Error(code) with `context` in front, so that none of its types
/// leaves the room. A lack of memory is Error(out_of_memory) or std::bad_alloc.
template <typename Work>
decltype(auto) translating(ErrorCode code, const std::string& context, Work&& work) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    // c10::Error appends the C++ stack to its message, after this line.
    const std::string_view what = error.what();
    // The interpreter and the allocators show a lack of memory only in their words.
    const auto says = [&](std::string_view words) { return what.find(words) != std::string_view::npos; };
    if (says("std::bad_alloc") || says("can't allocate memory") || says("out of memory")) {
      code = ErrorCode::out_of_memory;
    }
    throw Error(code, context + ": " + std::string(what.substr(0, what.find("\nException raised from"))));
  }
}

}  // namespace transnet::libtorch
