#include "messages/types/base64.hpp"

#include "messages/types/multibase.hpp"

namespace weir {

std::string base64_encode(bytes_view data) {
  auto text = base_encode(multibase::base64, data);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

result<bytes> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0)
    return fail(errc::malformed, "This is no padded base64.", std::string{text.substr(0, 100)});
  for (int i = 0; i < 2 && text.ends_with('='); ++i)
    text.remove_suffix(1);
  return base_decode(multibase::base64, text);
}

} // namespace weir
