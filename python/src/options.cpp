// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>

#include "pipeline/extractor_option_table.hpp"
#include "transnet/error.hpp"

namespace transnet::python {
namespace {

std::string repr_of(nb::handle value) { return nb::cast<std::string>(nb::repr(value)); }

[[noreturn]] void refuse_type(std::string_view name, const std::string& expected, nb::handle value) {
  throw nb::type_error((std::string(name) + " must be " + expected + ", not " + repr_of(value)).c_str());
}

template <typename>
inline constexpr bool is_optional = false;
template <typename Value>
inline constexpr bool is_optional<std::optional<Value>> = true;

template <typename Row>
std::string words_of(const Row& row) {
  std::string list;
  for (const auto& word : row.words) list.append(list.empty() ? "" : " or ").append("'").append(word.text).append("'");
  return list;
}

/// True or False, NumPy's included.
bool is_truth_value(nb::handle value) {
  if (PyBool_Check(value.ptr())) return true;
  const nb::object type = nb::getattr(value, "dtype", nb::none());
  return nb::getattr(type, "kind", nb::none()).equal(nb::str("b"));
}

/// A number of Python, NumPy's included, but no truth value, and no text or bytes, which `float` reads.
template <typename Number>
Number checked_number(std::string_view name, nb::handle value) {
  const char* expected = std::integral<Number> ? "a whole number" : "a number";
  const bool is_number = nb::hasattr(value, "__float__") || nb::hasattr(value, "__index__");
  if (!is_number || is_truth_value(value)) refuse_type(name, expected, value);
  if constexpr (std::integral<Number>) {
    const auto index = nb::steal(PyNumber_Index(value.ptr()));
    if (!index.is_valid()) {
      PyErr_Clear();
      refuse_type(name, expected, value);
    }
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
    if (overflow != 0 || number < std::numeric_limits<Number>::min() || number > std::numeric_limits<Number>::max()) {
      throw Error(ErrorCode::invalid_argument, std::string(name) + " is " + repr_of(value) + ": it is too large");
    }
    return static_cast<Number>(number);
  } else {
    const auto number = nb::steal(PyNumber_Float(value.ptr()));
    if (!number.is_valid()) {
      PyErr_Clear();
      refuse_type(name, expected, value);
    }
    return PyFloat_AsDouble(number.ptr());
  }
}

template <typename Row, typename Value>
void set(const Row& row, Value& field, nb::handle value) {
  if constexpr (std::same_as<Value, bool>) {
    const int truth = PyBool_Check(value.ptr()) ? PyObject_IsTrue(value.ptr()) : -1;
    if (truth < 0) refuse_type(row.name, "True or False", value);
    field = truth == 1;
  } else if constexpr (std::is_arithmetic_v<Value>) {
    field = checked_number<Value>(row.name, value);
  } else if constexpr (std::is_enum_v<Value>) {
    if (!nb::isinstance<nb::str>(value)) refuse_type(row.name, words_of(row), value);
    const auto word = text_of(row.name, value);
    for (const auto& known : row.words) {
      if (known.text == word) {
        field = known.value;
        return;
      }
    }
    throw Error(ErrorCode::invalid_argument,
                std::string(row.name) + " is " + repr_of(value) + ", expected " + words_of(row));
  } else if constexpr (std::same_as<Value, std::filesystem::path>) {
    field = value.is_none() ? std::string() : file_bytes(value);
  } else if constexpr (is_optional<Value>) {
    field = value.is_none() ? Value() : checked_number<typename Value::value_type>(row.name, value);
  } else if constexpr (std::same_as<Value, Device>) {
    if (!nb::isinstance<nb::str>(value)) refuse_type(row.name, "a device such as 'cpu'", value);
    field = Device::parse(text_of(row.name, value));
  } else {
    static_assert(std::same_as<Value, std::string>);
    field = text_of(row.name, value);
  }
}

template <typename Options>
void take_from(nb::dict& keywords, Options& options) {
  nb::list taken;
  for_each_option(options, [&](const auto& row, auto& field) {
    if constexpr (!std::same_as<std::remove_cvref_t<decltype(field)>, LogCallback>) {
      const nb::str name = text(row.name);
      if (!keywords.contains(name)) return;
      set(row, field, keywords[name]);
      taken.append(name);
    }
  });
  for (const nb::handle name : taken) {
    if (keywords.contains(name)) nb::del(keywords[name]);
  }
}

template <typename Row, typename Value>
nb::tuple described(const Row& row, const Value& value) {
  const auto described_as = [&](const char* type, const nb::object& standard) {
    nb::list words;
    for (const auto& word : row.words) words.append(text(word.text));
    return nb::make_tuple(text(row.name), type, standard, text(row.help), text(row.range.rule), words);
  };
  if constexpr (std::same_as<Value, bool>) {
    return described_as("bool", nb::bool_(value));
  } else if constexpr (std::integral<Value>) {
    return described_as("int", nb::int_(value));
  } else if constexpr (std::floating_point<Value>) {
    return described_as("float", nb::float_(value));
  } else if constexpr (std::is_enum_v<Value>) {
    nb::object standard = nb::none();
    for (const auto& word : row.words) {
      if (word.value == value) standard = text(word.text);
    }
    return described_as("word", standard);
  } else if constexpr (std::same_as<Value, std::filesystem::path>) {
    return described_as("path", nb::none());
  } else if constexpr (is_optional<Value>) {
    return described_as("int | None", nb::none());
  } else if constexpr (std::same_as<Value, Device>) {
    return described_as("str", text(value.to_string()));
  } else {
    return described_as("str", text(value));
  }
}

/// (name, type, value, help, rule, words) of each option, once.
template <typename Options>
nb::list table_of(const Options& options) {
  nb::list table;
  for_each_option(options, [&](const auto& row, const auto& value) {
    if constexpr (!std::same_as<std::remove_cvref_t<decltype(value)>, LogCallback>) {
      const nb::tuple line = described(row, value);
      // Of two rows with a name, the second has the text.
      if (row.help.empty() && row.name == "threads") return;
      table.append(line);
    }
  });
  return table;
}

template <typename Options>
nb::list defaults_of() {
  return table_of(Options{});
}

/// The options that a profile sets to other values than their defaults.
nb::dict options_of_profile(nb::handle word) {
  if (!nb::isinstance<nb::str>(word)) refuse_type("profile", "'reference' or 'accurate'", word);
  const std::string name = text_of("profile", word);
  for (const auto profile : {Profile::reference, Profile::accurate}) {
    if (name != to_string(profile)) continue;
    const nb::list defaults = defaults_of<ClipExtractorOptions>();
    const nb::list values = table_of(options_of(profile));
    nb::dict changed;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i][2].equal(defaults[i][2])) changed[values[i][0]] = values[i][2];
    }
    return changed;
  }
  throw Error(ErrorCode::invalid_argument, "profile is " + repr_of(word) + ", expected 'reference' or 'accurate'");
}

}  // namespace

