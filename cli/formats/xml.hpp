// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pugixml.hpp>
#include <string>

namespace command {

/// An XML document with its declaration and, where the format has one, its document type.
[[nodiscard]] pugi::xml_document new_xml_document(const char* doctype = nullptr);

/// Adds <name>text</name>. `text` must be valid in XML 1.0: see `plain_text`.
pugi::xml_node add_text(pugi::xml_node parent, const char* name, const std::string& text);

[[nodiscard]] std::string to_text(const pugi::xml_document& document);

}  // namespace command
