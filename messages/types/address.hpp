#pragma once
// Filecoin addresses in their binary form. Text needs a checksum (BLAKE2b):
// storage/filecoin/address_text.hpp.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"
#include "messages/types/varint.hpp"

#include <compare>
#include <functional>
#include <string>

namespace weir {

/// Protocol byte and payload; empty is "undefined".
class address {
public:
  enum class protocol : std::uint8_t { id = 0, secp256k1 = 1, actor = 2, bls = 3, delegated = 4 };

  address() = default;
  static address from_id(std::uint64_t id) {
    address a;
    a.data_.push_back('\0');
    put_varint(a.data_, id);
    return a;
  }
  /// Whole binary form with the right length for its protocol.
  static result<address> from_bytes(bytes_view data);

  bool empty() const { return data_.empty(); }
  protocol kind() const { return static_cast<protocol>(data_[0]); }
  bytes_view data() const { return as_bytes(data_); }
  bytes_view payload() const { return data().subspan(1); }
  /// Of an id address.
  std::uint64_t id() const {
    auto rest = payload();
    return take_varint(rest).value_or(0);
  }

  friend bool operator==(const address&, const address&) = default;
  friend auto operator<=>(const address&, const address&) = default;

private:
  friend struct std::hash<address>;
  std::string data_;
};

} // namespace weir

template <>
struct std::hash<weir::address> {
  std::size_t operator()(const weir::address& a) const { return std::hash<std::string>{}(a.data_); }
};
