// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "transnet/transnet.h"

namespace transnet::test {

struct FreeHandle {
  void operator()(transnet_model* model) const { transnet_model_free(model); }
  void operator()(transnet_stream* stream) const { transnet_stream_free(stream); }
  void operator()(transnet_result* result) const { transnet_result_free(result); }
  void operator()(transnet_cancel* cancel) const { transnet_cancel_free(cancel); }
};

/// Owns a handle of the C interface.
template <typename Handle>
using Owned = std::unique_ptr<Handle, FreeHandle>;

}  // namespace transnet::test
