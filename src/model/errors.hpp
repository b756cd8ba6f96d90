#pragma once

#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "transnet/error.hpp"

namespace transnet::model {

/// Runs `work`; whatever LibTorch throws leaves as Error(code) with `context` in front, so that none of its types
/// crosses the room's border.
template <typename Work>
decltype(auto) translating(ErrorCode code, const std::string& context, Work&& work) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    // c10::Error appends the C++ stack to its message, behind this line.
    const std::string_view what = error.what();
    throw Error(code, context + ": " + std::string(what.substr(0, what.find("\nException raised from"))));
  }
}

}  // namespace transnet::model
