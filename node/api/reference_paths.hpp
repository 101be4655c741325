#pragma once
// Which files of the node's machine may be referred to. The node reads with
// its own rights, so a path that comes over HTTP is a way to other people's
// files (docs/decisions/0021-references.md): only below folders that the
// operator named, and never through a link at its end.
#include "messages/types/result.hpp"

#include <string>

namespace weir::api {

/// The whole path of the file, without links on the way to it. `roots` are
/// folders with ':' between them, whole and without links. errc::forbidden
/// where no root is above it; errc::invalid_argument for a path that is not
/// whole, a link, and what is no regular file; errc::not_found. Whether the
/// node may read it shows when it is opened.
result<std::string> allowed_reference(std::string_view roots, const std::string& file);

} // namespace weir::api
