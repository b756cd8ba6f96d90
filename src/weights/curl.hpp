// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

namespace transnet::weights {

/// The functions of libcurl that a download calls.
struct Curl {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_url) url = nullptr;
  decltype(&::curl_url_cleanup) url_cleanup = nullptr;
  decltype(&::curl_url_get) url_get = nullptr;
  decltype(&::curl_url_set) url_set = nullptr;
  decltype(&::curl_free) free = nullptr;
};

/// libcurl, which the program is linked with. With TRANSNET_STANDALONE, the first call loads the system's: TLS and its
/// certificates stay the system's business, and a machine without libcurl runs everything else. Thread-safe.
/// @throws Error(network) if libcurl cannot be loaded; the next call tries again.
const Curl& curl();

}  // namespace transnet::weights
