#pragma once
// The chunkers that look at content (internal to storage/unixfs).
#include "storage/unixfs/chunker.hpp"

namespace weir::unixfs {

std::unique_ptr<chunker> make_rabin(const chunking& c);
std::unique_ptr<chunker> make_buzhash(const chunking& c);

} // namespace weir::unixfs
