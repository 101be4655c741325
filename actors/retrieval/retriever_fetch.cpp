// How the retriever gets a block that is not here: by range, from one provider
// after the other, until the bytes are what the CID says.
#include "actors/retrieval/retriever_state.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/hash/block_cid.hpp"

namespace weir {

namespace {

constexpr std::chrono::seconds fetch_time{120};

/// A file of the user that is not what it was: he can do something about it.
bool names_a_file(const status& s, const cid& block) {
  return !s && s.error().code == errc::corrupt && s.error().value != block.text();
}

} // namespace

void retriever_state::with_blocks(read_ptr r, attempt what, finish done) {
  r->source->reset();
  auto s = what();
  auto missing = r->source->missing();
  bool may_fetch = !missing.empty() && parts.fetcher && (r->from != read_from::local || r->source->damaged());
  if (s || !may_fetch) {
    done(s);
    return;
  }
  fetch(r, missing, r->source->damaged(), [this, r, what, done, s, missing](const status& got) {
    if (got)
      with_blocks(r, what, done);
    else
      done(names_a_file(s, missing) ? s : got);
  });
}

void retriever_state::fetch(read_ptr r, const cid& block, bool damaged, finish done) {
  // A range has at least one byte: the empty block is known without asking.
  if (verify_block(block, {})) {
    r->cache.put(block, {});
    done({});
    return;
  }
  auto ranges = ranges_of(*d.look(), *index, block, r->avoid);
  if (!ranges) {
    done(ranges.error());
    return;
  }
  // Whoever gave the last block gives the next one too.
  std::stable_partition(ranges->begin(), ranges->end(), [&](auto& x) { return r->used.contains(x.from.provider); });
  next_source(r, block, damaged, std::make_shared<std::vector<fetch_range>>(*std::move(ranges)), {}, std::move(done));
}

void retriever_state::next_source(read_ptr r, const cid& block, bool damaged,
                                  std::shared_ptr<std::vector<fetch_range>> sources, std::string problems,
                                  finish done) {
  if (sources->empty()) {
    auto what = problems.empty() ? "Nobody who can be asked has the block." : "No provider could give the block:";
    done(fail(errc::unreachable, what + problems, block.text()));
    return;
  }
  auto range = sources->front();
  sources->erase(sources->begin());
  auto failed = [this, r, block, damaged, sources, range, problems, done](const error& e) {
    r->avoid.insert(range.from.provider);
    count(range.from.provider, range.piece, e);
    next_source(r, block, damaged, sources, problems + " " + filecoin::to_text(range.from.provider) + ": " + e.message,
                done);
  };
  self->request(parts.fetcher, fetch_time, range)
      .then(
          [this, r, block, damaged, range, failed, done](const chunk& data) {
            if (!data || !verify_block(block, *data)) {
              failed(fail(errc::corrupt, "What it gave is not the block."));
              return;
            }
            fetched(r, block, damaged, range, *data);
            done({});
          },
          [failed](const caf::error& e) { failed(from_caf(e)); });
}

void retriever_state::fetched(read_ptr r, const cid& block, bool damaged, const fetch_range& from, bytes data) {
  if (damaged && r->what.local)
    self->send(parts.mender, atom::commit_v, block, chunk{std::make_shared<bytes>(data)});
  if (r->used.insert(from.from.provider).second)
    count(from.from.provider, from.piece, fail(errc::none));
  r->cache.put(block, std::move(data));
}

void retriever_state::count(const address& from, const cid& piece_id, const error& e) {
  auto counted = std::make_shared<bool>(false);
  auto build = [counted, from, piece_id, e](const records::reader& newest) -> result<transaction_builder> {
    return std::exchange(*counted, true) ? transaction_builder{} : count_retrieval(newest, from, piece_id, e);
  };
  d.commits.commit(self, build, [](const status&) {});
}

} // namespace weir
