// SPDX-License-Identifier: Apache-2.0
#include "formats/xml.hpp"

#include <sstream>

namespace command {

pugi::xml_document new_xml_document(const char* doctype) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  if (doctype != nullptr) document.append_child(pugi::node_doctype).set_value(doctype);
  return document;
}

pugi::xml_node add_text(pugi::xml_node parent, const char* name, const std::string& text) {
  auto child = parent.append_child(name);
  child.text() = text.c_str();
  return child;
}

std::string to_text(const pugi::xml_document& document) {
  std::ostringstream stream;
  document.save(stream, "  ", pugi::format_default, pugi::encoding_utf8);
  return stream.str();
}

}  // namespace command
