#include "storage/hash/digest.hpp"

#include <algorithm>
#include <new>

#include <blake2.h>
#include <openssl/evp.h>

namespace weir {

namespace {

/// OpenSSL fails here only when there is no memory, or no provider at all.
void need(bool ok) {
  if (!ok)
    throw std::bad_alloc{};
}

struct evp_context {
  EVP_MD_CTX* ctx = EVP_MD_CTX_new();
  evp_context() { need(ctx != nullptr); }
  evp_context(const evp_context&) = delete;
  evp_context& operator=(const evp_context&) = delete;
  ~evp_context() { EVP_MD_CTX_free(ctx); }
};

const EVP_MD* fetched(const char* name) {
  const EVP_MD* digest = EVP_MD_fetch(nullptr, name, nullptr);
  need(digest != nullptr);
  return digest; // kept for the life of the process
}

/// Nothing for what is not OpenSSL's.
const EVP_MD* evp_digest(std::uint64_t hash_code) {
  static const EVP_MD* sha256 = fetched("SHA2-256");
  static const EVP_MD* sha512 = fetched("SHA2-512");
  static const EVP_MD* sha3 = fetched("SHA3-256");
  switch (hash_code) {
  case hash_code::sha2_256:
    return sha256;
  case hash_code::sha2_512:
    return sha512;
  case hash_code::sha3_256:
    return sha3;
  default:
    return nullptr;
  }
}

void evp_hash(const EVP_MD* digest, bytes_view data, std::uint8_t* out) {
  thread_local evp_context context;
  need(EVP_DigestInit_ex2(context.ctx, digest, nullptr) == 1
       && EVP_DigestUpdate(context.ctx, data.data(), data.size()) == 1
       && EVP_DigestFinal_ex(context.ctx, out, nullptr) == 1);
}

error unsupported(std::uint64_t hash_code) {
  return fail(
      errc::unsupported, "Weir does not compute this hash function", "0x" + [&] {
        bytes big_endian;
        for (int shift = 56; shift >= 0; shift -= 8)
          if (auto byte = static_cast<std::uint8_t>(hash_code >> shift); byte != 0 || !big_endian.empty())
            big_endian.push_back(byte);
        return to_hex(big_endian);
      }());
}

} // namespace

sha256_digest sha2_256(bytes_view data) {
  sha256_digest out;
  evp_hash(evp_digest(hash_code::sha2_256), data, out.data());
  return out;
}

void blake2b(std::span<std::uint8_t> out, bytes_view data) {
  need(::blake2b(out.data(), data.data(), nullptr, out.size(), data.size(), 0) == 0);
}

bool hash_supported(std::uint64_t code) {
  return code == hash_code::identity || code == hash_code::blake2b_256 || evp_digest(code) != nullptr;
}

result<hash_digest> digest_of(std::uint64_t code, bytes_view data) {
  if (const auto* evp = evp_digest(code)) {
    hash_digest out{static_cast<std::size_t>(EVP_MD_get_size(evp))};
    evp_hash(evp, data, out.span().data());
    return out;
  }
  if (code == hash_code::blake2b_256) {
    hash_digest out{32};
    blake2b(out.span(), data);
    return out;
  }
  if (code != hash_code::identity)
    return unsupported(code);
  if (data.size() > max_digest_size)
    return fail(errc::too_large, "too long to be its own hash", std::to_string(data.size()),
                std::to_string(max_digest_size));
  hash_digest out{data.size()};
  std::copy(data.begin(), data.end(), out.span().begin());
  return out;
}

struct hash_stream::state {
  const EVP_MD* evp = nullptr; ///< BLAKE2b without one
  evp_context context;
  blake2b_state blake{};

  void start() {
    if (evp != nullptr)
      need(EVP_DigestInit_ex2(context.ctx, evp, nullptr) == 1);
    else
      need(blake2b_init(&blake, 32) == 0);
  }
};

hash_stream::hash_stream(std::unique_ptr<state> s) : state_{std::move(s)} {}
hash_stream::hash_stream(hash_stream&&) noexcept = default;
hash_stream& hash_stream::operator=(hash_stream&&) noexcept = default;
hash_stream::~hash_stream() = default;

result<hash_stream> hash_stream::create(std::uint64_t code) {
  auto s = std::make_unique<state>();
  s->evp = evp_digest(code);
  if (s->evp == nullptr && code != hash_code::blake2b_256)
    return unsupported(code);
  s->start();
  return hash_stream{std::move(s)};
}

void hash_stream::update(bytes_view data) {
  if (state_->evp != nullptr)
    need(EVP_DigestUpdate(state_->context.ctx, data.data(), data.size()) == 1);
  else
    need(blake2b_update(&state_->blake, data.data(), data.size()) == 0);
}

hash_digest hash_stream::finish() {
  hash_digest out{state_->evp != nullptr ? static_cast<std::size_t>(EVP_MD_get_size(state_->evp)) : 32};
  if (state_->evp != nullptr)
    need(EVP_DigestFinal_ex(state_->context.ctx, out.span().data(), nullptr) == 1);
  else
    need(blake2b_final(&state_->blake, out.span().data(), 32) == 0);
  state_->start();
  return out;
}

} // namespace weir
