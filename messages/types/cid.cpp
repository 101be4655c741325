#include "messages/types/cid.hpp"

#include "messages/types/varint.hpp"

namespace weir {

namespace {

constexpr std::size_t v0_size = 34;
constexpr std::size_t v0_text_size = 46;
/// More than any CID needs: 128 byte of digest in base 16, with its codes.
constexpr std::size_t text_limit = 320;

error bad_cid(std::string why, std::string value = {}) {
  return fail(errc::invalid_cid, "not a CID: " + std::move(why), std::move(value));
}

bool is_v0(bytes_view data) {
  return data.size() >= 2 && data[0] == hash_code::sha2_256 && data[1] == 32;
}

/// The lengths that a digest of this function may have.
bool digest_size_fits(std::uint64_t code, std::uint64_t size) {
  switch (code) {
  case hash_code::sha2_256:
  case hash_code::sha3_256:
  case hash_code::blake2b_256:
  case hash_code::sha2_256_trunc254_padded:
    return size == 32;
  case hash_code::sha2_512:
    return size == 64;
  case hash_code::fr32_sha256_trunc254_padbintree:
    return size >= 34 && size <= 42; // varint of the padding, height, root
  default:
    return size <= max_digest_size;
  }
}

/// Removes code, length and digest from the front of `in`.
status skip_multihash(bytes_view& in) {
  auto code = take_varint(in, multiformats_varint_max);
  if (!code)
    return bad_cid("its hash function is not a valid varint");
  auto size = take_varint(in, multiformats_varint_max);
  if (!size)
    return bad_cid("its digest length is not a valid varint");
  if (!digest_size_fits(*code, *size))
    return bad_cid("a digest of " + std::to_string(*size) + " bytes does not fit its hash function");
  if (in.size() < *size)
    return bad_cid("it is cut short");
  in = in.subspan(*size);
  return {};
}

/// The parts of a whole version 1 CID.
struct v1_parts {
  std::uint64_t codec;
  bytes_view multihash;
};

v1_parts split_v1(bytes_view data) {
  take_varint(data);
  auto codec = take_varint(data).value_or(0);
  return {codec, data};
}

} // namespace

cid cid::v0(bytes_view sha2_256_digest) {
  cid c;
  c.data_.reserve(v0_size);
  put_varint(c.data_, hash_code::sha2_256);
  put_varint(c.data_, 32);
  c.data_.append(as_text(sha2_256_digest));
  return c;
}

cid cid::v1(std::uint64_t codec, bytes_view multihash) {
  cid c;
  c.data_.reserve(1 + varint_size(codec) + multihash.size());
  put_varint(c.data_, 1);
  put_varint(c.data_, codec);
  c.data_.append(as_text(multihash));
  return c;
}

cid cid::v1(std::uint64_t codec, std::uint64_t hash_code, bytes_view digest) {
  cid c;
  c.data_.reserve(1 + varint_size(codec) + varint_size(hash_code) + varint_size(digest.size()) + digest.size());
  put_varint(c.data_, 1);
  put_varint(c.data_, codec);
  put_varint(c.data_, hash_code);
  put_varint(c.data_, digest.size());
  c.data_.append(as_text(digest));
  return c;
}

result<cid> cid::take(bytes_view& in) {
  auto rest = in;
  if (is_v0(rest)) {
    if (rest.size() < v0_size)
      return bad_cid("it is cut short");
    rest = rest.subspan(v0_size);
  } else {
    auto version = take_varint(rest, multiformats_varint_max);
    if (!version || *version != 1)
      return bad_cid("unknown version", version ? std::to_string(*version) : std::string{});
    if (!take_varint(rest, multiformats_varint_max))
      return bad_cid("its codec is not a valid varint");
    WEIR_CHECK(skip_multihash(rest));
  }
  cid c;
  c.data_ = as_text(in.first(in.size() - rest.size()));
  in = rest;
  return c;
}

result<cid> cid::from_bytes(bytes_view data) {
  WEIR_TRY(auto c, take(data));
  if (!data.empty())
    return bad_cid("bytes follow it", std::to_string(data.size()));
  return c;
}

result<cid> cid::parse(std::string_view text) {
  if (text.empty())
    return bad_cid("empty text");
  if (text.size() > text_limit)
    return fail(errc::invalid_cid, "not a CID: the text is too long", std::to_string(text.size()),
                std::to_string(text_limit));
  if (text.size() == v0_text_size && text.starts_with("Qm")) {
    auto data = base_decode(multibase::base58btc, text);
    if (!data || data->size() != v0_size || !is_v0(*data))
      return bad_cid("it starts as version 0 but is not", std::string{text});
    return from_bytes(*data);
  }
  auto decoded = multibase_decode(text);
  if (!decoded)
    return bad_cid(decoded.error().message, std::string{text});
  // Version 0 has one text only: a multibase prefix before it is an error.
  if (is_v0(decoded->data))
    return bad_cid("version 0 takes no multibase prefix", std::string{text});
  auto c = from_bytes(decoded->data);
  if (!c)
    c.error().value = text;
  return c;
}

int cid::version() const {
  return is_v0(data()) ? 0 : 1;
}

std::uint64_t cid::codec() const {
  return version() == 0 ? codec::dag_pb : split_v1(data()).codec;
}

std::uint64_t cid::hash_code() const {
  auto hash = multihash();
  return take_varint(hash).value_or(0);
}

bytes_view cid::multihash() const {
  return version() == 0 ? data() : split_v1(data()).multihash;
}

bytes_view cid::digest() const {
  auto hash = multihash();
  take_varint(hash);
  take_varint(hash);
  return hash;
}

std::string cid::text(multibase base) const {
  if (empty())
    return {};
  return version() == 0 ? base_encode(multibase::base58btc, data()) : multibase_encode(base, data());
}

std::string to_string(const cid& c) {
  return c.text();
}

} // namespace weir
