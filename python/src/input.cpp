// SPDX-License-Identifier: Apache-2.0
#include "input.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "options.hpp"
#include "transnet/error.hpp"

namespace transnet::python {
namespace {

bool is_path(nb::handle video) { return nb::isinstance<nb::str>(video) || nb::hasattr(video, "__fspath__"); }

std::string name_of(nb::handle name) {
  if (!nb::isinstance<nb::str>(name)) throw nb::type_error("the name of a video must be text");
  return file_bytes(name);
}

}  // namespace

Input::Input(nb::object video, nb::object name) {
  if (!name.is_none()) name_ = name_of(name);
  if (is_path(video)) {
    path_ = file_bytes(video);
    return;
  }
  if (nb::hasattr(video, "ndim") && nb::cast<int>(video.attr("ndim")) != 1) {
    throw nb::type_error(
        "a video must be a path, bytes, or an object with read(), not an array: a ShotStream takes frames");
  }
  if (PyObject_CheckBuffer(video.ptr()) != 0) {
    if (name.is_none()) throw nb::type_error("bytes of a video need a name=: the UUIDs of the clips contain it");
    buffer_.emplace();
    if (PyObject_GetBuffer(video.ptr(), &*buffer_, PyBUF_SIMPLE) != 0) {
      buffer_.reset();
      nb::raise_python_error();
    }
    return;
  }
  if (!nb::hasattr(video, "read")) {
    throw nb::type_error(
        ("a video must be a path, bytes, or an object with read(), not " + nb::cast<std::string>(nb::inst_name(video)))
            .c_str());
  }
  if (name.is_none()) {
    const nb::object own = nb::getattr(video, "name", nb::none());
    if (!nb::isinstance<nb::str>(own)) {
      throw nb::type_error("a video from an object without a name needs a name=: the UUIDs of the clips contain it");
    }
    name_ = name_of(own);
  }
  reader_.emplace(std::move(video));
}

Input::~Input() {
  if (buffer_) PyBuffer_Release(&*buffer_);
}

VideoInput Input::on(Foreground& foreground) {
  if (reader_) {
    reader_->serve_with(foreground);
    return VideoInput::of_reader(*reader_, name_);
  }
  if (buffer_) {
    return VideoInput::of_bytes({static_cast<const std::byte*>(buffer_->buf), static_cast<std::size_t>(buffer_->len)},
                                name_);
  }
  return VideoInput::of_file(path_, name_);
}

std::size_t Input::Reader::read(std::span<std::byte> buffer) {
  std::size_t count = 0;
  foreground_->call([&] {
    const nb::object chunk = file_.attr("read")(buffer.size());
    Py_buffer view;
    if (chunk.is_none()) throw nb::type_error("read() returned None: a file that does not block cannot be read");
    if (nb::isinstance<nb::str>(chunk)) throw nb::type_error("read() returned text: open the file in binary mode");
    if (PyObject_GetBuffer(chunk.ptr(), &view, PyBUF_SIMPLE) != 0) nb::raise_python_error();
    count = static_cast<std::size_t>(view.len);
    if (count > 0) std::memcpy(buffer.data(), view.buf, std::min(count, buffer.size()));
    PyBuffer_Release(&view);
  });
  return count;
}

std::optional<std::int64_t> Input::Reader::size() {
  std::optional<std::int64_t> size;
  foreground_->call([&] {
    if (!nb::hasattr(file_, "seek") || !nb::hasattr(file_, "tell")) return;
    if (nb::hasattr(file_, "seekable") && !nb::cast<bool>(file_.attr("seekable")())) return;
    file_.attr("seek")(0, 2);
    size = whole_number_of("the answer of tell()", file_.attr("tell")());
    file_.attr("seek")(0);
  });
  return size;
}

void Input::Reader::seek(std::int64_t position) {
  foreground_->call([&] { file_.attr("seek")(position); });
}

}  // namespace transnet::python
