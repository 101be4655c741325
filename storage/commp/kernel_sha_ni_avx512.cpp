// SHA-NI among AVX-512VL instructions, with its 32 registers.
#include "storage/commp/sha_ni.hpp"

namespace weir::commp {

const kernel sha_ni_avx512_kernel{"sha-ni-avx512", hash_nodes, hash_chunk, sha256_lanes, 3};

} // namespace weir::commp
