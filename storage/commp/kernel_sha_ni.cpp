// SHA-NI among SSE instructions, and nothing newer: for any processor that has it.
#include "storage/commp/sha_ni.hpp"

namespace weir::commp {

const kernel sha_ni_kernel{"sha-ni", hash_nodes, hash_chunk, sha256_lanes, 3};

} // namespace weir::commp
