#pragma once
// The part of CBOR (RFC 8949) that Filecoin's chain and markets use: definite
// lengths and the shortest headers only, integers, byte and text strings,
// arrays, maps with text keys, booleans, null, and links (tag 42). Limits are
// those of the Go codec: text 8 KiB, byte strings 2 MiB, 8,192 elements.
#include "messages/types/address.hpp"
#include "messages/types/bytes.hpp"
#include "messages/types/cid.hpp"
#include "messages/types/result.hpp"
#include "messages/types/token_amount.hpp"

namespace weir::filecoin {

inline constexpr std::size_t cbor_max_text = 8192;
inline constexpr std::size_t cbor_max_bytes = 2 << 20;
inline constexpr std::size_t cbor_max_elements = 8192;

class cbor_writer {
public:
  void array(std::size_t elements) { head(4, elements); }
  void map(std::size_t entries) { head(5, entries); }
  void uint(std::uint64_t value) { head(0, value); }
  void integer(std::int64_t value);
  void boolean(bool value) { out_.push_back(value ? 0xf5 : 0xf4); }
  void null() { out_.push_back(0xf6); }
  void byte_string(bytes_view data);
  void text(std::string_view value);
  void link(const cid& target);
  /// Null when `target` is empty.
  void link_or_null(const cid& target);
  void addr(const address& a) { byte_string(a.data()); }
  void amount(const token_amount& a) { byte_string(a.to_chain()); }
  /// Items that are encoded already.
  void raw(bytes_view items) { out_.insert(out_.end(), items.begin(), items.end()); }

  bytes take() { return std::move(out_); }

private:
  void head(unsigned major, std::uint64_t value);
  bytes out_;
};

/// Reads items off the front of borrowed bytes. The first error stays: from
/// then on every read gives an empty value, and `finish` tells what it was.
class cbor_reader {
public:
  explicit cbor_reader(bytes_view data) : rest_{data} {}

  std::size_t array();
  /// An array of exactly so many elements.
  void array(std::size_t elements);
  std::size_t map();
  std::uint64_t uint();
  std::int64_t integer();
  bool boolean();
  bytes_view byte_string(std::size_t max = cbor_max_bytes);
  std::string_view text(std::size_t max = cbor_max_text);
  cid link();
  /// Null gives an empty one.
  cid link_or_null();
  address addr();
  token_amount amount();

  /// The next item is text, not bytes (for unions).
  bool at_text() const { return !rest_.empty() && rest_[0] >> 5 == 3; }
  /// Takes a null, if one is next.
  bool take_null();
  /// One item of whatever kind, at most 32 levels deep.
  void skip();
  /// Takes one item of whatever kind and gives its bytes.
  bytes_view item();

  void refuse(std::string_view why);
  void refuse(error why);
  bool ok() const { return error_.code == errc::none; }
  bytes_view rest() const { return rest_; }
  /// The first error, or one if bytes are left over.
  status finish();

private:
  struct header {
    unsigned major;
    std::uint64_t value;
  };
  header head();
  std::uint64_t expect(unsigned major, const char* what);
  std::size_t count(unsigned major, const char* what);
  bytes_view string(unsigned major, const char* what, std::size_t max);
  void skip(int depth);

  bytes_view rest_;
  error error_{errc::none, {}, {}, {}};
};

} // namespace weir::filecoin
