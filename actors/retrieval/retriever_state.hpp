#pragma once
// The retriever's logic (internal to actors/retrieval; see retriever.hpp).
#include "actors/retrieval/retriever.hpp"
#include "actors/retrieval/sources.hpp"
#include "storage/ipld/links.hpp"
#include "storage/unixfs/tree_reader.hpp"

#include <set>

#include <caf/typed_response_promise.hpp>

namespace weir {

/// A DAG on its way out as a CAR.
struct dag_reading {
  explicit dag_reading(const cid& root) : walk{root} {}

  /// The next part; on an error it can be called again, and goes on.
  status step(const read_dag& wanted, block_source& source);

  dag_walk walk;
  std::shared_ptr<bytes> car; ///< of the part under way
  bytes block;
  std::uint64_t bytes_read = 0;
  bool begun = false, done = false;
};

struct retriever_state {
  explicit retriever_state(retriever_actor::pointer self) : self{self} {}

  struct open_one {
    content what;
    directory_entry entry;
    read_from from = read_from::local_or_provider;
    block_cache cache{16 << 20};
    std::unique_ptr<read_source> source;
    std::set<address> avoid; ///< lied or vanished during this read
    std::set<address> used;
    std::unique_ptr<dag_reading> dag; ///< once it was begun
  };
  using read_ptr = std::shared_ptr<open_one>;
  using attempt = std::function<status()>;
  using finish = std::function<void(const status&)>;

  caf::typed_response_promise<read_ticket> open(const open_read& wanted);
  caf::typed_response_promise<chunk> read(const read_bytes& wanted);
  caf::typed_response_promise<std::vector<directory_entry>> list(const list_folder& wanted);
  caf::typed_response_promise<dag_part> read(const read_dag& wanted);
  void close(const close_read& which);

  /// Does `what`; when a block is missing, fetches it and does it again.
  void with_blocks(read_ptr r, attempt what, finish done);
  void fetch(read_ptr r, const cid& block, bool damaged, finish done);
  void next_source(read_ptr r, const cid& block, bool damaged, std::shared_ptr<std::vector<fetch_range>> sources,
                   std::string problems, finish done);
  void fetched(read_ptr r, const cid& block, bool damaged, const fetch_range& from, bytes data);
  void count(const address& from, const cid& piece, const error& e);
  result<read_ptr> find(std::uint64_t number) const;
  result<content> find_content(const open_read& wanted) const;
  read_ptr make_read(const content& c, read_from from);

  static constexpr const char* name = "retriever";
  retriever_actor::pointer self;
  domain d;
  retriever_parts parts;
  content_options options;
  std::unique_ptr<block_index> index;
  std::unique_ptr<piece_source> pieces;
  std::map<std::uint64_t, read_ptr> reads;
  std::uint64_t last = 0;
};

} // namespace weir
