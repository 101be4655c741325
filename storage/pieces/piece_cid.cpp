#include "storage/pieces/piece_cid.hpp"

#include "messages/types/varint.hpp"

#include <algorithm>
#include <bit>

namespace weir {

namespace {

error not_a_piece(const cid& c) {
  return fail(errc::invalid_cid, "not a piece CID", c.empty() ? std::string{} : c.text());
}

constexpr std::size_t node_size = 32;
constexpr unsigned least_height = 2; ///< one quad
constexpr unsigned most_height = 31; ///< 64 GiB

piece_node as_node(bytes_view digest) {
  piece_node out;
  std::copy_n(digest.begin(), node_size, out.begin());
  return out;
}

} // namespace

cid piece_cid_v1(const piece_node& root) {
  return cid::v1(codec::fil_commitment_unsealed, hash_code::sha2_256_trunc254_padded, root);
}

cid piece_cid_v2(const commitment& c) {
  bytes digest;
  put_varint(digest, unpadded_size_of(c.padded_size) - c.payload_size);
  digest.push_back(static_cast<std::uint8_t>(std::countr_zero(c.padded_size / node_size)));
  digest.insert(digest.end(), c.root.begin(), c.root.end());
  return cid::v1(codec::raw, hash_code::fr32_sha256_trunc254_padbintree, digest);
}

bool is_piece_cid_v1(const cid& c) {
  return !c.empty() && c.version() == 1 && c.codec() == codec::fil_commitment_unsealed
         && c.hash_code() == hash_code::sha2_256_trunc254_padded && c.digest().size() == node_size
         && (c.digest().back() & 0xc0) == 0;
}

bool is_piece_cid_v2(const cid& c) {
  return parse_piece_cid_v2(c).ok();
}

result<piece_node> piece_root(const cid& c) {
  if (is_piece_cid_v1(c))
    return as_node(c.digest());
  WEIR_TRY(auto parsed, parse_piece_cid_v2(c));
  return parsed.root;
}

result<commitment> parse_piece_cid_v2(const cid& c) {
  if (c.empty() || c.version() != 1 || c.codec() != codec::raw
      || c.hash_code() != hash_code::fr32_sha256_trunc254_padbintree)
    return not_a_piece(c);
  auto digest = c.digest();
  auto padding = take_varint(digest, multiformats_varint_max);
  if (!padding || digest.size() != 1 + node_size || digest[0] < least_height || digest[0] > most_height
      || (digest.back() & 0xc0) != 0)
    return not_a_piece(c);
  commitment out;
  out.padded_size = std::uint64_t{node_size} << digest[0];
  if (*padding > unpadded_size_of(out.padded_size))
    return not_a_piece(c);
  out.payload_size = unpadded_size_of(out.padded_size) - *padding;
  out.root = as_node(digest.subspan(1));
  return out;
}

result<cid> to_piece_cid_v1(const cid& c) {
  WEIR_TRY(auto root, piece_root(c));
  return piece_cid_v1(root);
}

} // namespace weir
