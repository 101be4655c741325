#pragma once
// Blocks in a map: for small DAGs in tests and for building before storing.
// Not for data of any size.
#include "storage/blocks/block_io.hpp"

#include <unordered_map>

namespace weir {

class memory_blocks : public block_source, public block_sink {
public:
  std::size_t count() const { return blocks_.size(); }
  bool has(const cid& id) const { return blocks_.count(key(id)) > 0; }
  void erase(const cid& id) { blocks_.erase(key(id)); }
  /// To damage it in tests; null when there is none.
  bytes* find(const cid& id);

private:
  static std::string key(const cid& id) { return std::string{as_text(id.multihash())}; }
  status read(const cid& id, bytes& out) override;
  status write(const cid& id, bytes_view block) override;

  std::unordered_map<std::string, bytes> blocks_;
};

} // namespace weir
