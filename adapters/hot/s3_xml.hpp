#pragma once
// The little of XML that S3 answers with: elements without attributes that
// matter, text with the five entities. Not a parser of XML at large.
#include <string>
#include <string_view>
#include <vector>

namespace weir::hot {

/// What stands in each <name>…</name>, as it is.
std::vector<std::string_view> xml_elements(std::string_view text, std::string_view name);
/// Text of the first one, entities replaced; empty if there is none.
std::string xml_text(std::string_view text, std::string_view name);
std::string xml_escape(std::string_view text);

} // namespace weir::hot