void take_options(nb::dict& keywords, ClipExtractorOptions& options) { take_from(keywords, options); }
void take_options(nb::dict& keywords, DecisionOptions& options) { take_from(keywords, options); }
void take_options(nb::dict& keywords, DecodeOptions& options) { take_from(keywords, options); }
void take_options(nb::dict& keywords, ShotModelOptions& options) { take_from(keywords, options); }

std::int64_t whole_number_of(std::string_view name, nb::handle value) {
  return checked_number<std::int64_t>(name, value);
}

double number_of(std::string_view name, nb::handle value) { return checked_number<double>(name, value); }

BorderSnap snap_of(const nb::list& snap_to, nb::handle snap_frames) {
  BorderSnap snap;
  for (const nb::handle frame : snap_to) snap.frames.push_back(whole_number_of("a frame of snap_to", frame));
  snap.within_frames = whole_number_of("snap_frames", snap_frames);
  return snap;
}

std::string text_of(std::string_view name, nb::handle value) {
  if (!nb::isinstance<nb::str>(value)) refuse_type(name, "text", value);
  std::string text;
  if (!nb::try_cast(value, text)) {
    throw Error(ErrorCode::invalid_argument, std::string(name) + " is " + repr_of(value) + ": it is no valid text");
  }
  return text;
}

void refuse_rest(const nb::dict& keywords, const char* function) {
  if (keywords.size() == 0) return;
  const auto message =
      nb::module_::import_("transnet._options").attr("unknown_keyword")(function, *nb::list(keywords.keys()).begin());
  throw nb::type_error(nb::cast<std::string>(message).c_str());
}

void bind_options(nb::module_& module) {
  module.def("extractor_option_table", &defaults_of<ClipExtractorOptions>,
             "The options of ClipExtractor: (name, type, default, help, rule, words) of each.");
  module.def("options_of_profile", &options_of_profile, nb::arg("profile").none(),
             "The options that a profile sets to other values than their defaults.");
  module.def("decision_option_table", &defaults_of<DecisionOptions>, "The options of find_clips.");
  module.def("decode_option_table", &defaults_of<DecodeOptions>, "The options of read_frames.");
  module.def("model_option_table", &defaults_of<ShotModelOptions>, "The options of ShotModel.load.");
}

}  // namespace transnet::python
