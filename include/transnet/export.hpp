// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Marks a symbol that programs outside the library may use; all other symbols are hidden.
#if defined(__GNUC__)
#define TRANSNET_API __attribute__((visibility("default")))
#else
#define TRANSNET_API
#endif
