#pragma once
// Where the node listens. Port 0 takes the port of the last run if that is
// free (providers may still know it), else any. What was bound stands in
// DATA/addresses.json while the node runs, and in DATA/listeners.json for the
// next start.
#include "messages/types/result.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace weir {

class listener_memory {
public:
  explicit listener_memory(const std::filesystem::path& data);

  struct place {
    std::string host;
    std::uint16_t port = 0;
    bool any = false; ///< the port is only a wish
  };
  /// Of HOST:PORT; port 0 becomes the remembered one.
  place place_of(const std::string& name, const std::string& address) const;
  status remember(const std::map<std::string, std::uint16_t>& ports) const;

private:
  std::filesystem::path file_;
  std::map<std::string, std::uint16_t> ports_;
};

/// {"api":URL,…}; durable and whole when it is there.
status write_addresses(const std::filesystem::path& data, const std::map<std::string, std::string>& urls);
void remove_addresses(const std::filesystem::path& data);

} // namespace weir
