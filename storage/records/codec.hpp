#pragma once
// The binary form of a record, made from its `fields` list:
//
//   record  = varint version, its fields in order
//   number  = varint; signed: zigzag; bool: 0 or 1; enumeration: its number,
//             an errc its public name
//   string, bytes, cid, address, token amount = length and bytes
//   struct inside = length and its fields; list = count and elements
//
// An older version leaves the fields that came later at their defaults. A
// newer version is errc::data_too_new. Anything else that does not fit, down
// to one byte too many, is errc::corrupt. Limits: a list has at most as many
// elements as there are bytes left.
#include "messages/types/error.hpp"
#include "messages/types/ffs.hpp"
#include "messages/types/records.hpp"
#include "messages/types/result.hpp"
#include "storage/records/wire.hpp"

#include <concepts>
#include <limits>
#include <type_traits>

namespace weir::records {

/// How many values an enumeration has, for those that records hold.
template <class E>
inline constexpr std::uint64_t enum_size = 0;
template <>
inline constexpr std::uint64_t enum_size<content_state> = static_cast<std::uint64_t>(content_state::removed) + 1;
template <>
inline constexpr std::uint64_t enum_size<bucket_state> = static_cast<std::uint64_t>(bucket_state::complete) + 1;
template <>
inline constexpr std::uint64_t enum_size<bucket_ready> = static_cast<std::uint64_t>(bucket_ready::closed) + 1;
template <>
inline constexpr std::uint64_t enum_size<piece_state> = static_cast<std::uint64_t>(piece_state::retired) + 1;
template <>
inline constexpr std::uint64_t enum_size<deal_state> = static_cast<std::uint64_t>(deal_state::expired) + 1;
template <>
inline constexpr std::uint64_t enum_size<message_state> = static_cast<std::uint64_t>(message_state::failed) + 1;
template <>
inline constexpr std::uint64_t enum_size<content_use> = static_cast<std::uint64_t>(content_use::stage) + 1;
template <>
inline constexpr std::uint64_t enum_size<ffs::job_state> = static_cast<std::uint64_t>(ffs::job_state::done) + 1;
template <>
inline constexpr std::uint64_t enum_size<ffs::job_cause> = static_cast<std::uint64_t>(ffs::job_cause::move) + 1;
template <>
inline constexpr std::uint64_t enum_size<ffs::job_step> = static_cast<std::uint64_t>(ffs::job_step::finish) + 1;

namespace detail {

template <class T>
inline constexpr bool is_strong = false;
template <class Tag, class T>
inline constexpr bool is_strong<strong<Tag, T>> = true;

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = !std::same_as<T, std::uint8_t>;

struct encoder {
  wire_writer& out;

  template <class T>
  void operator()(const char*, const T& field, std::uint32_t = 1) {
    value(field);
  }

  template <class T>
  void value(const T& x) {
    if constexpr (is_strong<T>)
      value(x.value);
    else if constexpr (is_list<T>) {
      out.number(x.size());
      for (auto& element : x)
        value(element);
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, bytes>)
      out.string(x);
    else if constexpr (std::same_as<T, cid> || std::same_as<T, address>)
      out.string(x.data());
    else if constexpr (std::same_as<T, token_amount>)
      out.string(bytes_view{x.to_chain()});
    else if constexpr (std::same_as<T, errc>)
      out.string(to_string(x));
    else if constexpr (std::is_enum_v<T>) {
      static_assert(enum_size<T> != 0, "an enumeration of a record needs its enum_size");
      out.number(static_cast<std::uint64_t>(x));
    } else if constexpr (std::signed_integral<T>)
      out.signed_number(x);
    else if constexpr (std::unsigned_integral<T>)
      out.number(x);
    else {
      wire_writer inside;
      encoder nested{inside};
      T::fields(x, nested);
      out.string(std::string_view{inside.take()});
    }
  }
};

struct decoder {
  wire_reader& in;
  std::uint32_t version; ///< that wrote it; of a struct inside, that of its record

  template <class T>
  void operator()(const char*, T& field, std::uint32_t since = 1) {
    if (since <= version)
      value(field);
  }

  template <class T>
  void value(T& x) {
    if constexpr (is_strong<T>)
      value(x.value);
    else if constexpr (is_list<T>)
      list(x);
    else if constexpr (std::same_as<T, std::string>)
      x = in.string();
    else if constexpr (std::same_as<T, bytes>)
      x = to_bytes(as_bytes(in.string()));
    else if constexpr (std::same_as<T, cid> || std::same_as<T, address>)
      parsed(x, [](bytes_view data) { return data.empty() ? result<T>{T{}} : T::from_bytes(data); });
    else if constexpr (std::same_as<T, token_amount>)
      parsed(x, [](bytes_view data) { return token_amount::from_chain(data); });
    else if constexpr (std::same_as<T, errc>) {
      auto name = in.string();
      x = errc_from_name(name);
      if (to_string(x) != name)
        in.fail();
    } else if constexpr (std::is_enum_v<T>)
      x = static_cast<T>(at_most(enum_size<T> - 1));
    else if constexpr (std::same_as<T, bool>)
      x = at_most(1) != 0;
    else if constexpr (std::signed_integral<T>) {
      static_assert(sizeof(T) == 8);
      x = in.signed_number();
    } else if constexpr (std::unsigned_integral<T>)
      x = static_cast<T>(at_most(std::numeric_limits<T>::max()));
    else
      nested(x);
  }

  std::uint64_t at_most(std::uint64_t limit) {
    auto value = in.number();
    if (value > limit)
      in.fail();
    return in.failed() ? 0 : value;
  }

  template <class T, class Parse>
  void parsed(T& x, Parse parse) {
    auto value = parse(as_bytes(in.string()));
    if (in.failed())
      return;
    if (value)
      x = *std::move(value);
    else
      in.fail();
  }

  template <class T>
  void list(std::vector<T>& x) {
    auto count = at_most(in.left());
    x.clear();
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i)
      value(x.emplace_back());
  }

  template <class T>
  void nested(T& x) {
    wire_reader inside{in.string()};
    decoder next{inside, version};
    T::fields(x, next);
    if (!inside.complete())
      in.fail();
  }
};

} // namespace detail

template <class R>
std::string encode(const R& record) {
  wire_writer out;
  out.number(R::version);
  detail::encoder visitor{out};
  R::fields(record, visitor);
  return out.take();
}

/// errc::data_too_new or errc::corrupt, with neither table nor key: who reads
/// a table adds them.
template <class R>
result<R> decode(std::string_view data) {
  wire_reader in{data};
  auto version = in.number();
  if (!in.failed() && version > R::version)
    return fail(errc::data_too_new, "a record was written by a newer Weir; run that one", std::to_string(version),
                std::to_string(R::version));
  R record;
  detail::decoder visitor{in, static_cast<std::uint32_t>(version)};
  if (version != 0)
    R::fields(record, visitor);
  if (version == 0 || !in.complete())
    return fail(errc::corrupt, "a record does not have its format");
  return record;
}

} // namespace weir::records
