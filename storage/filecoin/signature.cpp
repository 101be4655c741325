#include "storage/filecoin/signature.hpp"

#include <algorithm>

namespace weir::filecoin {

bytes signature_bytes(const signature& s) {
  bytes out(1 + s.data.size(), static_cast<std::uint8_t>(s.kind));
  std::copy(s.data.begin(), s.data.end(), out.begin() + 1);
  return out;
}

result<signature> signature_from_bytes(bytes_view data) {
  if (data.size() < 2 || data.size() > signature::max_size)
    return fail(errc::malformed, "a signature has a wrong length", std::to_string(data.size()),
                std::to_string(signature::max_size));
  if (data[0] < 1 || data[0] > 3)
    return fail(errc::unsupported, "a signature is of an unknown type", std::to_string(data[0]));
  return signature{static_cast<signature::type>(data[0]), to_bytes(data.subspan(1))};
}

void encode(cbor_writer& out, const signature& s) {
  out.byte_string(signature_bytes(s));
}

void decode(cbor_reader& in, signature& s) {
  auto data = in.byte_string(signature::max_size);
  if (!in.ok())
    return;
  auto parsed = signature_from_bytes(data);
  if (parsed)
    s = *std::move(parsed);
  else
    in.refuse(parsed.error());
}

} // namespace weir::filecoin
