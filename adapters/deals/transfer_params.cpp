#include "adapters/deals/transfer_params.hpp"

#include <nlohmann/json.hpp>

namespace weir::deals {

using nlohmann::ordered_json;

bytes encode_http_transfer(const http_transfer& t) {
  ordered_json out{{"URL", t.url}, {"Headers", nullptr}};
  for (auto& [name, value] : t.fields)
    out["Headers"][name] = value;
  auto text = out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return to_bytes(as_bytes(text));
}

result<http_transfer> decode_http_transfer(bytes_view params) {
  auto refused = [](const char* why) { return fail(errc::malformed, std::string{"the transfer's params: "} + why); };
  auto parsed = nlohmann::json::parse(params.begin(), params.end(), nullptr, false);
  if (parsed.is_discarded() || !parsed.is_object())
    return refused("no JSON object");
  http_transfer out;
  auto url = parsed.find("URL");
  if (url == parsed.end() || !url->is_string())
    return refused("no URL");
  out.url = url->get<std::string>();
  auto fields = parsed.find("Headers");
  if (fields == parsed.end() || fields->is_null())
    return out;
  if (!fields->is_object())
    return refused("Headers is no object");
  for (auto& [name, value] : fields->items()) {
    if (!value.is_string())
      return refused("a header's value is no text");
    out.fields.emplace(name, value.get<std::string>());
  }
  return out;
}

} // namespace weir::deals
