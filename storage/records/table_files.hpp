#pragma once
// How LevelDB reads its tables (internal to storage/records).
//
// By itself it maps them into memory and then keeps no block of them in its
// cache, so that each read of a record checks the checksum of a whole block
// anew, in software. Read with pread(2), a block is checked when it comes
// into the cache, and memory is what the cache is allowed to have.
#include <leveldb/env.h>

namespace weir::records {

/// LevelDB's own environment but for the tables. It lives as long as the process.
leveldb::Env* table_files();

} // namespace weir::records
