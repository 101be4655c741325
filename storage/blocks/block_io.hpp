#pragma once
// Where blocks come from and go to. Readers and writers of UnixFS, CAR and
// DAGs know only these two, so that a file can be read from the store, from a
// piece, from a provider, or from a map in a test.
#include "messages/types/cid.hpp"

namespace weir {

/// Largest block that is read or written; Kubo and Bitswap refuse larger ones.
inline constexpr std::size_t max_block_size = 2 << 20;

class block_source {
public:
  virtual ~block_source() = default;

  /// The block's bytes in `out`, whose capacity is reused. Identity CIDs carry
  /// their block and are answered here. Errors: errc::not_found and
  /// errc::corrupt with the CID as value; whatever the source itself meets.
  status get(const cid& id, bytes& out);
  result<bytes> get(const cid& id);
  /// How long the block is, where the source knows it without reading it.
  result<std::uint64_t> size_of(const cid& id);

private:
  /// Only verified bytes may be given out.
  virtual status read(const cid& id, bytes& out) = 0;
  virtual result<std::uint64_t> measure(const cid& id);
};

class block_sink {
public:
  virtual ~block_sink() = default;

  /// Takes a block that its caller has hashed: `id` is trusted. Identity
  /// blocks are not stored.
  status put(const cid& id, bytes_view block);

private:
  virtual status write(const cid& id, bytes_view block) = 0;
};

/// The error of a source that does not have the block.
error block_not_found(const cid& id);

} // namespace weir
