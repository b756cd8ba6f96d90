// SPDX-License-Identifier: Apache-2.0
#include "weights/curl.hpp"

#if TRANSNET_LOADS_LIBCURL
#include <dlfcn.h>

#include <array>
#include <string>

#include "transnet/error.hpp"
#endif

namespace transnet::weights {
namespace {

#if TRANSNET_LOADS_LIBCURL

/// The newest interface since 2006. Debian has it twice, over two libraries for TLS.
constexpr std::array library_names = {"libcurl.so.4", "libcurl-gnutls.so.4"};

/// The handle stays open as long as the process: libcurl has state that nobody takes down.
void* open_library() {
  std::string problem;
  for (const char* name : library_names) {
    if (void* handle = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) return handle;
    if (problem.empty()) problem = ::dlerror();  // NOLINT(concurrency-mt-unsafe): a text per thread
  }
  throw Error(ErrorCode::network,
              "downloads need libcurl, which cannot be loaded (" + problem + "): install it (Debian: libcurl4)");
}

template <typename Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr)
    throw Error(ErrorCode::network, std::string("the installed libcurl is too old: it lacks ") + name);
}

Curl functions() {
  void* library = open_library();
  Curl curl;
  find(library, "curl_global_init", curl.global_init);
  find(library, "curl_easy_init", curl.easy_init);
  find(library, "curl_easy_cleanup", curl.easy_cleanup);
  find(library, "curl_easy_setopt", curl.easy_setopt);
  find(library, "curl_easy_getinfo", curl.easy_getinfo);
  find(library, "curl_easy_perform", curl.easy_perform);
  find(library, "curl_easy_strerror", curl.easy_strerror);
  find(library, "curl_url", curl.url);
  find(library, "curl_url_cleanup", curl.url_cleanup);
  find(library, "curl_url_get", curl.url_get);
  find(library, "curl_url_set", curl.url_set);
  find(library, "curl_free", curl.free);
  return curl;
}

#else

Curl functions() {
  return {::curl_global_init,  ::curl_easy_init,    ::curl_easy_cleanup,  ::curl_easy_setopt,
          ::curl_easy_getinfo, ::curl_easy_perform, ::curl_easy_strerror, ::curl_url,
          ::curl_url_cleanup,  ::curl_url_get,      ::curl_url_set,       ::curl_free};
}

#endif

}  // namespace

const Curl& curl() {
  static const Curl loaded = functions();
  return loaded;
}

}  // namespace transnet::weights
