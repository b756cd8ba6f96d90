// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace command {

/// Text of a manual page for man(7).
class Roff {
 public:
  /// Literal text: none of its letters is a request or an escape.
  [[nodiscard]] static std::string escaped(std::string_view text) {
    std::string result;
    for (const char letter : text) {
      const bool begins_line = result.empty() || result.back() == '\n';
      if (begins_line && (letter == '.' || letter == '\'')) result += "\\&";
      if (letter == '\\') {
        result += "\\e";
      } else if (letter == '-') {
        result += "\\-";
      } else if (letter == '\'') {
        result += "\\(aq";
      } else if (letter == '~') {
        result += "\\(ti";
      } else if (letter == '^') {
        result += "\\(ha";
      } else if (letter == '`') {
        result += "\\(ga";
      } else {
        result += letter;
      }
    }
    return result;
  }
  [[nodiscard]] static std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
  [[nodiscard]] static std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

  /// One line, which may be a request: the caller escapes.
  void line(std::string_view line) { (text_ += line) += '\n'; }
  void section(std::string_view title) { line(".SH " + escaped(title)); }
  void subsection(std::string_view title) { line(".SS " + escaped(title)); }
  void text(std::string_view text) { line(escaped(text)); }
  /// `term` is already escaped.
  void entry(const std::string& term, std::string_view text) {
    line(".TP");
    line(term);
    this->text(text);
  }
  void example(std::string_view lines) {
    line(".sp");
    line(".RS 4");
    line(".nf");
    text(lines);
    line(".fi");
    line(".RE");
  }

  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  std::string text_;
};

}  // namespace command
