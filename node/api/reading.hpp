#pragma once
// How handlers open what lies inside a content (node/api/files.cpp).
#include "node/api/bytes.hpp"

namespace weir::api {

/// Opens the path in the content that {id} names, for whoever may see it. The
/// ticket is the callee's to close.
void open_at(const call& c, std::string path, read_from from,
             std::function<void(const content&, const read_ticket&)> then);

/// "file", "dir", "symlink".
std::string_view kind_name(directory_entry::kind k);

/// ?from=local|provider
result<read_from> source_of(const call& c);

} // namespace weir::api
