#pragma once
// Records with every field set, for tests.
#include "messages/types/records.hpp"

#include <string>
#include <type_traits>
#include <vector>

namespace weir::test {

/// A visitor of `fields` that gives each field a value that is not its default.
struct sampler {
  std::uint64_t seed = 1;

  template <class T>
  void operator()(const char*, T& field, std::uint32_t = 1) {
    ++seed;
    set(field);
  }

  void set(std::string& x) { x = "text " + std::to_string(seed); }
  void set(bytes& x) { x = {0, static_cast<std::uint8_t>(seed), 255}; }
  void set(bool& x) { x = !x; }
  void set(cid& x) { x = cid::v1(codec::raw, hash_code::identity, as_bytes("digest " + std::to_string(seed))); }
  void set(address& x) { x = address::from_id(1000 + seed); }
  void set(token_amount& x) { x = -token_amount{~std::uint64_t{0}} * token_amount{seed}; }
  void set(errc& x) { x = errc::deal_rejected; }
  template <class Tag, class T>
  void set(strong<Tag, T>& x) {
    set(x.value);
  }
  template <class T>
  void set(std::vector<T>& x) {
    x.resize(2);
    for (auto& element : x)
      (*this)("", element);
  }
  template <class T>
  void set(T& x) {
    if constexpr (std::is_enum_v<T>)
      x = static_cast<T>(1);
    else if constexpr (std::is_signed_v<T>)
      x = -static_cast<T>(seed) * 1'000'000'007;
    else if constexpr (std::is_unsigned_v<T>)
      x = static_cast<T>(seed * 31);
    else
      T::fields(x, *this);
  }
};

template <class R>
R sample(std::uint64_t seed = 1) {
  R record;
  sampler fill{seed};
  R::fields(record, fill);
  return record;
}

inline content make_content(const std::string& id, const std::string& bucket = {}) {
  auto c = sample<content>();
  c.id = content_id{id};
  c.bucket = bucket_id{bucket};
  c.cid = cid::v1(codec::raw, hash_code::identity, as_bytes("root of " + id));
  return c;
}

} // namespace weir::test
