// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <exception>
#include <typeinfo>

#include "python.hpp"
#include "transnet/error.hpp"

namespace transnet::python {

void translate_errors() {
  nb::register_exception_translator([](const std::exception_ptr& exception, void*) {
    try {
      std::rethrow_exception(exception);
    } catch (const Error& error) {
      try {
        const nb::object python = nb::module_::import_("transnet.errors")
                                      .attr("error_of")(text(to_string(error.code())), file_text(error.what()));
        PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(python.ptr())), python.ptr());
      } catch (nb::python_error& import_error) {
        import_error.restore();
      }
    } catch (const std::bad_cast&) {  // of nb::cast
      PyErr_SetString(PyExc_TypeError, "a value has a wrong type");
    }
  });
}

}  // namespace transnet::python
