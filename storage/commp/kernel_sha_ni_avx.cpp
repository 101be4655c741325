// SHA-NI among AVX instructions of three operands.
#include "storage/commp/sha_ni.hpp"

namespace weir::commp {

const kernel sha_ni_avx_kernel{"sha-ni-avx", hash_nodes, hash_chunk, sha256_lanes, 3};

} // namespace weir::commp
