// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"
#include "foreground.hpp"
#include "fork.hpp"
#include "python.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/version.hpp"

namespace transnet::python {

nb::str file_text(std::string_view bytes) {
  return nb::steal<nb::str>(PyUnicode_DecodeFSDefaultAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size())));
}

std::string file_bytes(nb::handle path) {
  PyObject* encoded = nullptr;
  if (PyUnicode_FSConverter(path.ptr(), &encoded) == 0) nb::raise_python_error();
  const auto owner = nb::steal<nb::bytes>(encoded);
  return {owner.c_str(), owner.size()};
}

}  // namespace transnet::python

NB_MODULE(_core, module) {
  using namespace transnet::python;
  transnet::silence_ffmpeg_log();  // this module has an FFmpeg of its own, or shares the system's with the interpreter
  nb::set_leak_warnings(false);    // objects may live to the end of the interpreter
  watch_forks();
  translate_errors();
  module.def("version", &transnet::version, "The version of the library.");
  bind_options(module);
  bind_model(module);
  bind_stream(module);
  bind_frames(module);
  bind_extractor(module);
  bind_decisions(module);
  bind_evaluation(module);
  bind_weights(module);
  bind_command(module);
  module.def("end_all", &Foreground::end_all, "Ends the work of all threads, before the interpreter ends.");
  nb::module_::import_("atexit").attr("register")(module.attr("end_all"));
}
