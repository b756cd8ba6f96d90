// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "foreground.hpp"
#include "python.hpp"
#include "transnet/byte_reader.hpp"
#include "transnet/video_input.hpp"

namespace transnet::python {

/// A video of Python: a path, the bytes of a file, or an object with `read`. For one run on a Foreground.
class Input {
 public:
  /// `name` may be None for a path, and for a reader whose `name` is a text.
  /// @throws TypeError for other objects and for a missing name.
  Input(nb::object video, nb::object name);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  /// As in results.
  [[nodiscard]] const std::string& name() const noexcept { return name_.empty() ? path_ : name_; }
  [[nodiscard]] VideoInput on(Foreground& foreground);

 private:
  /// An object with `read`, and perhaps `seek` and `tell`, on the thread of Python.
  class Reader final : public ByteReader {
   public:
    explicit Reader(nb::object file) : file_(std::move(file)) {}
    void serve_with(Foreground& foreground) { foreground_ = &foreground; }

    std::size_t read(std::span<std::byte> buffer) override;
    std::optional<std::int64_t> size() override;
    void seek(std::int64_t position) override;

   private:
    nb::object file_;
    Foreground* foreground_ = nullptr;
  };

  std::string path_;
  std::string name_;
  std::optional<Py_buffer> buffer_;
  std::optional<Reader> reader_;
};

}  // namespace transnet::python
