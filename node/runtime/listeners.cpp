#include "node/runtime/listeners.hpp"

#include "adapters/http/url.hpp"
#include "node/json/value.hpp"
#include "node/json/writer.hpp"
#include "storage/support/file.hpp"

namespace weir {

namespace {

std::filesystem::path addresses_file(const std::filesystem::path& data) {
  return data / "addresses.json";
}

} // namespace

listener_memory::listener_memory(const std::filesystem::path& data) : file_{data / "listeners.json"} {
  auto text = read_small_file(file_);
  auto known = text ? json::parse(*text) : result<json::value>{json::value{}};
  if (known) // only a convenience: what cannot be read is forgotten
    for (const auto& [name, port] : known->members)
      ports_[name] = static_cast<std::uint16_t>(port.u64().value_or(0));
}

listener_memory::place listener_memory::place_of(const std::string& name, const std::string& address) const {
  auto where = http::parse_host_port(address);
  if (!where)
    return {address, 0, false};
  if (where->port != 0)
    return {where->host, where->port, false};
  auto known = ports_.find(name);
  return {where->host, known == ports_.end() ? std::uint16_t{0} : known->second, true};
}

status listener_memory::remember(const std::map<std::string, std::uint16_t>& ports) const {
  json::writer w;
  w.begin_object();
  for (const auto& [name, port] : ports)
    w.member(name, port);
  w.end_object();
  return write_file_durably(file_, as_bytes(w.text()));
}

status write_addresses(const std::filesystem::path& data, const std::map<std::string, std::string>& urls) {
  json::writer w;
  w.begin_object();
  for (const auto& [name, url] : urls)
    w.member(name, url);
  w.end_object();
  return write_file_durably(addresses_file(data), as_bytes(w.text()));
}

void remove_addresses(const std::filesystem::path& data) {
  std::error_code ignored;
  std::filesystem::remove(addresses_file(data), ignored);
}

} // namespace weir
